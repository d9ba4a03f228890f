//! How a static-pie program without a C library comes up. Own, not `origin`'s: its relocation of a static-pie needs nightly
//! Rust, it (0.26) does not build with rustix 1.1.6, which renamed the module it needs, and its threads do not fit (`threads`).
//!
//! [`program!`](crate::program) defines `_start`; nothing else in the package does, so that it also links into hosted programs.

use core::ffi::{CStr, c_char};
use core::ops::Range;
use platform::Fd;

use crate::executed;
use crate::sys::{kernel, last};
use linux_raw_sys::elf::{
    DT_NULL, DT_RELA, DT_RELASZ, Elf_Dyn, Elf_Ehdr, Elf_Phdr, Elf_Rela, PT_GNU_RELRO, PT_INTERP, PT_PHDR,
};

/// Tags of the packed relative relocations (generic ABI, 2022).
const DT_RELR: usize = 36;
const DT_RELRSZ: usize = 35;

#[cfg(target_arch = "x86_64")]
const RELATIVE: u32 = 8;
#[cfg(target_arch = "aarch64")]
const RELATIVE: u32 = 1027;

/// What the kernel hands to a program.
#[derive(Clone, Debug)]
pub struct Arguments {
    /// Number of arguments, with the program's name.
    pub count: usize,
    /// The arguments and a null pointer, for the life of the process.
    pub values: *const *const c_char,
    /// The environment and a null pointer, for the life of the process.
    pub environment: *const *const c_char,
    /// The program file, opened: where binfmt_misc started this program as its interpreter (AT_EXECFD).
    pub opened: Option<Fd>,
    /// binfmt_misc kept the caller's `argv[0]` and put the program's path before it (AT_FLAGS, bit 0).
    pub keeps_name: bool,
    /// The program file: where the kernel started this program as the interpreter that the file names (PT_INTERP). All
    /// arguments are the file's own then.
    pub interpreted: Option<&'static CStr>,
    /// The program headers of that file, which the kernel has mapped.
    pub mapped: Option<&'static [u8]>,
    /// Where this program lies in memory.
    pub base: usize,
    /// Its dynamic section.
    pub dynamic: usize,
    /// Its pages that need not be writable any more (PT_GNU_RELRO). They still are: `dynamic` is among them.
    pub read_only: Range<usize>,
}

/// Defines `_start` of a static-pie program (link with `-nostartfiles`); it runs `main(Arguments) -> i32` and ends the process.
#[macro_export]
macro_rules! program {
    ($main:path) => {
        extern "C" fn begin(stack: *const usize, base: usize, dynamic: usize) -> ! {
            // SAFETY: `_start` below relocated the program and passes what the kernel and the linker made.
            let arguments = unsafe { $crate::start::prepare(stack, base, dynamic) };
            $crate::start::finish($main(arguments))
        }
        #[cfg(target_arch = "x86_64")]
        core::arch::global_asm!(
            ".global _start",
            ".hidden __ehdr_start",
            ".hidden _DYNAMIC",
            ".type _start, @function",
            "_start:",
            "xor ebp, ebp",
            "mov rbx, rsp",
            "and rsp, -16",
            "lea rdi, [rip + __ehdr_start]",
            "lea rsi, [rip + _DYNAMIC]",
            "call {relocate}",
            "mov rdi, rbx",
            "lea rsi, [rip + __ehdr_start]",
            "lea rdx, [rip + _DYNAMIC]",
            "call {begin}",
            "ud2",
            ".size _start, . - _start",
            relocate = sym $crate::start::relocate,
            begin = sym begin,
        );
        #[cfg(target_arch = "aarch64")]
        core::arch::global_asm!(
            ".global _start",
            ".hidden __ehdr_start",
            ".hidden _DYNAMIC",
            ".type _start, @function",
            "_start:",
            "mov x29, xzr",
            "mov x30, xzr",
            "mov x19, sp",
            "and sp, x19, #-16",
            "adrp x0, __ehdr_start",
            "add x0, x0, :lo12:__ehdr_start",
            "adrp x1, _DYNAMIC",
            "add x1, x1, :lo12:_DYNAMIC",
            "bl {relocate}",
            "mov x0, x19",
            "adrp x1, __ehdr_start",
            "add x1, x1, :lo12:__ehdr_start",
            "adrp x2, _DYNAMIC",
            "add x2, x2, :lo12:_DYNAMIC",
            "bl {begin}",
            "brk 1",
            ".size _start, . - _start",
            relocate = sym $crate::start::relocate,
            begin = sym begin,
        );
    };
}

