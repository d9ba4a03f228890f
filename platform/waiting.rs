//! Waiting for descriptors.

use platform_operations::operations;

use crate::{Deadline, Errno, Result, Wait};

/// Waiting for descriptors.
#[operations(waiting)]
pub trait Waiting: Sync {
    /// `ppoll` (POSIX.1-2024): looks at each item and sets its `returned`, which a negative `fd` has 0 in; when none has
    /// anything, sleeps until one does, and then looks again. How many items have something in `returned`; 0 at the deadline,
    /// which without items is the only end but `EINTR`. A time that has passed looks once. `Wait` says which events are told
    /// unasked.
    ///
    /// With a `mask` the signals blocked during the call are these, and before and after it those that the thread blocks: setting and
    /// waiting are one step, so that no signal that the mask lets through is missed.
    ///
    /// `EINTR` when a handler of a signal ran, whatever its SA_RESTART, or at the interrupt word
    /// ([`crate::INTERRUPT_OFFSET`]); `EINVAL` for a clock that is neither REALTIME nor MONOTONIC, or more items than there can be
    /// descriptors. After an error `returned` means nothing.
    #[slot(92, optional, waits)]
    fn wait_many(&self, items: &mut [Wait], deadline: Option<Deadline>, mask: Option<u64>) -> Result<usize>;
}
