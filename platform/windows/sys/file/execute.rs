//! Permission to execute. Windows has no such bit that a program could change: a file's name and contents tell, unless this process
//! gave or took the permission, which it alone knows then.
//!
//! Contents are looked at as little as can be: of names that programs have, of files that are on this machine, and once for each
//! version of a file. What a look costs is more than the read: virus scanners wake, and a cloud's file would be fetched.

use alloc::vec::Vec;

use platform::Result;
use windows_sys::Wdk::Storage::FileSystem::{FILE_BASIC_INFORMATION, FileBasicInformation};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_OFFLINE, FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS, FILE_ATTRIBUTE_RECALL_ON_OPEN, FILE_READ_DATA,
};

use crate::sys::native::attributes::Kind;
use crate::sys::native::file_id::FileId;
use crate::sys::native::information::Information;
use crate::sys::native::nt::{self, Handle};
use crate::sys::native::sync::Mutex;
use crate::sys::native::volume;

/// What this process said of files, the oldest first.
static SAID: Mutex<Vec<(FileId, bool)>> = Mutex::new(Vec::new());

/// A look at the start of a file.
struct Look {
    id: FileId,
    /// Size and times of change: the content that was looked at.
    version: [i64; 3],
    /// It starts as a program's.
    program: bool,
    /// The time of the last access before the look, and the one that the file system made of it.
    accessed: [i64; 2],
}

/// The oldest look first, one for each file.
static LOOKS: Mutex<Vec<Look>> = Mutex::new(Vec::new());

/// Adds to a list that forgets the oldest.
fn keep<T>(list: &mut Vec<T>, most: usize, new: T) {
    if list.len() == most {
        list.remove(0);
    }
    list.push(new);
}

/// A file got this mode: a new one (`made`), or by `chmod`.
pub fn set(file: &Handle, mode: u32, made: bool) {
    const MOST: usize = 64;
    let allowed = mode & 0o111 != 0;
    if made && !allowed && SAID.lock().is_empty() {
        // Its contents will tell.
        return;
    }
    let Ok(id) = FileId::of(file) else { return };
    let mut said = SAID.lock();
    said.retain(|said| said.0 != id);
    if !made || allowed {
        keep(&mut said, MOST, (id, allowed));
    }
}

/// The ending of a file's name, in lower case; `None` without a dot.
fn ending(name: &[u16]) -> Option<Vec<u8>> {
    let dot = name.iter().rposition(|unit| *unit == b'.' as u16)?;
    let lower = |unit: &u16| u8::try_from(*unit).map_or(b'?', |byte| byte.to_ascii_lowercase());
    Some(name.get(dot + 1..)?.iter().map(lower).collect())
}

/// Whether every file with such a name is a program.
fn is_always_program(name: &[u16]) -> bool {
    ending(name).is_some_and(|ending| matches!(&ending[..], b"exe" | b"com" | b"bat" | b"cmd"))
}

/// Whether the content of a file with this name decides: only names that programs and scripts have.
fn is_candidate(name: &[u16]) -> bool {
    match ending(name) {
        _ if name.is_empty() => false,
        None => true,
        Some(ending) => {
            matches!(&ending[..], b"out" | b"elf" | b"sh" | b"py" | b"pl" | b"lua" | b"guess" | b"sub")
                || ending.iter().all(u8::is_ascii_digit)
        }
    }
}

/// Whether an open file of this name may be executed.
pub fn may_run(handle: &Handle, name: &[u16]) -> Result<bool> {
    if !is_candidate(name) && SAID.lock().is_empty() {
        return Ok(is_always_program(name));
    }
    let volume = volume::of(handle);
    let about = Information::of(handle, volume)?;
    let id = FileId::told(handle, volume, about.number);
    Ok(about.kind == Kind::File && is_program(handle, &about, id, name, |start| read(handle, start)))
}

/// Whether a file may be executed. `read` reads its start; `None` where that fails.
pub fn is_program(
    handle: &Handle,
    about: &Information,
    id: FileId,
    name: &[u16],
    read: impl FnOnce(&mut [u8]) -> Option<usize>,
) -> bool {
    /// Where the content is not on this machine, and reading would fetch it.
    const ELSEWHERE: u32 =
        FILE_ATTRIBUTE_OFFLINE | FILE_ATTRIBUTE_RECALL_ON_OPEN | FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS;
    if let Some(said) = SAID.lock().iter().find(|said| said.0 == id) {
        return said.1;
    }
    let is_here = about.attributes.flags & ELSEWHERE == 0;
    is_always_program(name)
        || is_candidate(name) && is_here && about.size > 2 && starts_as_program(handle, about, id, read)
}

/// Reads the start of a file that was opened to ask about it.
pub fn read(handle: &Handle, start: &mut [u8]) -> Option<usize> {
    let file = nt::reopen(handle, FILE_READ_DATA, 0).ok()?;
    nt::read(&file, start, Some(0)).ok()
}

/// The time of a file's last access: our look is none.
pub fn accessed(id: FileId, told: i64) -> i64 {
    let looks = LOOKS.lock();
    let [before, after] = looks.iter().find(|look| look.id == id).map_or([told; 2], |look| look.accessed);
    if told == after { before } else { told }
}

fn starts_as_program(
    handle: &Handle,
    about: &Information,
    id: FileId,
    read: impl FnOnce(&mut [u8]) -> Option<usize>,
) -> bool {
    const MOST: usize = 256;
    let version = [about.size, about.modified, about.changed];
    if let Some(look) = LOOKS.lock().iter().find(|look| look.id == id && look.version == version) {
        return look.program;
    }
    let mut start = [0; 4];
    let Some(start) = read(&mut start).and_then(|count| start.get(..count)) else { return false };
    let program = start == b"\x7FELF" || start.starts_with(b"#!") || start.starts_with(b"MZ");
    // Putting the time of the last access back would change the time of the last change.
    let after = nt::query::<FILE_BASIC_INFORMATION>(handle, FileBasicInformation);
    let accessed = [accessed(id, about.accessed), after.map_or(about.accessed, |after| after.LastAccessTime)];
    let mut looks = LOOKS.lock();
    looks.retain(|look| look.id != id);
    keep(&mut looks, MOST, Look { id, version, program, accessed });
    program
}