/// Readies rustix and the first thread.
///
/// # Safety
/// Called once, at the start of the relocated program: `stack` as the kernel left it, `base` the load address, `dynamic` the
/// program's `_DYNAMIC`.
#[doc(hidden)]
pub unsafe fn prepare(stack: *const usize, base: usize, dynamic: usize) -> Arguments {
    // SAFETY: the kernel's layout: count, arguments, null, environment, null, auxiliary vector.
    unsafe {
        let count = stack.read();
        let values = stack.add(1).cast::<*const c_char>();
        let environment = values.add(count + 1);
        rustix::param::init(environment.cast_mut().cast());
        let auxiliary = auxiliary(environment);
        // The last thing on the stack is the name that was executed.
        let path = rustix::param::linux_execfn();
        // Without an interpreter there is no base of one.
        let interprets = auxiliary.base != 0 && auxiliary.base == base;
        executed::set_secure(auxiliary.is_secure());
        if interprets {
            executed::set_interpreter(interpreter(auxiliary.headers, auxiliary.header_count));
        } else if count > 0
            && !auxiliary.is_secure()
            && path.to_bytes().starts_with(b"/")
            && is_own(path.to_bytes(), CStr::from_ptr(values.read()).to_bytes())
        {
            executed::set_path(path);
        }
        let canary = match auxiliary.random {
            0 => 0,
            bytes => core::ptr::with_exposed_provenance::<usize>(bytes).read_unaligned(),
        };
        // The lowest byte is 0 so that a string cannot bring the canary along.
        crate::control::adopt_main(path.to_bytes_with_nul().as_ptr_range().end.addr(), canary & !0xff);
        Arguments {
            count,
            values,
            environment,
            opened: auxiliary.opened,
            keeps_name: auxiliary.flags & 1 != 0,
            interpreted: interprets.then_some(path),
            mapped: interprets.then(|| auxiliary.headers()),
            base,
            dynamic,
            read_only: relro(base),
        }
    }
}

/// # Safety
/// `base` is this program's load address.
unsafe fn relro(base: usize) -> Range<usize> {
    // SAFETY: caller contract: the file header and the program headers lie in the first segment.
    let headers = unsafe {
        let header = &*core::ptr::with_exposed_provenance::<Elf_Ehdr>(base);
        let table = core::ptr::with_exposed_provenance::<Elf_Phdr>(base + header.e_phoff);
        core::slice::from_raw_parts(table, header.e_phnum.into())
    };
    let page = rustix::param::page_size();
    // A segment starts there, with a page of its own; what shares the last page stays writable.
    let pages = |header: &Elf_Phdr| {
        let start = base + header.p_vaddr;
        start & !(page - 1)..(start + header.p_memsz) & !(page - 1)
    };
    headers.iter().find(|header| header.p_type == PT_GNU_RELRO).map(pages).unwrap_or_default()
}

/// What this file wants of the auxiliary vector.
#[derive(Default)]
struct Auxiliary {
    /// 16 random bytes.
    random: usize,
    opened: Option<Fd>,
    flags: usize,
    /// Where the interpreter lies.
    base: usize,
    /// Program headers of the file that was executed.
    headers: usize,
    header_count: usize,
    secure: bool,
    /// User, effective user, group, effective group.
    ids: [usize; 4],
}

impl Auxiliary {
    /// # Safety
    /// Made by [`auxiliary`] of the kernel's vector.
    unsafe fn headers(&self) -> &'static [u8] {
        let bytes = self.header_count * size_of::<Elf_Phdr>();
        // SAFETY: caller contract: the program headers of the executed file, which stays mapped.
        unsafe { core::slice::from_raw_parts(core::ptr::with_exposed_provenance(self.headers), bytes) }
    }

    fn is_secure(&self) -> bool {
        let [uid, euid, gid, egid] = self.ids;
        self.secure || uid != euid || gid != egid
    }
}

/// Whether the path that was executed is this program's, by the name that it was given: as the caller wrote it, or as a shell
/// found it in PATH. Under binfmt_misc the path is that of the program, or of a script for it, and the name is that of this one.
fn is_own(executed: &[u8], name: &[u8]) -> bool {
    executed == name || !name.contains(&b'/') && executed.rsplit(|byte| *byte == b'/').next() == Some(name)
}

