//! `<signal.h>`: actions, masks and sending. `pthread_kill` and `pthread_sigmask` are in `pthread`.

pub mod names;
pub mod older;

use super::action::sigaction;
use crate::rt::abi::signal as number;
use crate::rt::{CResult, Errno, Process, Result, Signals, Waiting, blocking, host, set_errno, thread};
use crate::types::{c_int, pid_t, sigset_t};

/// A signal that programs may name: 1 to 64 less 32 to 34, which the ABI keeps for the library.
fn valid(signal: c_int) -> Result<c_int> {
    match signal {
        1..32 | 35..=number::LAST => Ok(signal),
        _ => Err(Errno::INVAL),
    }
}

/// C23 7.14.2.1: to the calling thread. `EINVAL`.
#[export]
pub extern "C" fn raise(signal: c_int) -> c_int {
    host().signal_send(host().process_id(), thread().id.get(), signal).or_minus_one()
}

/// POSIX.1-2024. `EINVAL`, `ESRCH`, `EPERM`.
#[export]
pub extern "C" fn kill(process: pid_t, signal: c_int) -> c_int {
    host().signal_send(process, 0, signal).or_minus_one()
}

/// POSIX.1-2024. `EINVAL` for a signal that does not exist, or cannot be caught.
///
/// # Safety
/// The pointers are null or valid; a handler is a function of the form that the flags say.
#[export("sigaction")]
pub unsafe extern "C" fn set_action(signal: c_int, action: *const sigaction, old: *mut sigaction) -> c_int {
    // SAFETY: caller contract.
    let action = unsafe { action.as_ref() }.map(|action| (*action).into());
    let done = valid(signal).and_then(|signal| host().signal_action(signal, action)).map(|before| {
        if !old.is_null() {
            // SAFETY: caller contract.
            unsafe { old.write(before.into()) };
        }
    });
    done.or_minus_one()
}

/// C23 7.14.1.1 with BSD semantics, as the ABI has it: the action stays, interrupted calls restart. `SIG_ERR` (-1) with `EINVAL`.
///
/// # Safety
/// `handler` is a function of one `int`, or `SIG_DFL` (0), `SIG_IGN` (1).
#[export]
pub unsafe extern "C" fn signal(signal: c_int, handler: usize) -> usize {
    let action = platform::SignalAction { handler, mask: 0, flags: number::SA_RESTART };
    let before = valid(signal).and_then(|signal| host().signal_action(signal, Some(action)));
    before.map(|before| before.handler).or_errno(usize::MAX)
}

/// POSIX.1-2024: as `pthread_sigmask`, with -1 and errno. `EINVAL` for an unknown `how`.
///
/// # Safety
/// The pointers are null or valid.
#[export]
pub unsafe extern "C" fn sigprocmask(how: c_int, set: *const sigset_t, old: *mut sigset_t) -> c_int {
    // SAFETY: caller contract.
    let mask = unsafe { set.as_ref() }.map(|set| set.bits[0]);
    let done = host().signal_mask(how as u32, mask).map(|before| {
        if !old.is_null() {
            let mut bits = [0; 16];
            bits[0] = before;
            // SAFETY: caller contract.
            unsafe { old.write(sigset_t { bits }) };
        }
    });
    done.or_minus_one()
}

/// POSIX.1-2024. A cancellation point. Waits for a handler with this mask: always `EINTR`.
///
/// # Safety
/// `mask` is valid.
#[export]
pub unsafe extern "C" fn sigsuspend(mask: *const sigset_t) -> c_int {
    // SAFETY: caller contract.
    let mask = unsafe { (*mask).bits[0] };
    blocking(|| host().wait_many(&mut [], None, Some(mask))).map(|_| 0).or_minus_one()
}

/// POSIX.1-2024. A cancellation point. Waits for a handler: always `EINTR`.
#[export]
pub extern "C" fn pause() -> c_int {
    blocking(|| host().wait_many(&mut [], None, None)).map(|_| 0).or_minus_one()
}

/// POSIX.1-2024. Cannot fail.
///
/// # Safety
/// `set` is valid for one write.
#[export]
pub unsafe extern "C" fn sigemptyset(set: *mut sigset_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { set.write(sigset_t::default()) };
    0
}

