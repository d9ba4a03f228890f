//! Threads, their slot and their stacks.

use platform_operations::operations;

use crate::{Errno, Result, ThreadStart};

/// Threads, their slot and their stacks.
#[operations(threads)]
pub trait Threads: Sync {
    /// Starts a thread that frees its own stack when it ends; it blocks the signals that the caller blocks. `EAGAIN` when the
    /// host has no room for it.
    #[slot(76, optional)]
    fn thread_create(&self, start: ThreadStart) -> Result<()>;
    /// Ends the calling thread, not the process.
    #[slot(11)]
    fn thread_exit(&self) -> !;
    /// A number that no other living thread of the host process has.
    #[slot(12)]
    fn thread_id(&self) -> i32;
    /// Lowest address and end of the calling thread's stack.
    #[slot(77, optional)]
    fn thread_stack(&self) -> Result<(usize, usize)>;
    /// Sets the calling thread's slot.
    #[slot(13)]
    fn set_thread_slot(&self, value: usize);
    /// `sched_yield`.
    #[slot(14)]
    fn yield_now(&self);
    /// Processors that this process may run on, at least 1.
    #[slot(15)]
    fn processor_count(&self) -> usize;
}
