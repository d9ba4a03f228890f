//! What the process does with each signal.

use platform::abi::signal;
use platform::{Errno, Result, SignalAction};

use super::frame;
use crate::sys::native::sync::Mutex;

static ACTIONS: Mutex<[SignalAction; 65]> =
    Mutex::new([SignalAction { handler: signal::HANDLER_DEFAULT, mask: 0, flags: 0 }; 65]);

/// SIGKILL and SIGSTOP cannot be blocked, caught or ignored.
pub const UNTOUCHABLE: u64 = bit(signal::KILL) | bit(signal::STOP);

/// The bit of a signal.
pub const fn bit(signal: i32) -> u64 {
    1 << (signal - 1)
}

/// Ignores these signals from now on: those that a parent ignored.
pub fn ignore(signals: u64) {
    let mut actions = ACTIONS.lock();
    for number in 1..=signal::LAST {
        if signals & bit(number) != 0
            && let Some(action) = actions.get_mut(number as usize)
        {
            action.handler = signal::HANDLER_IGNORE;
        }
    }
}

/// Signals that are ignored now.
pub fn ignored() -> u64 {
    let actions = ACTIONS.lock();
    (1..=signal::LAST)
        .filter(|number| actions.get(*number as usize).is_some_and(|row| row.handler == signal::HANDLER_IGNORE))
        .fold(0, |all, number| all | bit(number))
}

/// `sigaction`.
pub fn set(number: i32, new: Option<SignalAction>) -> Result<SignalAction> {
    let at = usize::try_from(number).ok().filter(|at| (1..=64).contains(at)).ok_or(Errno::INVAL)?;
    if new.is_some() && UNTOUCHABLE & bit(number) != 0 {
        return Err(Errno::INVAL);
    }
    if new.is_some_and(|new| new.handler != signal::HANDLER_DEFAULT) {
        frame::prepare();
    }
    let old = {
        let mut actions = ACTIONS.lock();
        let slot = actions.get_mut(at).ok_or(Errno::INVAL)?;
        let old = *slot;
        if let Some(new) = new {
            *slot = new;
        }
        old
    };
    Ok(old)
}

/// How a signal is treated now.
pub fn handler_of(number: i32) -> usize {
    ACTIONS.lock().get(number as usize).map_or(signal::HANDLER_DEFAULT, |action| action.handler)
}

/// Whether a signal's default action is to do nothing. Stopping is not possible here and so is nothing, too.
pub const fn is_ignored_by_default(number: i32) -> bool {
    matches!(number, signal::CHLD | signal::CONT | signal::URG | signal::WINCH | signal::STOP..=22)
}

/// The action for a signal that is delivered now. With SA_RESETHAND it is the last time.
pub fn take(number: i32) -> Option<SignalAction> {
    let mut actions = ACTIONS.lock();
    let slot = actions.get_mut(number as usize)?;
    let action = *slot;
    if action.flags & signal::SA_RESETHAND != 0 && action.handler > signal::HANDLER_IGNORE {
        slot.handler = signal::HANDLER_DEFAULT;
    }
    Some(action)
}
