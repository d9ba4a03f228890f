//! Files that somebody else holds for a moment: virus scanners, indexers and synchronisation open what has just been written, some of
//! them without letting others open, rename or delete it meanwhile.
//!
//! What is asked again is what such a program may be in the way of, and nothing else: where this process holds the file itself,
//! or the right is missing, the answer comes at once.

use windows_sys::Wdk::Storage::FileSystem::FILE_OPEN_REPARSE_POINT;
use windows_sys::Win32::Storage::FileSystem::{DELETE, FILE_READ_ATTRIBUTES};

use crate::pure::back_off::Pauses;
use crate::pure::path::FilePath;
use crate::pure::status::nt as code;
use crate::sys::native::nt::{self, Handle, Status};
use crate::sys::native::timer;

/// Asks, and again for about a second as long as the answer may change by itself. Handlers of signals do not run meanwhile, as the
/// caller may be halfway.
pub fn ask<T, E: Copy>(may_change: impl Fn(E) -> bool, mut request: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    let mut pauses = Pauses::new();
    loop {
        match request() {
            Err(error) if may_change(error) => match pauses.next() {
                Some(pause) => timer::pause(pause),
                None => return Err(error),
            },
            answer => return answer,
        }
    }
}

/// Opens what a path names itself to rename or remove it.
pub fn to_move(file: &FilePath) -> Status<Handle> {
    nt::open(&file.nt, DELETE | FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT)
}

/// As [`to_move`], with patience.
pub fn open_to_move(file: &FilePath) -> Status<Handle> {
    ask(is_held, || to_move(file))
}

/// Whether somebody has a file open and shares it too little, or mapped where the request is to change it.
pub fn is_held(status: i32) -> bool {
    matches!(status, code::SHARING_VIOLATION | code::USER_MAPPED_FILE)
}

/// Whether a name cannot be made yet, since the file that had it is still open somewhere.
pub fn is_going(status: i32) -> bool {
    status == code::DELETE_PENDING
}

/// As [`is_going`] for requests that do not say so themselves.
pub fn is_name_going(file: &FilePath) -> bool {
    nt::open(&file.nt, FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT).is_err_and(is_going)
}

/// Whether a file that another is to replace is held, or on its way out.
pub fn is_target_held(file: &FilePath) -> bool {
    to_move(file).is_err_and(|status| is_held(status) || is_going(status))
}
