//! Condition variables.

use platform::{Deadline, Errno, Platform, Result};

use super::atomic::{AtomicU32, Ordering};
use super::{Mutex, futex};

/// Set in `waiters` by who wants to reuse the memory.
const LEAVING: u32 = 1 << 31;

/// A condition variable: a number that every signal moves on. A waiter reads it before it frees the mutex and sleeps while it
/// is the same, so no signal after that is lost; a number that wraps round to the same value within one sleep would take
/// 2^32 signals.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Condvar {
    sequence: AtomicU32,
    /// Threads inside `wait`, so that a signal without one makes no request, and destruction knows when all have left.
    waiters: AtomicU32,
    /// Bit 31: shared between processes; below: the clock of deadlines.
    attributes: AtomicU32,
}

const SHARED: u32 = 1 << 31;

impl Condvar {
    /// One that nobody waits for; deadlines are times of `clock`.
    #[must_use]
    pub const fn new(clock: i32, shared: bool) -> Self {
        Self {
            sequence: AtomicU32::new(0),
            waiters: AtomicU32::new(0),
            attributes: AtomicU32::new(clock as u32 | if shared { SHARED } else { 0 }),
        }
    }

    /// The clock of its deadlines.
    pub fn clock(&self) -> i32 {
        (self.attributes.load(Ordering::Relaxed) & !SHARED) as i32
    }

    fn is_shared(&self) -> bool {
        self.attributes.load(Ordering::Relaxed) & SHARED != 0
    }

    /// Frees the mutex, sleeps until a signal (or for no reason), and takes the mutex again. `TIMEDOUT` at the deadline;
    /// `PERM` when the mutex is one that knows its owner and has another; `INVAL` for a bad deadline, without freeing it.
    pub fn wait(&self, host: &impl Platform, mutex: &Mutex, me: i32, deadline: Option<Deadline>) -> Result<()> {
        if !mutex.is_owner(me) {
            return Err(Errno::PERM);
        }
        if deadline.is_some_and(|at| !at.time.is_normalized()) {
            return Err(Errno::INVAL);
        }
        // SeqCst: a signaller that sees no waiter has to have moved nothing that this thread has already looked at.
        self.waiters.fetch_add(1, Ordering::SeqCst);
        let before = self.sequence.load(Ordering::SeqCst);
        mutex.unlock(host, me)?;
        // Woken is woken, although the signal may be one that came before `before` was read: no other thread gets it.
        let mut result = futex::wait(host, &self.sequence, before, deadline, self.is_shared());
        if result.is_err() && self.sequence.load(Ordering::SeqCst) != before {
            // A signal that came together with the deadline counts: it may have been meant for nobody else.
            result = Ok(());
        }
        let (waiters, shared) = (&raw const self.waiters, self.is_shared());
        // The last look at the object: `destroy` may return right after.
        if self.waiters.fetch_sub(1, Ordering::SeqCst) == LEAVING + 1 {
            futex::wake(host, waiters, futex::ALL, shared);
        }
        mutex.lock(host, me, None)?;
        result
    }

    /// Wakes one waiter, if there is one.
    #[inline]
    pub fn signal(&self, host: &impl Platform) {
        self.wake(host, 1);
    }

    /// Wakes all waiters.
    #[inline]
    pub fn broadcast(&self, host: &impl Platform) {
        self.wake(host, futex::ALL);
    }

    #[inline]
    fn wake(&self, host: &impl Platform, count: u32) {
        core::sync::atomic::fence(Ordering::SeqCst);
        if self.waiters.load(Ordering::SeqCst) == 0 {
            return;
        }
        let (word, shared) = (&raw const self.sequence, self.is_shared());
        // From here on a waiter may leave and free the object.
        self.sequence.fetch_add(1, Ordering::SeqCst);
        futex::wake(host, word, count, shared);
    }

    /// Waits until every woken thread has left, so that the memory can be reused (POSIX.1-2024 allows that right after a
    /// broadcast).
    pub fn destroy(&self, host: &impl Platform) {
        if self.waiters.fetch_or(LEAVING, Ordering::SeqCst) != 0 {
            // A thread that still waits is an error of the program; woken, it comes to light there and not here.
            self.sequence.fetch_add(1, Ordering::SeqCst);
            futex::wake(host, &self.sequence, futex::ALL, self.is_shared());
            loop {
                let waiters = self.waiters.load(Ordering::SeqCst);
                if waiters == LEAVING {
                    break;
                }
                let _ = futex::wait(host, &self.waiters, waiters, None, self.is_shared());
            }
        }
        self.waiters.store(0, Ordering::Release);
    }
}
