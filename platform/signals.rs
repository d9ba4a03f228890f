//! Signals: actions, masks, sending.

use platform_operations::operations;

use crate::{Errno, Result, SignalAction};

/// Signals: actions, masks, sending.
#[operations(signals)]
pub trait Signals: Sync {
    /// `sigaction`: sets the action if one is given and returns the one before.
    #[slot(86, optional)]
    fn signal_action(&self, signal: i32, action: Option<SignalAction>) -> Result<SignalAction>;
    /// `pthread_sigmask`: `how` is `signal::BLOCK`, `UNBLOCK` or `SET_MASK`; `None` asks only. The mask before.
    #[slot(87, optional)]
    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64>;
    /// `kill`; with a `thread` (from [`Platform::thread_id`]) that is not 0 only that thread of this process.
    #[slot(88, optional)]
    fn signal_send(&self, process: i32, thread: i32, signal: i32) -> Result<()>;
}
