//! What an ELF file says of the libraries that it needs.

use anyhow::{Context, Result, bail};
use distx_toolchain::target::Cpu;
use object::LittleEndian as LE;
use object::elf::{self, FileHeader64};
use object::read::StringTable;
use object::read::elf::{Dyn as _, FileHeader as _, ProgramHeader as _};

/// The library that the loader itself is.
const OWN_LIBRARY: &str = "_xload";

/// A program or library.
#[derive(Debug)]
pub struct Elf {
    pub cpu: Cpu,
    pub soname: Option<String>,
    /// DT_NEEDED in order, under the names that the loader looks for.
    pub needed: Vec<String>,
    /// The folders of DT_RUNPATH, as written.
    pub runpath: Vec<String>,
}

impl Elf {
    /// Reads the dynamic section.
    ///
    /// # Errors
    /// Not a position independent 64-bit ELF file for a CPU of ours, or damaged.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        if !bytes.starts_with(&elf::ELFMAG) {
            bail!("not an ELF file");
        }
        let header = FileHeader64::<LE>::parse(bytes).context("not a 64-bit ELF file")?;
        if header.e_type(LE) != elf::ET_DYN {
            bail!("not position independent: link it with `distx cc` or `distx c++`");
        }
        let cpu = match header.e_machine(LE) {
            elf::EM_X86_64 => Cpu::X86_64,
            elf::EM_AARCH64 => Cpu::Aarch64,
            _ => bail!("made for a CPU that no loader exists for"),
        };
        let segments = header.program_headers(LE, bytes).context("damaged ELF file")?;
        let dynamic = segments.iter().find_map(|segment| segment.dynamic(LE, bytes).transpose());
        let dynamic = dynamic.context("no dynamic section")?.context("damaged ELF file")?;
        let value = |tag| dynamic.iter().find(|entry| entry.tag(LE) == tag).map(|entry| entry.val(LE));
        let at = value(elf::DT_STRTAB).context("no strings in the dynamic section")?;
        let length = value(elf::DT_STRSZ).context("no strings in the dynamic section")?;
        let strings = segments
            .iter()
            .filter(|segment| segment.p_type(LE) == elf::PT_LOAD)
            .find_map(|segment| segment.data_range(LE, bytes, at, length).ok().flatten())
            .context("damaged ELF file: the dynamic strings lie outside")?;
        let strings = StringTable::new(strings, 0, strings.len() as u64);
        let all = |tag| -> Result<Vec<String>> {
            let entries = dynamic.iter().filter(|entry| entry.tag(LE) == tag);
            entries.map(|entry| Ok(String::from_utf8(entry.string(LE, strings)?.to_vec())?)).collect()
        };
        let runpath = all(elf::DT_RUNPATH)?.first().map(|list| list.split(':').map(String::from).collect());
        let needed = all(elf::DT_NEEDED)?.into_iter().filter(|name| name != OWN_LIBRARY).map(plain_name).collect();
        Ok(Self { cpu, soname: all(elf::DT_SONAME)?.pop(), needed, runpath: runpath.unwrap_or_default() })
    }
}

/// Names that stand for others: what a stock musl toolchain writes for the C library.
fn plain_name(name: String) -> String {
    if name.starts_with("libc.musl-") || name.starts_with("ld-musl-") { "libc.so".into() } else { name }
}
