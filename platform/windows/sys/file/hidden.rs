//! Names that nobody looks for: `.xload-<process>-<number>.<ending>`. What is left under them after a loss of power, or since it was
//! in use by others, goes when a later program starts, or hides something in the same folder.

use alloc::vec::Vec;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU32, Ordering};

use windows_sys::Wdk::Storage::FileSystem::{
    FILE_DIRECTORY_FILE, FILE_OPEN_IF, FILE_OPEN_REPARSE_POINT, FileRenameInformation,
};
use windows_sys::Win32::Foundation::{ERROR_INVALID_PARAMETER, GetLastError, WAIT_OBJECT_0};
use windows_sys::Win32::Storage::FileSystem::{
    DELETE, FILE_ATTRIBUTE_NORMAL, FILE_LIST_DIRECTORY, FILE_READ_ATTRIBUTES,
};
use windows_sys::Win32::System::Threading::{OpenProcess, PROCESS_SYNCHRONIZE, WaitForSingleObject};

use super::{directory, disposition, places};
use crate::pure::path::{self, FilePath, Target};
use crate::pure::status::nt as code;
use crate::pure::utf16;
use crate::sys::native::nt::{self, Handle, Open, Status};
use crate::sys::native::sync::Mutex;
use crate::sys::process::identity;

const START: &str = ".xload-";

/// What becomes of a hidden file once its process is over.
#[derive(Clone, Copy)]
pub enum Ending {
    /// Its name is gone for everybody: it is deleted by whoever finds it.
    Gone,
    /// It is about to be replaced. Nobody deletes it: its process may have ended halfway.
    Kept,
}

impl Ending {
    const fn text(self) -> &'static str {
        match self {
            Self::Gone => ".gone",
            Self::Kept => ".kept",
        }
    }
}

/// Moves a file or directory to such a name on its volume: its new path. The error is that of the last place, its own directory.
pub fn hide(file: &FilePath, handle: &Handle, ending: Ending) -> Status<FilePath> {
    let mut refused = code::ACCESS_DENIED;
    for folder in folders(file) {
        let hidden = below(&folder, &name(ending));
        match rename_into(handle, &folder, &hidden) {
            Ok(()) => {
                clean_once(&folder);
                return Ok(hidden);
            }
            Err(status) => refused = status,
        }
    }
    Err(refused)
}

/// Gives a file that was [`Ending::Kept`] the other ending.
pub fn give_up(kept: FilePath, handle: &Handle) -> FilePath {
    let Some(folder) = kept.parent() else { return kept };
    let gone = below(&folder, &name(Ending::Gone));
    if nt::set_name(handle, FileRenameInformation, 0, &gone.nt).is_ok() { gone } else { kept }
}

fn name(ending: Ending) -> Vec<u16> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    alloc::format!("{START}{}-{number}{}", identity::id() as u32, ending.text()).encode_utf16().collect()
}

fn below(folder: &FilePath, name: &[u16]) -> FilePath {
    let mut nt = folder.nt.clone();
    if nt.last() != Some(&(b'\\' as u16)) {
        nt.push(b'\\' as u16);
    }
    nt.extend_from_slice(name);
    FilePath { nt, directory: false }
}

fn rename_into(handle: &Handle, folder: &FilePath, hidden: &FilePath) -> Status<()> {
    let rename = || nt::set_name(handle, FileRenameInformation, 0, &hidden.nt);
    match rename() {
        Err(code::OBJECT_PATH_NOT_FOUND) => {
            let request = Open {
                root: null_mut(),
                name: &folder.nt,
                access: FILE_READ_ATTRIBUTES,
                attributes: FILE_ATTRIBUTE_NORMAL,
                disposition: FILE_OPEN_IF,
                options: FILE_DIRECTORY_FILE,
            };
            request.open()?;
            rename()
        }
        answer => answer,
    }
}

/// The folder of hidden files among temporary ones, which lives as long as there are some.
fn temporary() -> Option<FilePath> {
    match places::with_places(|places| path::target(b"/tmp/.xload-gone", places, false)) {
        Ok(Target::File(folder)) => Some(folder),
        _ => None,
    }
}

/// Where a file can go: the folder among temporary files, if that is on the volume, else as high above as this user may write, so
/// that the folders on the way can be removed as well.
fn folders(file: &FilePath) -> impl Iterator<Item = FilePath> {
    let mut above: Vec<FilePath> = core::iter::successors(file.parent(), FilePath::parent).collect();
    above.reverse();
    temporary().into_iter().chain(above)
}

/// At the start of a program: removes what others left among temporary files. There is nothing as a rule, which one request tells.
pub fn clean_temporary() {
    let Some(folder) = temporary() else { return };
    if clean(&folder)
        && let Ok(empty) = nt::open(&folder.nt, DELETE, FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT)
    {
        let _others_hide_there = disposition::delete(&empty);
    }
}

fn clean_once(folder: &FilePath) {
    static CLEANED: Mutex<Vec<Vec<u16>>> = Mutex::new(Vec::new());
    {
        let mut cleaned = CLEANED.lock();
        if cleaned.contains(&folder.nt) {
            return;
        }
        cleaned.push(folder.nt.clone());
    }
    clean(folder);
}

/// Removes what processes that are over left in a folder; whether there is such a folder.
fn clean(folder: &FilePath) -> bool {
    let Ok(handle) = nt::open(&folder.nt, FILE_LIST_DIRECTORY, FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT) else {
        return false;
    };
    let pattern: Vec<u16> = alloc::format!("{START}*{}", Ending::Gone.text()).encode_utf16().collect();
    for found in directory::listed(&handle, &pattern).unwrap_or_default() {
        if owner(&utf16::to_bytes(&found.name)).is_some_and(is_over) {
            // What is still mapped, full directories, and what another user left stay.
            delete(&below(folder, &found.name));
        }
    }
    true
}

/// Deletes a hidden file; false where it must stay for now.
pub fn delete(hidden: &FilePath) -> bool {
    match nt::open(&hidden.nt, DELETE | FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT) {
        Ok(handle) => disposition::delete(&handle).is_ok(),
        Err(code::OBJECT_NAME_NOT_FOUND | code::DELETE_PENDING) => true,
        Err(_) => false,
    }
}

/// The process that moved a file to this name.
fn owner(name: &[u8]) -> Option<u32> {
    let name = name.strip_prefix(START.as_bytes())?.strip_suffix(Ending::Gone.text().as_bytes())?;
    core::str::from_utf8(name.split(|byte| *byte == b'-').next()?).ok()?.parse().ok()
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
