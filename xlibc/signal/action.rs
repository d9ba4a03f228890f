//! `struct sigaction` of the C ABI.

use crate::types::{c_int, sigset_t};
use platform::SignalAction;

/// POSIX.1-2024 `<signal.h>`. The handler is a function or `SIG_DFL` (0), `SIG_IGN` (1).
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct sigaction {
    pub sa_handler: usize,
    pub sa_mask: sigset_t,
    pub sa_flags: c_int,
    pub sa_restorer: usize,
}

const _: () = assert!(size_of::<sigaction>() == 152);

impl From<SignalAction> for sigaction {
    fn from(from: SignalAction) -> Self {
        let mut bits = [0; 16];
        bits[0] = from.mask;
        Self { sa_handler: from.handler, sa_mask: sigset_t { bits }, sa_flags: from.flags as c_int, sa_restorer: 0 }
    }
}

impl From<sigaction> for SignalAction {
    fn from(from: sigaction) -> Self {
        Self { handler: from.sa_handler, mask: from.sa_mask.bits[0], flags: from.sa_flags as u32 }
    }
}
