//! The list of open streams: for `fflush(NULL)`, for the end of the process, and for `popen`.

use core::cell::Cell;

use super::file::{File, Locked, STANDARD, STANDARD_OUTPUT};
use super::lock::RecursiveLock;
use super::stream::{Buffering, Direction};
use crate::rt::Result;

struct List {
    lock: RecursiveLock,
    first: Cell<*const File>,
}
// SAFETY: `first` is used under the lock only.
unsafe impl Sync for List {}

static LIST: List = List { lock: RecursiveLock::new(), first: Cell::new(core::ptr::null()) };

/// Puts a stream into the list.
pub fn add(file: &File) {
    LIST.lock.lock();
    let first = LIST.first.get();
    file.next.set(first);
    // SAFETY: streams in the list are alive; the lock is held.
    if let Some(first) = unsafe { first.as_ref() } {
        first.previous.set(file);
    }
    LIST.first.set(file);
    LIST.lock.unlock();
}

/// Takes a stream out of the list; false for a standard stream, which is not in it.
pub fn remove(file: &File) -> bool {
    if STANDARD.iter().any(|standard| core::ptr::eq(*standard, file)) {
        return false;
    }
    LIST.lock.lock();
    let (next, previous) = (file.next.get(), file.previous.get());
    // SAFETY: neighbours in the list are alive; the lock is held.
    match unsafe { previous.as_ref() } {
        Some(previous) => previous.next.set(next),
        None => LIST.first.set(next),
    }
    // SAFETY: as above.
    if let Some(next) = unsafe { next.as_ref() } {
        next.previous.set(previous);
    }
    LIST.lock.unlock();
    true
}

/// Calls `visit` with every open stream.
pub fn each(mut visit: impl FnMut(&File)) {
    LIST.lock.lock();
    for file in STANDARD {
        visit(file);
    }
    let mut at = LIST.first.get();
    // SAFETY: streams in the list are alive while its lock is held, as `remove` comes before their end.
    while let Some(file) = unsafe { at.as_ref() } {
        at = file.next.get();
        visit(file);
    }
    LIST.lock.unlock();
}

/// Sends the output that waits in any stream; a stream on which another thread waits for input is left alone. The first error.
pub fn flush_all() -> Result<()> {
    flush_those(|stream| stream.direction == Direction::Writing)
}

/// `_flushlbf`: the same for streams that send by line.
pub fn flush_by_line() -> Result<()> {
    flush_those(|stream| stream.direction == Direction::Writing && stream.by_line)
}

fn flush_those(wanted: impl Fn(&Locked<'_>) -> bool) -> Result<()> {
    let mut result = Ok(());
    each(|file| {
        if let Some(mut stream) = file.lock_unless_waiting()
            && wanted(&stream)
        {
            result = result.and(stream.flush());
        }
    });
    result
}

/// The end of the process (C23 7.24.4.4p4, POSIX.1-2024 exit): output goes out, and files get the offset at which the program
/// stopped reading. Errors have nobody left to tell.
pub fn finish() {
    each(|file| {
        if let Some(mut stream) = file.lock_unless_waiting() {
            let _ = stream.flush();
        }
    });
}

/// Sends what standard output holds, if it sends by line and nobody uses it.
pub fn show_standard_output() {
    if let Some(mut output) = STANDARD_OUTPUT.lock_if_free()
        && output.direction == Direction::Writing
        && output.buffering == Buffering::Line
    {
        // An error stays noted in the stream, where it belongs; this request is about another.
        let _ = output.flush();
    }
}
