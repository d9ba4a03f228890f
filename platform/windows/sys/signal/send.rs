//! Sending signals, to threads of this process and to other processes.

use alloc::sync::Arc;

use platform::abi::signal;
use platform::{Errno, Result, SignalAction, Signals};
use windows_sys::Win32::Foundation::{CloseHandle, WAIT_TIMEOUT};
use windows_sys::Win32::System::Threading::{
    OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE, TerminateProcess,
    WaitForSingleObject,
};

use super::actions::{self, bit};
use super::task::{self, Task};
use super::{delivery, redirect};
use crate::Windows;
use crate::pure::exit_code;
use crate::sys::native::nt::last_error;
use crate::sys::native::{clock, exit, thread, timer};
use crate::sys::process::{children, identity};

impl Signals for Windows {
    fn signal_action(&self, signal: i32, action: Option<SignalAction>) -> Result<SignalAction> {
        actions::set(signal, action)
    }

    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64> {
        delivery::mask(how, mask)
    }

    /// `kill` and `tgkill`.
    fn signal_send(&self, process_id: i32, thread_id: i32, number: i32) -> Result<()> {
        if !(0..=signal::LAST).contains(&number) {
            return Err(Errno::INVAL);
        }
        if thread_id != 0 {
            let target = task::find(thread_id).ok_or(Errno::SRCH)?;
            return to_thread(&target, number);
        }
        match process_id {
            0 => to_process(number),
            own if own == identity::id() => to_process(number),
            1.. => to_other(process_id, number),
            // Groups are not kept: only a lone process is one.
            group if group == -identity::id() => to_process(number),
            _ => Err(Errno::SRCH),
        }
    }
}

fn to_thread(target: &Arc<Task>, number: i32) -> Result<()> {
    match number {
        0 => return Ok(()),
        signal::KILL => exit::terminate(number),
        signal::STOP => return Err(Errno::NOSYS),
        _ => {}
    }
    target.pend(number);
    if target.id == task::current().id {
        if target.waiting() != 0 {
            delivery::deliver();
        }
    } else {
        notify(target, number);
    }
    Ok(())
}

/// A signal for whichever thread does not block it: the calling one if it can be, else the first.
pub fn to_process(number: i32) -> Result<()> {
    match number {
        0 => return Ok(()),
        signal::KILL => exit::terminate(number),
        signal::STOP => return Err(Errno::NOSYS),
        _ => {}
    }
    task::pend_for_process(number);
    let own = task::current();
    if own.waiting() & bit(number) != 0 {
        delivery::deliver();
        return Ok(());
    }
    tell_one(number);
    Ok(())
}

/// A signal that came from outside, on a thread of Windows: it must not run handlers of the guest itself.
pub fn from_outside(number: i32) {
    task::pend_for_process(number);
    tell_one(number);
}

/// Tells a thread of a signal for the process. One that blocks it before it took it leaves it to another.
fn tell_one(number: i32) {
    while task::pends_for_process(number)
        && let Some(target) = task::first_open_to(number)
        && !notify(&target, number)
    {}
}

/// Gets a thread's attention: ends its wait, or stops it in the guest's code. A thread in a request of the platform is asked
/// again until it takes the signal, for a while; one that stays there finds it at its next wait. False: the signal does not wait for it
/// any more, as it was taken or is blocked now.
fn notify(target: &Task, number: i32) -> bool {
    /// Tries before the first pause.
    const EAGER: u32 = 10;
    /// By the clock, as pauses may be longer than asked for.
    const WHILE_NS: u64 = 400_000_000;
    let begin = clock::monotonic();
    if target.handle.is_none() {
        return true;
    }
    target.end_wait();
    for attempt in 0_u32.. {
        if target.waiting() & bit(number) == 0 {
            return false;
        }
        if clock::monotonic().saturating_ns_since(begin) > WHILE_NS {
            break;
        }
        target.end_marked_wait();
        if redirect::into_handler(target) {
            break;
        }
        if attempt <= EAGER {
            thread::yield_now();
        } else {
            timer::pause(1);
        }
    }
    true
}

/// Other processes: what the default action does, or nothing. Windows cannot call a handler in another process.
fn to_other(process_id: i32, number: i32) -> Result<()> {
    let rights = PROCESS_TERMINATE | PROCESS_SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION;
    // SAFETY: no pointers; the handle is checked and closed.
    unsafe {
        let raw = OpenProcess(rights, 0, process_id as u32);
        if raw.is_null() {
            return Err(match last_error() {
                Errno::INVAL => Errno::SRCH,
                Errno::ACCES => Errno::PERM,
                other => other,
            });
        }
        let alive = WaitForSingleObject(raw, 0) == WAIT_TIMEOUT;
        let result = match number {
            // A child that ended and was not waited for is still there for `kill`.
            _ if !alive => {
                if children::is_child(process_id) {
                    Ok(())
                } else {
                    Err(Errno::SRCH)
                }
            }
            0 => Ok(()),
            signal::STOP | signal::CONT => Err(Errno::NOSYS),
            _ if actions::is_ignored_by_default(number) => Ok(()),
            _ if TerminateProcess(raw, exit_code::signaled(number)) != 0 => Ok(()),
            _ => Err(Errno::PERM),
        };
        CloseHandle(raw);
        result
    }
}
