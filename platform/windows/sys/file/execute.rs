//! Permission to execute. Windows has no such bit that a program could change: a file's name and contents tell, unless this process
//! gave or took the permission, which it alone knows then.

use alloc::vec::Vec;

use windows_sys::Wdk::Storage::FileSystem::{FILE_BASIC_INFORMATION, FileBasicInformation};
use windows_sys::Win32::Storage::FileSystem::{FILE_READ_ATTRIBUTES, FILE_READ_DATA, FILE_WRITE_ATTRIBUTES};

use crate::sys::native::nt::{self, Handle};
use crate::sys::native::sync::Mutex;
use crate::sys::native::{attributes, volume};

struct Known {
    index: u64,
    volume: u64,
    allowed: bool,
}

static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());

/// A file got this mode: a new one (`made`), or by `chmod`.
pub fn set(file: &Handle, mode: u32, made: bool) {
    /// The oldest is forgotten.
    const MOST: usize = 64;
    let allowed = mode & 0o111 != 0;
    if made && !allowed && KNOWN.lock().is_empty() {
        // Its contents will tell.
        return;
    }
    let Ok(index) = attributes::index(file) else { return };
    let volume = volume::of(file);
    let mut known = KNOWN.lock();
    known.retain(|known| (known.index, known.volume) != (index, volume));
    if known.len() == MOST {
        known.remove(0);
    }
    if !made || allowed {
        known.push(Known { index, volume, allowed });
    }
}

/// What this process said of a file, if it did.
pub fn get(file: &Handle) -> Option<bool> {
    if KNOWN.lock().is_empty() {
        return None;
    }
    let index = attributes::index(file).ok()?;
    let find = |volume: Option<u64>| {
        let known = KNOWN.lock();
        let is_it = |known: &&Known| known.index == index && volume.is_none_or(|volume| volume == known.volume);
        known.iter().find(is_it).map(|known| known.allowed)
    };
    // The volume costs more.
    find(None)?;
    find(Some(volume::of(file)))
}

/// The ending of a file's name, in lower case; `None` without a dot.
fn ending(name: &[u16]) -> Option<Vec<u8>> {
    let dot = name.iter().rposition(|unit| *unit == b'.' as u16)?;
    let lower = |unit: &u16| u8::try_from(*unit).map_or(b'?', |byte| byte.to_ascii_lowercase());
    Some(name.get(dot + 1..)?.iter().map(lower).collect())
}

/// Whether every file with such a name is a program.
pub fn is_always_program(name: &[u16]) -> bool {
    ending(name).is_some_and(|ending| matches!(&ending[..], b"exe" | b"com" | b"bat" | b"cmd"))
}

/// Whether the content of a file with this name is looked at. Reading every file would cost too much: only names that programs
/// and scripts have.
pub fn is_candidate(name: &[u16]) -> bool {
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
pub fn is_program(handle: &Handle, name: &[u16]) -> bool {
    if let Some(known) = get(handle) {
        return known;
    }
    if is_always_program(name) || !is_candidate(name) {
        return is_always_program(name);
    }
    let Ok(file) = nt::reopen(handle, FILE_READ_DATA | FILE_READ_ATTRIBUTES, 0) else { return false };
    let before: FILE_BASIC_INFORMATION = nt::query(&file, FileBasicInformation).unwrap_or_default();
    starts_as_program(&file, before.LastAccessTime, |start| nt::read(&file, start, Some(0)).unwrap_or(0))
}

/// Whether the content is a program's. Looking is no access: where it counts as one, the time before is put back.
pub fn starts_as_program(file: &Handle, accessed: i64, read: impl FnOnce(&mut [u8]) -> usize) -> bool {
    let mut start = [0; 4];
    let count = read(&mut start);
    let after = nt::query::<FILE_BASIC_INFORMATION>(file, FileBasicInformation);
    if after.is_ok_and(|after| after.LastAccessTime != accessed) {
        let restored = FILE_BASIC_INFORMATION { LastAccessTime: accessed, ..FILE_BASIC_INFORMATION::default() };
        let set = |file: &Handle| nt::set(file, FileBasicInformation, &restored);
        let _not_ours_to_change =
            set(file).or_else(|_| nt::reopen(file, FILE_WRITE_ATTRIBUTES, 0).and_then(|file| set(&file)));
    }
    let start = start.get(..count).unwrap_or_default();
    start == b"\x7FELF" || start.starts_with(b"#!") || start.starts_with(b"MZ")
}
