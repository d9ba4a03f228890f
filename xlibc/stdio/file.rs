//! C's `FILE`: a stream with its lock and its place in the list of open ones.

use core::cell::{Cell, UnsafeCell};
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::lock::RecursiveLock;
use super::stream::Stream;
use crate::rt::fatal;

/// What `popen` notes about a stream.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// The process.
    pub child: i32,
    /// Our end of the pipe, which other commands must not inherit.
    pub descriptor: i32,
}

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

    /// The stream that is about to be closed. An invalid one, as after an earlier `fclose`, stops the program where that shows.
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

    /// It is not open any more, and whoever closes it again hears of it.
    pub(super) fn forget(&self) {
        self.mark.store(0, Ordering::Relaxed);
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
        self.begins_input();
        locked
    }

    /// What follows may wait for input: who waits for the stream and must not do so as long stops.
    #[inline]
    fn begins_input(&self) {
        if !self.input.load(Ordering::Relaxed) {
            self.input.store(true, Ordering::Release);
            self.lock.stir();
        }
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
        // Also where the program does the locking (`__fsetlocking`): another thread may do it now.
        self.lock.lock_unless(|| self.input.load(Ordering::Acquire)).then(|| Locked { file: self, locked: true })
    }

    /// The stream, if nobody has it, this thread included.
    pub(super) fn lock_if_free(&self) -> Option<Locked<'_>> {
        self.lock.try_lock_free().then(|| Locked { file: self, locked: true })
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

    /// The same, for input.
    ///
    /// # Safety
    /// As for `unlocked`.
    #[inline]
    #[expect(clippy::mut_from_ref, reason = "the caller's lock makes it unique")]
    pub unsafe fn unlocked_input(&self) -> &mut Stream {
        self.begins_input();
        // SAFETY: caller contract.
        unsafe { self.unlocked() }
    }

    /// The same, for output.
    ///
    /// # Safety
    /// As for `unlocked`.
    #[inline]
    #[expect(clippy::mut_from_ref, reason = "the caller's lock makes it unique")]
    pub unsafe fn unlocked_output(&self) -> &mut Stream {
        self.input.store(false, Ordering::Relaxed);
        // SAFETY: caller contract.
        unsafe { self.unlocked() }
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
