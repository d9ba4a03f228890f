//! What `stat` tells of a file on a disk.
//!
//! What Windows has no word for is derived. Mode: directories 0755; files 0644, or 0444 with the read-only attribute; and
//! 0111 for programs: names ending in `.exe`, `.com`, `.bat` or `.cmd`, and files whose content starts as a program's (ELF,
//! `#!`, MZ) and whose name has no dot, a number behind the last one, or an ending usual for scripts and ELF programs. `chmod`
//! sets the read-only attribute from the owner's write bit; what it says of execution this process alone knows ([`execute`]). For other
//! names nothing is read.

use alloc::vec::Vec;
use core::sync::atomic::Ordering;

use platform::abi::file_type;
use platform::{Result, Stat};
use windows_sys::Win32::Storage::FileSystem::FILE_ATTRIBUTE_READONLY;

use super::open_file::OpenFile;
use super::{execute, links};
use crate::pure::file_time as convert;
use crate::pure::path::last_name;
use crate::pure::utf16;
use crate::sys::native::attributes::Kind;
use crate::sys::native::file_id::FileId;
use crate::sys::native::information::Information;
use crate::sys::native::nt::{self, Handle};
use crate::sys::process::identity;

/// What is told of an open file in the guest's words. `is_program` is asked for files only.
fn told(about: &Information, id: FileId, handle: &Handle, is_program: impl FnOnce() -> bool) -> Stat {
    // Asked before another look.
    let accessed = execute::accessed(id, about.accessed);
    let mode = match about.kind {
        Kind::Link => file_type::SYMLINK | 0o777,
        Kind::Directory | Kind::MountPoint => file_type::DIRECTORY | 0o755,
        Kind::File => {
            let write = if about.attributes.flags & FILE_ATTRIBUTE_READONLY == 0 { 0o200 } else { 0 };
            file_type::REGULAR | 0o444 | write | if is_program() { 0o111 } else { 0 }
        }
    };
    let ids = identity::ids();
    Stat {
        dev: id.volume,
        ino: id.number,
        rdev: 0,
        nlink: u64::from(about.links),
        mode,
        uid: ids.uid,
        gid: ids.gid,
        blksize: 4096,
        size: if about.kind == Kind::Link { link_length(handle) } else { about.size },
        blocks: (about.allocated + 511) / 512,
        accessed: convert::to_timespec(accessed),
        modified: convert::to_timespec(about.modified),
        changed: convert::to_timespec(about.changed),
    }
}

fn link_length(handle: &Handle) -> i64 {
    links::target(handle).map_or(0, |target| target.len() as i64)
}

/// `stat` of what is open to ask about it, by this last name and on this volume.
pub fn of_named(about: &Information, handle: &Handle, name: &[u16], volume: u64) -> Stat {
    let id = FileId::told(handle, volume, about.number);
    told(about, id, handle, || execute::is_program(handle, about, id, name, |start| execute::read(handle, start)))
}

/// `fstat` of a file or directory.
pub fn of_open_file(file: &OpenFile) -> Result<Stat> {
    let handle = file.handle()?;
    let volume = file.volume();
    let about = Information::of(handle, volume)?;
    let id = FileId::told(handle, volume, about.number);
    // A file without a name any more cannot be opened again.
    let read = |start: &mut [u8]| {
        if file.readable() { file.read_at(start, 0).ok() } else { execute::read(handle, start) }
    };
    let is_program = || execute::is_program(handle, &about, id, &name_of(file, handle), read);
    let mut found = told(&about, id, handle, is_program);
    found.nlink = found.nlink.saturating_sub(file.gone.load(Ordering::Relaxed).into());
    Ok(found)
}

/// The last name of an open file: of the path that led to it, else as Windows knows it.
fn name_of(file: &OpenFile, handle: &Handle) -> Vec<u16> {
    if let Some(name) = file.name() {
        let last = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        return utf16::to_wide(last).unwrap_or_default();
    }
    last_name(&nt::final_path(handle).unwrap_or_default()).to_vec()
}