/// # Safety
/// `headers` is the address of `count` program headers in a mapped file with PT_PHDR.
unsafe fn interpreter(headers: usize, count: usize) -> *const c_char {
    // SAFETY: caller contract.
    let headers =
        unsafe { core::slice::from_raw_parts(core::ptr::with_exposed_provenance::<Elf_Phdr>(headers), count) };
    let of = |kind| headers.iter().find(|header| header.p_type == kind).map(|header| header.p_vaddr);
    match (of(PT_PHDR), of(PT_INTERP)) {
        (Some(own), Some(path)) => {
            core::ptr::with_exposed_provenance(core::ptr::from_ref(headers).addr().wrapping_sub(own).wrapping_add(path))
        }
        _ => core::ptr::null(),
    }
}

/// # Safety
/// `environment` is the kernel's, with the auxiliary vector behind it.
unsafe fn auxiliary(environment: *const *const c_char) -> Auxiliary {
    const AT_NULL: usize = 0;
    const AT_EXECFD: usize = 2;
    const AT_PHDR: usize = 3;
    const AT_PHNUM: usize = 5;
    const AT_BASE: usize = 7;
    const AT_FLAGS: usize = 8;
    const AT_UID: usize = 11;
    const AT_EGID: usize = 14;
    const AT_SECURE: usize = 23;
    const AT_RANDOM: usize = 25;
    let mut found = Auxiliary::default();
    // SAFETY: caller contract: both lists end with a zero.
    unsafe {
        let mut at = environment;
        while !at.read().is_null() {
            at = at.add(1);
        }
        let mut entry = at.add(1).cast::<[usize; 2]>();
        loop {
            match entry.read() {
                [AT_EXECFD, fd] => found.opened = Some(fd as Fd),
                [AT_PHDR, address] => found.headers = address,
                [AT_PHNUM, count] => found.header_count = count,
                [AT_BASE, address] => found.base = address,
                [AT_FLAGS, flags] => found.flags = flags,
                [id @ AT_UID..=AT_EGID, value] => found.ids[id - AT_UID] = value,
                [AT_SECURE, secure] => found.secure = secure != 0,
                [AT_RANDOM, bytes] => found.random = bytes,
                [AT_NULL, _] => return found,
                _ => {}
            }
            entry = entry.add(1);
        }
    }
}

/// Ends the process after `main`.
#[doc(hidden)]
pub fn finish(code: i32) -> ! {
    last(kernel::__NR_exit_group, code)
}

/// Applies the program's own relative relocations, the only kind that a static-pie has. `_start` calls it by its address: a call
/// from another crate may go through a table of addresses, which is what is relocated here.
///
/// # Safety
/// Only `_start` calls it: `base` is the program's load address, `dynamic` its `_DYNAMIC`.
#[doc(hidden)]
pub unsafe extern "C" fn relocate(base: usize, mut dynamic: *const Elf_Dyn) {
    let (mut rela, mut rela_bytes, mut relr, mut relr_bytes) = (0, 0, 0, 0);
    // SAFETY: the linker ends the list with DT_NULL.
    unsafe {
        while (*dynamic).d_tag != DT_NULL {
            let value = (*dynamic).d_un.d_val as usize;
            match (*dynamic).d_tag {
                DT_RELA => rela = value,
                DT_RELASZ => rela_bytes = value,
                DT_RELR => relr = value,
                DT_RELRSZ => relr_bytes = value,
                _ => {}
            }
            dynamic = dynamic.add(1);
        }
    }
    let at = |address: usize| core::ptr::with_exposed_provenance_mut::<usize>(base + address);
    for index in 0..rela_bytes / size_of::<Elf_Rela>() {
        // SAFETY: the linker's table, inside the image.
        unsafe {
            let entry = at(rela).cast::<Elf_Rela>().add(index);
            if (*entry).r_info as u32 == RELATIVE {
                at((*entry).r_offset).write(base.wrapping_add((*entry).r_addend));
            }
        }
    }
    // An even word is an address; an odd one says which of the 63 words after the last need the base too.
    let mut next = at(0);
    for index in 0..relr_bytes / size_of::<usize>() {
        // SAFETY: as above.
        unsafe {
            let entry = at(relr).add(index).read();
            if entry & 1 == 0 {
                next = at(entry);
                next.write(next.read().wrapping_add(base));
                next = next.add(1);
            } else {
                for bit in 0..63 {
                    if entry >> (bit + 1) & 1 != 0 {
                        let word = next.add(bit);
                        word.write(word.read().wrapping_add(base));
                    }
                }
                next = next.add(63);
            }
        }
    }
}
