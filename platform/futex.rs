//! Waiting on a word of memory.

use core::sync::atomic::AtomicU32;

use platform_operations::operations;

use crate::{Deadline, Result};

/// Waiting on a word of memory.
#[operations(futex)]
pub trait Futex: Sync {
    /// Sleeps while `*word == expected`: until a wake (or for no reason: callers test again), `ETIMEDOUT` at the
    /// deadline, `EAGAIN` when the word differs, `EINTR` after a signal handler or at the interrupt word ([`crate::INTERRUPT_OFFSET`]).
    /// `flags` are those of [`crate::abi::futex`].
    #[slot(16, waits)]
    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, flags: u32) -> Result<()>;
    /// Wakes up to `count` waiters of `word`; how many were woken where the host can tell, else 0.
    /// `shared`: those of other processes too.
    #[slot(17)]
    fn futex_wake(&self, word: &AtomicU32, count: u32, shared: bool) -> Result<usize>;
}
