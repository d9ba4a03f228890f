//! Signals: Windows has none, so the process keeps masks, actions and pending signals itself.
//!
//! A signal is delivered on the thread it is for when that thread sends it to itself, unblocks it, or waits in a request that
//! signals interrupt; a thread that runs the guest's own code is stopped and sent into the handler (`redirect`).

use core::sync::atomic::Ordering;

use platform::abi::signal;
use platform::{Errno, Result, SignalAction};
use windows_sys::Win32::System::Threading::Sleep;

use super::actions::{self, UNTOUCHABLE, bit};
use super::task::{self, Task};
use super::{frame, interrupt};
use crate::sys::native::exit;

/// What delivering did.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ran {
    /// No handler ran.
    Nothing,
    /// Only handlers that let requests go on (SA_RESTART).
    Restart,
    /// A handler that ends requests.
    Interrupt,
}

/// Delivers all that is pending for the calling thread.
pub fn deliver() -> Ran {
    let task = task::current();
    let mut ran = Ran::Nothing;
    while let Some(number) = task.take() {
        match run(task, number, &mut frame::Info::user(number), &mut frame::Context::empty()) {
            None => {}
            Some(action) if action.flags & signal::SA_RESTART != 0 => {
                if ran == Ran::Nothing {
                    ran = Ran::Restart;
                }
            }
            Some(_) => ran = Ran::Interrupt,
        }
    }
    ran
}

/// Delivers all that is pending for the calling thread into the guest's code that `context` describes.
pub fn deliver_into(context: &mut frame::Context) {
    let task = task::current();
    while let Some(number) = task.take() {
        run(task, number, &mut frame::Info::user(number), context);
    }
}

/// `EINTR` when a signal handler ran now.
pub fn handled() -> Result<()> {
    if task::current().waiting() != 0 && deliver() != Ran::Nothing { Err(Errno::INTR) } else { Ok(()) }
}

/// `EINTR` when a signal handler ran now, or the thread is interrupted.
pub fn interrupted_always() -> Result<()> {
    handled()?;
    interrupt::check()
}

/// `EINTR` when a signal handler without SA_RESTART ran now, or the thread is interrupted.
pub fn interrupted() -> Result<()> {
    if task::current().waiting() != 0 && deliver() == Ran::Interrupt { Err(Errno::INTR) } else { interrupt::check() }
}

/// As [`interrupted`] after a console read that Ctrl-C ended: the thread that tells which signal may come a moment later.
pub fn interrupted_by_console() -> Result<()> {
    for _ in 0..20 {
        if task::current().waiting() != 0 {
            return interrupted();
        }
        // SAFETY: no pointers.
        unsafe { Sleep(5) };
    }
    Ok(())
}

/// Treats one signal on the calling thread; the action whose handler ran.
pub fn run(task: &Task, number: i32, info: &mut frame::Info, context: &mut frame::Context) -> Option<SignalAction> {
    let action = actions::take(number)?;
    match action.handler {
        signal::HANDLER_IGNORE => return None,
        signal::HANDLER_DEFAULT if actions::is_ignored_by_default(number) => return None,
        signal::HANDLER_DEFAULT => exit::terminate(number),
        _ => {}
    }
    let before = task.mask.load(Ordering::SeqCst);
    context.set_mask(before);
    let own = if action.flags & signal::SA_NODEFER == 0 { bit(number) } else { 0 };
    task.mask.store((before | action.mask | own) & !UNTOUCHABLE, Ordering::SeqCst);
    // SAFETY: the guest gave this address as a handler of this type.
    let handler = unsafe { core::mem::transmute::<usize, frame::Handler>(action.handler) };
    let floating = frame::Floating::set_aside();
    handler(number, info, context);
    floating.restore();
    // The handler may have changed the mask that its caller gets back.
    task.mask.store(context.mask() & !UNTOUCHABLE, Ordering::SeqCst);
    Some(action)
}

/// `pthread_sigmask`.
pub fn mask(how: u32, change: Option<u64>) -> Result<u64> {
    let task = task::current();
    // What came before is not blocked any more: this thread may be the only one that was told.
    if change.is_some() && task.waiting() != 0 {
        deliver();
    }
    let old = task.mask.load(Ordering::SeqCst);
    if let Some(change) = change {
        let new = match how {
            signal::BLOCK => old | change,
            signal::UNBLOCK => old & !change,
            signal::SET_MASK => change,
            _ => return Err(Errno::INVAL),
        };
        task.mask.store(new & !UNTOUCHABLE, Ordering::SeqCst);
        if task.waiting() != 0 {
            deliver();
        }
    }
    Ok(old)
}

/// Blocks these signals instead, for a wait; those blocked before. What could come before has come.
pub fn exchange_mask(mask: u64) -> u64 {
    let task = task::current();
    if task.waiting() != 0 {
        deliver();
    }
    task.mask.swap(mask & !UNTOUCHABLE, Ordering::SeqCst)
}

/// The end of [`exchange_mask`].
pub fn restore_mask(mask: u64) {
    let task = task::current();
    task.mask.store(mask, Ordering::SeqCst);
    if task.waiting() != 0 {
        deliver();
    }
}

/// Sends the calling thread a signal, as a fault of its own request does (SIGPIPE).
pub fn raise(number: i32) {
    let task = task::current();
    task.pend(number);
    if task.waiting() != 0 {
        deliver();
    }
}
