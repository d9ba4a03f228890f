//! Threads, their slot and their stacks.

use platform_operations::operations;

use crate::{Errno, Result, ThreadStart};

/// Bytes from the address in a thread's slot to its *interrupt word*, an aligned `u32` that the C library writes and hosts only
/// read. A thread whose slot is 0 has none.
///
/// A host's duty in every operation that can wait (`waits`): when the word is [`INTERRUPTED`] at entry, or becomes it and
/// [`Threads::thread_interrupt`] is called, before the operation has had an effect, it fails with `EINTR` and without one. When it had
/// an effect it returns that. An operation that need not wait may be done without a look at the word. Exceptions: `futex_wait` with
/// [`crate::abi::futex::NO_INTERRUPT`], and operations of the loader itself.
pub const INTERRUPT_OFFSET: usize = 8;
/// The value of the interrupt word that ends waiting. Any other does not.
pub const INTERRUPTED: u32 = 1;

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
    /// Sets the calling thread's slot: 0, or the address of a block with an interrupt word ([`INTERRUPT_OFFSET`]).
    #[slot(13)]
    fn set_thread_slot(&self, value: usize);
    /// `sched_yield`.
    #[slot(14)]
    fn yield_now(&self);
    /// Processors that this process may run on, at least 1.
    #[slot(15)]
    fn processor_count(&self) -> usize;
    /// Has a thread of this process (from [`Threads::thread_id`]) look at its interrupt word: if that is [`INTERRUPTED`], what it waits
    /// for ends with `EINTR`. The caller has written the word before. Nothing happens to a thread that does not wait, or whose word
    /// is another, except that a wait may end with `EINTR` once. `ESRCH` where there is no such thread. Async-signal-safe.
    #[slot(91, optional)]
    fn thread_interrupt(&self, thread: i32) -> Result<()>;
}
