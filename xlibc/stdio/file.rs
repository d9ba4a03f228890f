//! C's `FILE`: a stream with its lock and its place in the list of open ones.

use core::cell::{Cell, UnsafeCell};
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::lock::RecursiveLock;
use super::registry::{self, Command};
use super::source::Source;
use super::stream::{BUFFER_BYTES, Buffering, PUSHBACK, Stream};
use crate::rt::Result;
use crate::rt::{fatal, heap};

/// `FILE`.
#[doc(alias = "FILE")]
#[derive(Debug)]
pub struct File {
    lock: RecursiveLock,
    /// `__fsetlocking`: the program does the locking.
    unlocked: AtomicBool,
    /// Only input is allowed, or the latest request was for it: its owner may wait for a person, for long.
    input: AtomicBool,
    stream: UnsafeCell<Stream>,
    /// Neighbours in the list of open streams, which has a lock of its own.
    pub(super) next: Cell<*const File>,
    pub(super) previous: Cell<*const File>,
    /// Threads that go through the list and are at this stream: it stays there meanwhile.
    pub(super) visitors: AtomicU32,
    /// Of a stream of `popen`.
    pub(super) command: Cell<Option<Command>>,
    /// [`OPEN`] until the memory goes back.
    mark: AtomicU32,
}

/// "FILE".
const OPEN: u32 = 0x454c_4946;

// SAFETY: the stream is reached through the lock, or by functions whose callers promise to hold it; the links and the command
// belong to the registry's lock; the rest is atomic.
unsafe impl Sync for File {}

impl File {
    /// A `FILE` in static memory.
    #[must_use]
    pub const fn new(stream: Stream) -> Self {
        Self {
            lock: RecursiveLock::new(),
            unlocked: AtomicBool::new(false),
            input: AtomicBool::new(!stream.writable),
            stream: UnsafeCell::new(stream),
            next: Cell::new(core::ptr::null()),
            previous: Cell::new(core::ptr::null()),
            visitors: AtomicU32::new(0),
            command: Cell::new(None),
            mark: AtomicU32::new(OPEN),
        }
    }

    /// The stream that is about to be closed. What is none, as after an earlier `fclose`, stops the program where it shows.
    ///
    /// # Safety
    /// `file` is, or was, a stream.
    pub unsafe fn to_close<'a>(file: *mut Self) -> &'a Self {
        // SAFETY: caller contract; the allocator keeps the memory of a stream that is gone.
        match unsafe { file.as_ref() } {
            Some(known) if known.mark.load(Ordering::Relaxed) == OPEN => known,
            _ => fatal(&["fclose: not an open stream"]),
        }
    }

    /// A `FILE` of its own, in the list of open streams. `ENOMEM`: then the stream is closed.
    pub fn create(mut stream: Stream) -> Result<*mut Self> {
        let place: *mut Self = match heap::allocate(size_of::<Self>()) {
            Ok(place) => place.cast(),
            Err(errno) => {
                // The error at hand is the one to tell.
                let _ = stream.close();
                return Err(errno);
            }
        };
        // SAFETY: fresh memory of that size; malloc aligns for every C type, and no field needs more.
        unsafe { place.write(Self::new(stream)) };
        // SAFETY: just written.
        registry::add(unsafe { &*place });
        Ok(place)
    }

    /// Frees what `create` made; standard streams stay where they are. A `flockfile` of the caller ends with the stream.
    ///
    /// # Safety
    /// The stream is closed, and nobody uses it any more but who goes through the list.
    pub unsafe fn destroy(file: *mut Self) {
        // SAFETY: caller contract.
        let known = unsafe { &*file };
        known.lock.release();
        if registry::remove(known) {
            known.mark.store(0, Ordering::Relaxed);
            // SAFETY: from `create`, as it was in the list.
            unsafe {
                core::ptr::drop_in_place(file);
                heap::release(file.cast());
            }
        }
    }

