//! Names that go while their file is open, where the file system keeps a name until the last close: FAT, many network drives,
//! Windows before 10 1709, Wine 8.
//!
//! The file is moved to a place on its volume where nobody looks for it, and deleted there. The last close removes it, whatever
//! process that is in and however it ends. What is left after a loss of power goes when a later process moves something there.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering};

use platform::Result;
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_DIRECTORY_FILE, FILE_OPEN_REPARSE_POINT, FileDispositionInformation, FileRenameInformation,
};
use windows_sys::Win32::Foundation::{ERROR_INVALID_PARAMETER, GetLastError, WAIT_OBJECT_0};
use windows_sys::Win32::Storage::FileSystem::{DELETE, FILE_LIST_DIRECTORY, FILE_READ_ATTRIBUTES};
use windows_sys::Win32::System::Threading::{OpenProcess, PROCESS_SYNCHRONIZE, WaitForSingleObject};

use super::{directory, places};
use crate::pure::path::{self, FilePath, Target};
use crate::pure::status::{from_status, nt as code};
use crate::pure::utf16;
use crate::sys::native::attributes;
use crate::sys::native::nt::{self, Handle};
use crate::sys::native::sync::Mutex;
use crate::sys::process::identity;

const START: &str = ".xload-";
const END: &str = ".gone";

/// Removes the name of a file or an empty directory, opened with the right to delete.
pub fn delete(file: &FilePath, handle: &Handle) -> Result<()> {
    // Asked first: what may not go, or is full, stays where it is. What is about to go cannot be moved.
    mark(handle, true)?;
    nt::set(handle, FileDispositionInformation, &false).map_err(from_status)?;
    move_away(file, handle);
    mark(handle, true)
}

/// Has the file deleted at the last close, or not.
pub fn mark(handle: &Handle, gone: bool) -> Result<()> {
    match nt::set(handle, FileDispositionInformation, &gone) {
        Err(code::CANNOT_DELETE) => {
            attributes::make_writable(handle)?;
            nt::set(handle, FileDispositionInformation, &gone).map_err(from_status)
        }
        other => other.map_err(from_status),
    }
}

/// Gives a file that is about to go a name that nobody looks for. Where no place takes it, it keeps its own.
pub fn move_away(file: &FilePath, handle: &Handle) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name: Vec<u16> = alloc::format!("{START}{}-{number}{END}", identity::id() as u32).encode_utf16().collect();
    for folder in folders(file) {
        if nt::set_name(handle, FileRenameInformation, 0, &below(&folder, &name)).is_ok() {
            clean(&folder);
            return;
        }
    }
}

fn below(folder: &FilePath, name: &[u16]) -> Vec<u16> {
    let mut path = folder.nt.clone();
    if path.last() != Some(&(b'\\' as u16)) {
        path.push(b'\\' as u16);
    }
    path.extend_from_slice(name);
    path
}

/// Where it can go: the folder for temporary files, if that is on the volume, else as high above as this user may write, so
/// that the folders on the way can be removed as well.
fn folders(file: &FilePath) -> Vec<FilePath> {
    let mut folders: Vec<FilePath> = core::iter::successors(file.parent(), FilePath::parent).collect();
    if let Ok(Target::File(temporary)) = places::with_places(|places| path::target(b"/tmp", places, false)) {
        folders.push(temporary);
    }
    folders.reverse();
    folders
}

/// Removes what processes that are gone left in a folder, once for each folder.
fn clean(folder: &FilePath) {
    static CLEANED: Mutex<Vec<Vec<u16>>> = Mutex::new(Vec::new());
    {
        let mut cleaned = CLEANED.lock();
        if cleaned.contains(&folder.nt) {
            return;
        }
        cleaned.push(folder.nt.clone());
    }
    let Ok(handle) = nt::open(&folder.nt, FILE_LIST_DIRECTORY, FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT) else {
        return;
    };
    let pattern: Vec<u16> = alloc::format!("{START}*{END}").encode_utf16().collect();
    for found in directory::listed(&handle, &pattern).unwrap_or_default() {
        if !owner(&utf16::to_bytes(&found.name)).is_some_and(is_over) {
            continue;
        }
        let rights = DELETE | FILE_READ_ATTRIBUTES;
        if let Ok(left) = nt::open(&below(folder, &found.name), rights, FILE_OPEN_REPARSE_POINT) {
            // Full directories, and what another user left, stay.
            let _not_ours = mark(&left, true);
        }
    }
}

/// The process that moved a file to this name.
fn owner(name: &[u8]) -> Option<u32> {
    let number =
        name.strip_prefix(START.as_bytes())?.strip_suffix(END.as_bytes())?.split(|byte| *byte == b'-').next()?;
    core::str::from_utf8(number).ok()?.parse().ok()
}

/// Whether no process has this number any more.
fn is_over(process: u32) -> bool {
    // SAFETY: no pointers; the error is read before another call.
    unsafe {
        match Handle::own(OpenProcess(PROCESS_SYNCHRONIZE, 0, process)) {
            Some(process) => WaitForSingleObject(process.raw(), 0) == WAIT_OBJECT_0,
            None => GetLastError() == ERROR_INVALID_PARAMETER,
        }
    }
}
