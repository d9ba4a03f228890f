//! The open streams, the standard ones and a list of the others: for `fflush(NULL)`, for the end of the process, and for `popen`.

use core::cell::UnsafeCell;
use core::sync::atomic::Ordering;

use super::file::{Command, File, Locked};
use super::source::Source;
use super::stream::{BUFFER_BYTES, Buffering, Direction, Owner, PUSHBACK, Stream};
use crate::exit;
use crate::rt::{Futex, Result, abi, blocking, heap, host};
use crate::sync;

/// At the end of the process the streams are flushed, once one was used; what was said to a person is shown before input.
static OWNER: Owner = Owner { used: || exit::add_hook(finish), before_input: show_standard_output };

/// Standard input.
pub static STANDARD_INPUT: File =
    File::new(Stream::new(Source::Descriptor(0), true, false, Buffering::Undecided).owned_by(&OWNER));
/// The buffer of standard output: a program that only prints takes nothing from the heap.
struct Place(UnsafeCell<[u8; PUSHBACK + BUFFER_BYTES]>);
// SAFETY: only the stream uses it, under its lock.
unsafe impl Sync for Place {}
static OUTPUT_PLACE: Place = Place(UnsafeCell::new([0; PUSHBACK + BUFFER_BYTES]));

/// Standard output.
pub static STANDARD_OUTPUT: File = File::new({
    let stream = Stream::new(Source::Descriptor(1), false, true, Buffering::Undecided).owned_by(&OWNER);
    // SAFETY: the place belongs to this stream alone.
    unsafe { stream.with_place(OUTPUT_PLACE.0.get().cast(), PUSHBACK + BUFFER_BYTES) }
});
/// Standard error: never fully buffered (C23 7.23.3p7), and so without a buffer.
pub static STANDARD_ERROR: File =
    File::new(Stream::new(Source::Descriptor(2), false, true, Buffering::None).owned_by(&OWNER));

/// The streams that are open at the start.
static STANDARD: [&File; 3] = [&STANDARD_INPUT, &STANDARD_OUTPUT, &STANDARD_ERROR];

/// The first stream; the others hang on it. What a [`File`] keeps for the list is used under this lock only, and nobody waits
/// for a stream while holding it: the owner of that stream may be about to open another one.
struct First(*const File);
// SAFETY: an address; what it leads to is `Sync`.
unsafe impl Send for First {}

static LIST: sync::Locked<First> = sync::Locked::new(First(core::ptr::null()));

/// A `FILE` of its own, in the list of open streams. `ENOMEM`: then the stream is closed.
pub fn create(mut stream: Stream) -> Result<*mut File> {
    let place: *mut File = match heap::allocate(size_of::<File>()) {
        Ok(place) => place.cast(),
        Err(errno) => {
            // The error at hand is the one to tell.
            let _ = stream.close();
            return Err(errno);
        }
    };
    // SAFETY: fresh memory of that size; malloc aligns for every C type, and no field needs more.
    unsafe { place.write(File::new(stream.owned_by(&OWNER))) };
    // SAFETY: just written.
    add(unsafe { &*place });
    Ok(place)
}

/// Frees what [`create`] made; standard streams stay where they are. A `flockfile` of the caller ends with the stream.
///
/// # Safety
/// The stream is closed, and nobody uses it any more but who goes through the list.
pub unsafe fn destroy(file: *mut File) {
    // SAFETY: caller contract.
    let known = unsafe { &*file };
    known.user_lock().release();
    if remove(known) {
        known.forget();
        // SAFETY: from `create`, as it was in the list.
        unsafe {
            core::ptr::drop_in_place(file);
            heap::release(file.cast());
        }
    }
}

/// Puts a stream into the list.
fn add(file: &File) {
    LIST.with(host(), |first| {
        file.next.set(first.0);
        // SAFETY: streams in the list are alive; the lock is held.
        if let Some(first) = unsafe { first.0.as_ref() } {
            first.previous.set(file);
        }
        first.0 = file;
    });
}

/// Takes a stream out of the list, once nobody in [`each`] is at it; false for a standard stream, which is not in the list.
fn remove(file: &File) -> bool {
    if STANDARD.iter().any(|standard| core::ptr::eq(*standard, file)) {
        return false;
    }
    loop {
        let visitors = LIST.with(host(), |first| {
            let visitors = file.visitors.load(Ordering::Relaxed);
            if visitors == 0 {
                unlink(first, file);
            }
            visitors
        });
        if visitors == 0 {
            return true;
        }
        // Whatever ends the wait, the word decides.
        let _ = blocking(|| host().futex_wait(&file.visitors, visitors, None, abi::futex::NO_INTERRUPT));
    }
}

fn unlink(first: &mut First, file: &File) {
    let (next, previous) = (file.next.get(), file.previous.get());
    // SAFETY: neighbours in the list are alive; the caller holds its lock.
    match unsafe { previous.as_ref() } {
        Some(previous) => previous.next.set(next),
        None => first.0 = next,
    }
    // SAFETY: as above.
    if let Some(next) = unsafe { next.as_ref() } {
        next.previous.set(previous);
    }
}

/// Calls `visit` with every open stream. The list is free meanwhile: others open and close streams, and who closes the one
/// that is visited waits for the end of the visit.
pub fn each(mut visit: impl FnMut(&File)) {
    for file in STANDARD {
        visit(file);
    }
    let mut at = step(None);
    while let Some(file) = at {
        visit(file);
        at = step(Some(file));
    }
}

/// Goes on from one stream to the next, which stays in the list until the step after this one.
fn step(from: Option<&File>) -> Option<&'static File> {
    LIST.with(host(), |first| {
        let next = from.map_or(first.0, |from| from.next.get());
        // SAFETY: streams in the list are alive while its lock is held, and beyond it while they have visitors.
        let next = unsafe { next.as_ref() };
        if let Some(next) = next {
            next.visitors.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(from) = from
            && from.visitors.fetch_sub(1, Ordering::Relaxed) == 1
        {
            // Nothing to do about a failure. Still under the lock, without which nobody frees the word.
            let _ = host().futex_wake(&from.visitors, u32::MAX, false);
        }
        next
    })
}

/// Notes the command of a stream of `popen`, or that it has none any more; what was noted before.
pub fn note_command(file: &File, command: Option<Command>) -> Option<Command> {
    LIST.with(host(), |_| file.command.replace(command))
}

/// Calls `visit` with every command that has a stream. It must not wait.
pub fn each_command(mut visit: impl FnMut(Command)) {
    LIST.with(host(), |first| {
        let mut at = first.0;
        // SAFETY: streams in the list are alive while its lock is held.
        while let Some(file) = unsafe { at.as_ref() } {
            file.command.get().into_iter().for_each(&mut visit);
            at = file.next.get();
        }
    });
}

/// `fflush(NULL)`: what [`Stream::flush`](super::stream::Stream::flush) does, to every stream; one on which another thread may
/// wait for input is left alone. The first error.
pub fn flush_all() -> Result<()> {
    flush_those(|_| true)
}

/// `_flushlbf`: the output of streams that send by line.
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
    let _ = flush_all();
}

/// Sends what standard output holds, if it sends by line and nobody uses it.
fn show_standard_output() {
    if let Some(mut output) = STANDARD_OUTPUT.lock_if_free()
        && output.direction == Direction::Writing
        && output.buffering == Buffering::Line
    {
        // An error stays noted in the stream, where it belongs; this request is about another.
        let _ = output.flush();
    }
}
