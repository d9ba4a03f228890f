//! `<signal.h>`: sets as GNU joins them, and the ways of System V and BSD to what `sigaction` and `sigprocmask` do.

use super::{signal, valid};
use crate::rt::abi::signal as number;
use crate::rt::{CResult, Errno, Result, Signals, host};
use crate::types::{c_int, pid_t, sigset_t};
use platform::SignalAction;

/// `SIG_HOLD`.
const HOLD: usize = 2;

/// GNU: the signals in both sets. Cannot fail.
///
/// # Safety
/// `set` is valid for one write, the others for reads; they may be the same.
#[export]
pub unsafe extern "C" fn sigandset(set: *mut sigset_t, one: *const sigset_t, other: *const sigset_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { join(set, one, other, |one, other| one & other) }
}

/// GNU: the signals in either set. Cannot fail.
///
/// # Safety
/// As [`sigandset`].
#[export]
pub unsafe extern "C" fn sigorset(set: *mut sigset_t, one: *const sigset_t, other: *const sigset_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { join(set, one, other, |one, other| one | other) }
}

/// # Safety
/// As [`sigandset`].
unsafe fn join(
    set: *mut sigset_t,
    one: *const sigset_t,
    other: *const sigset_t,
    how: impl FnOnce(u64, u64) -> u64,
) -> c_int {
    let mut joined = sigset_t::default();
    // SAFETY: caller contract.
    unsafe {
        joined.bits[0] = how((*one).bits[0], (*other).bits[0]);
        set.write(joined);
    }
    0
}

/// POSIX.1-2024: to all processes of a group, 0 for the own. `EINVAL`, `ESRCH`, `EPERM`.
#[export]
pub extern "C" fn killpg(group: pid_t, signal: c_int) -> c_int {
    let sent = if group < 0 { Err(Errno::INVAL) } else { host().signal_send(-group, 0, signal) };
    sent.or_minus_one()
}

/// GNU: [`signal`].
///
/// # Safety
/// As [`signal`].
#[export]
pub unsafe extern "C" fn bsd_signal(number: c_int, handler: usize) -> usize {
    // SAFETY: caller contract.
    unsafe { signal(number, handler) }
}

/// Changes whether the calling thread blocks one signal; whether it did before.
fn block(how: u32, signal: c_int) -> Result<bool> {
    let bit = 1 << (valid(signal)? - 1);
    Ok(host().signal_mask(how, Some(bit))? & bit != 0)
}

/// POSIX.1-2008: blocks a signal for the calling thread. `EINVAL`.
#[export]
pub extern "C" fn sighold(signal: c_int) -> c_int {
    block(number::BLOCK, signal).map(drop).or_minus_one()
}

/// POSIX.1-2008: unblocks a signal for the calling thread. `EINVAL`.
#[export]
pub extern "C" fn sigrelse(signal: c_int) -> c_int {
    block(number::UNBLOCK, signal).map(drop).or_minus_one()
}

/// POSIX.1-2008: ignores a signal. `EINVAL`.
#[export]
pub extern "C" fn sigignore(signal: c_int) -> c_int {
    let ignore = SignalAction { handler: number::HANDLER_IGNORE, mask: 0, flags: 0 };
    valid(signal).and_then(|signal| host().signal_action(signal, Some(ignore))).map(drop).or_minus_one()
}

/// POSIX.1-2008: `SIG_HOLD` (2) blocks the signal and leaves its action; another action is set and lets the signal through. The action before,
/// `SIG_HOLD` where it was blocked; `SIG_ERR` (-1) with `EINVAL`.
///
/// # Safety
/// As [`signal`].
#[export]
pub unsafe extern "C" fn sigset(signal: c_int, handler: usize) -> usize {
    let change = || {
        let hold = handler == HOLD;
        let action = (!hold).then_some(SignalAction { handler, mask: 0, flags: 0 });
        let before = host().signal_action(valid(signal)?, action)?;
        let blocked = block(if hold { number::BLOCK } else { number::UNBLOCK }, signal)?;
        Ok(if blocked { HOLD } else { before.handler })
    };
    change().or_errno(usize::MAX)
}

/// POSIX.1-2008: whether the signal's handler ends requests that wait (flag not 0), or lets them go on. `EINVAL`.
#[export]
pub extern "C" fn siginterrupt(signal: c_int, flag: c_int) -> c_int {
    let change = || {
        let mut action = host().signal_action(valid(signal)?, None)?;
        action.flags = if flag == 0 { action.flags | number::SA_RESTART } else { action.flags & !number::SA_RESTART };
        host().signal_action(signal, Some(action))
    };
    change().map(drop).or_minus_one()
}
