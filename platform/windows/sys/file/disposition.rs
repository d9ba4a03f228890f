//! How an open file or directory is deleted.

use windows_sys::Wdk::Storage::FileSystem::{
    FILE_DISPOSITION_DELETE, FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE, FILE_DISPOSITION_POSIX_SEMANTICS,
    FileDispositionInformation, FileDispositionInformationEx,
};

use crate::pure::status::nt as code;
use crate::sys::native::attributes::{self, Writable};
use crate::sys::native::nt::{self, Handle, Status};

/// POSIX' way: the name goes when this handle does, whoever has the file open.
pub fn delete_name(handle: &Handle) -> Status<()> {
    let flags = FILE_DISPOSITION_DELETE | FILE_DISPOSITION_POSIX_SEMANTICS | FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE;
    nt::set(handle, FileDispositionInformationEx, &flags)
}

/// The older way: the name goes at the last close. Of a file that stays, by this name or another, everything stays.
pub fn mark(handle: &Handle) -> Status<()> {
    let set = || nt::set(handle, FileDispositionInformation, &true);
    match set() {
        // POSIX does not ask for the right to write when a name goes.
        Err(code::CANNOT_DELETE) => match Writable::make(handle) {
            Some(writable) => {
                let marked = set();
                if marked.is_err() || attributes::links(handle).is_ok_and(|links| links > 1) {
                    writable.undo();
                }
                marked
            }
            None => Err(code::CANNOT_DELETE),
        },
        answer => answer,
    }
}

/// Takes [`mark`] back.
pub fn unmark(handle: &Handle) -> Status<()> {
    nt::set(handle, FileDispositionInformation, &false)
}

/// One way or the other.
pub fn delete(handle: &Handle) -> Status<()> {
    match delete_name(handle) {
        // File systems that lack the request have many words for that; what may not go the older one refuses too.
        Err(status) if status != code::DIRECTORY_NOT_EMPTY => mark(handle),
        answer => answer,
    }
}