/// POSIX.1-2024: all signals but those that the ABI keeps for the library. Cannot fail.
///
/// # Safety
/// `set` is valid for one write.
#[export]
pub unsafe extern "C" fn sigfillset(set: *mut sigset_t) -> c_int {
    let mut bits = [0; 16];
    bits[0] = !(0b111 << 31);
    // SAFETY: caller contract.
    unsafe { set.write(sigset_t { bits }) };
    0
}

/// Changes or asks for the bit of one signal.
///
/// # Safety
/// `set` is valid.
unsafe fn with_bit(set: *mut sigset_t, signal: c_int, change: impl FnOnce(&mut u64, u64) -> c_int) -> c_int {
    match valid(signal) {
        // SAFETY: caller contract.
        Ok(signal) => change(unsafe { &mut (*set).bits[0] }, 1 << (signal - 1)),
        Err(errno) => {
            set_errno(errno);
            -1
        }
    }
}

/// POSIX.1-2024. `EINVAL`.
///
/// # Safety
/// `set` is valid.
#[export]
pub unsafe extern "C" fn sigaddset(set: *mut sigset_t, signal: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe {
        with_bit(set, signal, |bits, bit| {
            *bits |= bit;
            0
        })
    }
}

/// POSIX.1-2024. `EINVAL`.
///
/// # Safety
/// `set` is valid.
#[export]
pub unsafe extern "C" fn sigdelset(set: *mut sigset_t, signal: c_int) -> c_int {
    // SAFETY: caller contract.
    unsafe {
        with_bit(set, signal, |bits, bit| {
            *bits &= !bit;
            0
        })
    }
}

/// POSIX.1-2024. `EINVAL`.
///
/// # Safety
/// `set` is valid.
#[export]
pub unsafe extern "C" fn sigismember(set: *const sigset_t, signal: c_int) -> c_int {
    // SAFETY: caller contract; nothing is written.
    unsafe { with_bit(set.cast_mut(), signal, |bits, bit| c_int::from(*bits & bit != 0)) }
}

/// GNU: 1 for a set without a signal, else 0.
///
/// # Safety
/// `set` is valid.
#[export]
pub unsafe extern "C" fn sigisemptyset(set: *const sigset_t) -> c_int {
    // SAFETY: caller contract.
    c_int::from(unsafe { (*set).bits[0] == 0 })
}

/// `SIGRTMAX`.
#[export]
pub extern "C" fn __libc_current_sigrtmax() -> c_int {
    number::LAST
}

/// `SIGRTMIN`.
#[export]
pub extern "C" fn __libc_current_sigrtmin() -> c_int {
    35
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::sync::atomic::{AtomicI32, Ordering};

    static SEEN: AtomicI32 = AtomicI32::new(0);

    extern "C" fn note(signal: c_int) {
        SEEN.store(signal, Ordering::Relaxed);
    }

    #[test]
    fn a_blocked_signal_comes_when_it_is_let_through() {
        let handler = note as extern "C" fn(c_int) as usize;
        let mut set = sigset_t::default();
        // SAFETY: local sets; the handler is a function of one int.
        unsafe {
            assert_eq!(signal(15, handler), 0);
            assert_eq!(signal(15, handler), handler);
            assert_eq!((sigemptyset(&raw mut set), sigaddset(&raw mut set, 15)), (0, 0));
            assert_eq!(sigprocmask(0, &raw const set, core::ptr::null_mut()), 0);
            assert_eq!((raise(15), SEEN.load(Ordering::Relaxed)), (0, 0));
            assert_eq!(sigprocmask(1, &raw const set, core::ptr::null_mut()), 0);
        }
        assert_eq!(SEEN.load(Ordering::Relaxed), 15);
    }

    #[test]
    fn signals_outside_the_range_are_einval() {
        let mut set = sigset_t::default();
        for wrong in [0, -1, 32, 33, 34, 65] {
            thread().errno.set(0);
            // SAFETY: a local set.
            assert_eq!((unsafe { sigaddset(&raw mut set, wrong) }, thread().errno.get()), (-1, 22), "{wrong}");
        }
        // SAFETY: a local set.
        unsafe { sigfillset(&raw mut set) };
        // SAFETY: a local set.
        assert_eq!(unsafe { (sigismember(&raw const set, 31), sigismember(&raw const set, 64)) }, (1, 1));
    }
}