    /// The stream, for one request that is neither input nor output.
    #[inline]
    pub fn lock(&self) -> Locked<'_> {
        let locked = !self.unlocked.load(Ordering::Relaxed);
        if locked {
            self.lock.lock();
        }
        Locked { file: self, locked }
    }

    /// The stream, for input.
    #[inline]
    pub fn input(&self) -> Locked<'_> {
        let locked = self.lock();
        self.input.store(true, Ordering::Relaxed);
        locked
    }

    /// The stream, for output.
    #[inline]
    pub fn output(&self) -> Locked<'_> {
        let locked = self.lock();
        self.input.store(false, Ordering::Relaxed);
        locked
    }

    /// `freopen`: it does what its new mode says.
    pub(super) fn reopened(&self, writable: bool) {
        self.input.store(!writable, Ordering::Relaxed);
    }

    /// The stream, if no other thread may wait for input on it: a thread may do so for ever.
    pub(super) fn lock_unless_waiting(&self) -> Option<Locked<'_>> {
        if !self.input.load(Ordering::Relaxed) {
            return Some(self.lock());
        }
        self.lock.try_lock().then_some(Locked { file: self, locked: true })
    }

    /// The stream, if nobody has it, this thread included.
    pub(super) fn lock_if_free(&self) -> Option<Locked<'_>> {
        self.lock.try_lock_free().then_some(Locked { file: self, locked: true })
    }

    /// The stream without locking.
    ///
    /// # Safety
    /// The caller holds the lock by `flockfile`, or no other thread uses the stream.
    #[inline]
    #[expect(clippy::mut_from_ref, reason = "the caller's lock makes it unique")]
    pub unsafe fn unlocked(&self) -> &mut Stream {
        // SAFETY: caller contract.
        unsafe { &mut *self.stream.get() }
    }

    /// `flockfile`, `ftrylockfile`, `funlockfile`.
    pub fn user_lock(&self) -> &RecursiveLock {
        &self.lock
    }

    /// `__fsetlocking`: whether the program locks from now on; what held before.
    pub fn locking_by_caller(&self, by_caller: Option<bool>) -> bool {
        match by_caller {
            Some(value) => self.unlocked.swap(value, Ordering::Relaxed),
            None => self.unlocked.load(Ordering::Relaxed),
        }
    }
}

/// A stream while its lock is held.
#[derive(Debug)]
pub struct Locked<'a> {
    file: &'a File,
    locked: bool,
}

impl Deref for Locked<'_> {
    type Target = Stream;

    #[inline]
    fn deref(&self) -> &Stream {
        // SAFETY: the lock is held, or the program promised to hold it.
        unsafe { &*self.file.stream.get() }
    }
}

impl DerefMut for Locked<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Stream {
        // SAFETY: as above.
        unsafe { &mut *self.file.stream.get() }
    }
}

impl Drop for Locked<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.locked {
            self.file.lock.unlock();
        }
    }
}

/// Standard input.
pub static STANDARD_INPUT: File = File::new(Stream::new(Source::Descriptor(0), true, false, Buffering::Undecided));
/// The buffer of standard output: a program that only prints takes nothing from the heap.
struct Place(UnsafeCell<[u8; PUSHBACK + BUFFER_BYTES]>);
// SAFETY: only the stream uses it, under its lock.
unsafe impl Sync for Place {}
static OUTPUT_PLACE: Place = Place(UnsafeCell::new([0; PUSHBACK + BUFFER_BYTES]));

/// Standard output.
pub static STANDARD_OUTPUT: File = File::new({
    let stream = Stream::new(Source::Descriptor(1), false, true, Buffering::Undecided);
    // SAFETY: the place belongs to this stream alone.
    unsafe { stream.with_place(OUTPUT_PLACE.0.get().cast(), PUSHBACK + BUFFER_BYTES) }
});
/// Standard error: never fully buffered (C23 7.23.3p7), and so without a buffer.
pub static STANDARD_ERROR: File = File::new(Stream::new(Source::Descriptor(2), false, true, Buffering::None));

/// The streams that are open at the start.
pub(super) static STANDARD: [&File; 3] = [&STANDARD_INPUT, &STANDARD_OUTPUT, &STANDARD_ERROR];
