//! Removing and replacing what is in use, where the file system keeps a name until the last close (FAT, many network drives, Windows
//! before 10 1709, Wine 8), or lets neither go what is mapped - programs that run, libraries in use - nor replace what is open.
//!
//! The file is moved to a hidden name ([`hidden`]) and deleted there: at the last close, whatever process that is in and however it
//! ends. A mapped file cannot even be marked for that; it goes when this process unmaps it, or when a later program starts.

use alloc::vec::Vec;

use windows_sys::Wdk::Storage::FileSystem::FileRenameInformation;

use super::hidden::{self, Ending};
use super::{directory, disposition, patience};
use crate::pure::path::FilePath;
use crate::pure::status::{is_in_use, nt as code};
use crate::sys::native::nt::{self, Handle, Status};
use crate::sys::native::sync::Mutex;

/// Removes the name of a file or an empty directory, opened with the right to delete.
pub fn remove(file: &FilePath, handle: &Handle, is_directory: bool) -> Status<()> {
    // File systems that lack the request have many words for that; what may not go the older one refuses too.
    if let answer @ (Ok(()) | Err(code::DIRECTORY_NOT_EMPTY)) = disposition::delete_name(handle) {
        return answer;
    }
    // Asked first: what may not go, or is full, stays where it is.
    let marked = disposition::mark(handle);
    match marked {
        // What is about to go cannot be moved. Where that cannot be taken back, it goes at the last close.
        Ok(()) if disposition::unmark(handle).is_err() => return Ok(()),
        Ok(()) => {}
        Err(status) if !is_in_use(status) => return marked,
        Err(_) if is_directory && !directory::is_empty(file) => return Err(code::DIRECTORY_NOT_EMPTY),
        Err(_) => {}
    }
    let hidden = hidden::hide(file, handle, Ending::Gone);
    let marked = marked.and_then(|()| disposition::mark(handle));
    if marked.is_err()
        && let Ok(hidden) = hidden
    {
        keep(Vec::from([hidden]));
        return Ok(());
    }
    // Where no place takes it, it keeps its name until the last close.
    marked
}

/// Gives a file the name of another, or an empty directory that of another, in two steps. What fails is undone. `place` gives it the
/// name, `place_back` its own.
pub fn replace(
    target: &FilePath,
    old: &Handle,
    place: impl FnOnce() -> Status<()>,
    place_back: impl FnOnce() -> Status<()>,
) -> Status<()> {
    let kept = hidden::hide(target, old, Ending::Kept)?;
    // The name is free: only who holds the file for a moment can be in the way. If that fails too, the file stays where it was hidden.
    let undo = || patience::ask(is_in_use, || nt::set_name(old, FileRenameInformation, 0, &target.nt));
    if let Err(status) = place() {
        _ = undo();
        return Err(status);
    }
    match disposition::delete(old) {
        Ok(()) => {}
        // Somebody made a file in it meanwhile.
        Err(code::DIRECTORY_NOT_EMPTY) if place_back().is_ok() => {
            _ = undo();
            return Err(code::DIRECTORY_NOT_EMPTY);
        }
        Err(_) => keep(Vec::from([hidden::give_up(kept, old)])),
    }
    Ok(())
}

/// Hidden files of this process that could not be deleted yet.
static LEFT: Mutex<Vec<FilePath>> = Mutex::new(Vec::new());

/// Deletes what could not be deleted before: a view of a file is gone.
pub fn delete_left() {
    let mut left = core::mem::take(&mut *LEFT.lock());
    if !left.is_empty() {
        left.retain(|hidden| !hidden::delete(hidden));
        keep(left);
    }
}

/// Memory is neither asked for nor given back under the lock.
fn keep(mut paths: Vec<FilePath>) {
    while !paths.is_empty() {
        let mut before = core::mem::replace(&mut *LEFT.lock(), paths);
        if before.is_empty() {
            return;
        }
        let mut ours = core::mem::take(&mut *LEFT.lock());
        before.append(&mut ours);
        paths = before;
    }
}
