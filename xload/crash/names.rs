//! Names for addresses: files, and functions in them.

use core::fmt::Write;

use platform::{Crash, Map, Platform, abi};

use super::output::Output;
use crate::elf::Sections;
use crate::error::Text;
use crate::files::base_name;
use crate::link::{Object, Opened};
use crate::payload::Payload;

/// Longest name that is written: those of C++ templates may fill a screen.
const NAME_BYTES: usize = 200;

/// Where names come from.
pub(super) struct Names<'p, P> {
    pub platform: &'p P,
    /// What the loader's own file holds.
    pub payload: Option<&'p Payload>,
    /// Whether files may be opened: most functions stand in the symbol table that is not loaded.
    pub may_open: bool,
}

impl<P: Platform> Names<'_, P> {
    /// Hands the sections of the file that was loaded, where it can still be read, to `look`.
    #[cold]
    pub(super) fn with_sections(&self, object: &Object, look: &mut dyn FnMut(&Sections<'_>)) {
        let open = || {
            let member = self.payload.and_then(|payload| payload.reopen(self.platform, object.name()));
            member.unwrap_or_else(|| Opened::open(self.platform, object.name())).ok()
        };
        let Some(opened) = self.may_open.then(open).flatten() else { return };
        let length = usize::try_from(opened.stat.size).unwrap_or(0);
        let is_same = opened.identity() == object.identity && length != 0;
        let request = Map {
            address: 0,
            length,
            protection: abi::protection::READ,
            flags: abi::mapping::PRIVATE,
            fd: opened.fd,
            offset: opened.offset,
        };
        let address = is_same.then(|| self.platform.map(request).ok()).flatten();
        // The descriptor was only read from.
        let _ = self.platform.close(opened.fd);
        let Some(address) = address else { return };
        // SAFETY: a new mapping of so many bytes of a file, which stays until it is unmapped below.
        let bytes = unsafe { core::slice::from_raw_parts(address as *const u8, length) };
        if let Some(sections) = Sections::parse(bytes) {
            look(&sections);
        }
        // What cannot be unmapped stays for the rest of the process, which is short.
        let _ = self.platform.unmap(address, length);
    }

    /// Writes `file+offset (function+offset)`, as far as they are known.
    pub(super) fn write(&self, output: &mut Output, object: Option<&Object>, crash: &Crash, address: usize) {
        // An `Output` takes everything.
        let Some((object, own)) = object.and_then(|object| Some((object, object.own_address(address)?))) else {
            let _ = match address.checked_sub(crash.loader.start).filter(|_| crash.loader.contains(&address)) {
                Some(offset) => write!(output, "xload+{offset:#x} (the loader)"),
                None => write!(output, "{address:#x} (in no file)"),
            };
            return;
        };
        let _ = write!(output, "{}+{own:#x}", Text(base_name(object.name())));
        let mut is_named = false;
        let mut write_name = |name: &[u8], start: u64| {
            is_named = true;
            let name = Text(name.get(..NAME_BYTES).unwrap_or(name));
            let _ = write!(output, " ({name}+{:#x})", own.wrapping_sub(start));
        };
        self.with_sections(object, &mut |sections| {
            if let Some((name, start)) = sections.function_at(own) {
                write_name(name, start);
            }
        });
        let symbols = &object.dynamic.symbols;
        if !is_named
            && let Some(symbol) = symbols.at(own)
            && let Ok(name) = symbols.name(symbol)
        {
            let name = Text(name.get(..NAME_BYTES).unwrap_or(name));
            let _ = write!(output, " ({name}+{:#x})", own.wrapping_sub(symbol.value()));
        }
    }
}
