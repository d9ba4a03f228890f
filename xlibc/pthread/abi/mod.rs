//! What C sees of threads.

pub mod attributes;
pub mod barrier;
pub mod c11;
pub mod condvar;
pub mod mutex;
pub mod rwlock;
pub mod semaphore;
pub mod thread;

use crate::rt::{self, Result, abi::clock};
use crate::types::timespec;
use platform::{Deadline, Timespec};

/// The deadline at C's time of a clock.
///
/// # Safety
/// `time` is valid for reads.
unsafe fn deadline(clock: i32, time: *const timespec) -> Option<Deadline> {
    // SAFETY: caller contract.
    let timespec { tv_sec, tv_nsec } = unsafe { *time };
    Some(Deadline { clock, time: Timespec { seconds: tv_sec, nanoseconds: tv_nsec } })
}

/// The deadline at C's time of the wall clock.
///
/// # Safety
/// `time` is valid for reads.
unsafe fn real_deadline(time: *const timespec) -> Option<Deadline> {
    // SAFETY: caller contract.
    unsafe { deadline(clock::REALTIME, time) }
}

/// The calling thread's number.
#[inline]
fn me() -> i32 {
    rt::thread().id.get()
}

/// Stores an answer and reports success.
///
/// # Safety
/// `out` is valid for one write.
unsafe fn store<T>(out: *mut T, value: T) -> i32 {
    // SAFETY: caller contract.
    unsafe { out.write(value) };
    0
}

/// Stores an answer if there is one.
///
/// # Safety
/// `out` is valid for one write.
unsafe fn store_ok<T>(out: *mut T, value: Result<T>) -> Result<()> {
    // SAFETY: caller contract.
    value.map(|value| unsafe { out.write(value) })
}
