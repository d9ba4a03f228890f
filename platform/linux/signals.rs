//! Signals: the kernel calls the guest's handler itself.

use core::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use platform::abi::signal;
use platform::{Errno, Result, SignalAction, Signals};

use crate::Linux;
use crate::sys::{call, int, kernel, last, stored};

/// `struct sigaction` of the kernel on both CPUs.
#[repr(C)]
pub(crate) struct Action {
    pub handler: usize,
    flags: u64,
    restorer: usize,
    mask: u64,
}

impl Action {
    pub(crate) const DEFAULT: Self = Self { handler: signal::HANDLER_DEFAULT, flags: 0, restorer: 0, mask: 0 };

    pub(crate) fn new(handler: usize, flags: u64, mask: u64) -> Self {
        Self { handler, flags: flags | restore::FLAG, restorer: restore::address(), mask }
    }
}

pub(crate) const MASK_BYTES: usize = size_of::<u64>();
pub(crate) const UNBLOCK: usize = signal::UNBLOCK as usize;

/// The signal that ends waiting (`blocking.rs`): of no meaning to the kernel, and one that the C libraries of Linux keep for themselves too.
/// Programs can neither block nor handle it.
pub(crate) const INTERRUPT: i32 = 33;

/// A set without the signal that ends waiting, which nobody blocks.
pub(crate) const fn blockable(mask: u64) -> u64 {
    mask & !bit(INTERRUPT)
}

/// Signals that were ever given a handler: what a child made by `spawn` must reset before it unblocks signals.
static CAUGHT: AtomicU64 = AtomicU64::new(0);

/// Ends a handler. aarch64 has one in the vDSO, x86_64 wants it from the process.
#[cfg(target_arch = "x86_64")]
mod restore {
    pub const FLAG: u64 = 0x0400_0000;

    /// Debuggers and unwinders recognise a signal frame by exactly these instructions.
    #[unsafe(naked)]
    unsafe extern "C" fn restorer() {
        core::arch::naked_asm!("mov rax, 15", "syscall")
    }

    pub fn address() -> usize {
        restorer as unsafe extern "C" fn() as usize
    }
}
#[cfg(target_arch = "aarch64")]
mod restore {
    pub const FLAG: u64 = 0;
    pub fn address() -> usize {
        0
    }
}

pub(crate) const fn bit(signal: i32) -> u64 {
    1 << ((signal - 1) & 63)
}

/// The handler that stands in for the default action of some signals (bit `n - 1` is signal `n`), on a stack of its own.
static STAND_IN: AtomicUsize = AtomicUsize::new(0);
static STOOD_FOR: AtomicU64 = AtomicU64::new(0);

/// Has a handler called in place of the signal's default action from now on; the guest goes on to see the default action. A signal that
/// is ignored now stays so. Once, before there are other threads.
pub(crate) fn stand_in(number: i32, handler: usize) {
    STAND_IN.store(handler, Ordering::Relaxed);
    STOOD_FOR.fetch_or(bit(number), Ordering::Relaxed);
    if let Ok(old) = set(number, Some(&default_action(number, 0, 0)))
        && old.handler != signal::HANDLER_DEFAULT
    {
        let _ = set(number, Some(&old));
    }
}

/// What the kernel gets where the guest wants the default action.
fn default_action(number: i32, flags: u64, mask: u64) -> Action {
    match STAND_IN.load(Ordering::Relaxed) {
        handler if STOOD_FOR.load(Ordering::Relaxed) & bit(number) != 0 => {
            Action::new(handler, flags | u64::from(signal::SA_SIGINFO | signal::SA_ONSTACK), mask)
        }
        _ => Action::new(signal::HANDLER_DEFAULT, flags, mask),
    }
}

/// What the guest asked for and the kernel is not told: there is no stack of the guest's for handlers (SA_ONSTACK), only that of the
/// one that stands in, which has its own ideas of SA_SIGINFO.
static FLAGS: [AtomicU32; signal::LAST as usize + 1] = [const { AtomicU32::new(0) }; signal::LAST as usize + 1];
const KEPT: u32 = signal::SA_ONSTACK | signal::SA_SIGINFO;

/// The kernel's action; the one before.
pub(crate) fn set(signal: i32, new: Option<&Action>) -> Result<Action> {
    let new = new.map_or(0, |new| core::ptr::from_ref(new).expose_provenance());
    // SAFETY: the kernel reads and writes one `Action` each; a handler is a function of the guest, as the trait says, or the one
    // that stands in.
    unsafe {
        stored(|old: *mut Action| {
            call(kernel::__NR_rt_sigaction, [int(signal), new, old.expose_provenance(), MASK_BYTES])
        })
    }
}

impl Signals for Linux {
    fn signal_action(&self, signal: i32, action: Option<SignalAction>) -> Result<SignalAction> {
        if signal == INTERRUPT {
            return Err(Errno::INVAL);
        }
        let new = action.map(|action| {
            let function = !matches!(action.handler, signal::HANDLER_DEFAULT | signal::HANDLER_IGNORE);
            if function && (1..=signal::LAST).contains(&signal) {
                CAUGHT.fetch_or(bit(signal), Ordering::Relaxed);
            }
            let flags = u64::from(action.flags & !signal::SA_ONSTACK);
            match action.handler {
                signal::HANDLER_DEFAULT => default_action(signal, flags, action.mask),
                handler => Action::new(handler, flags, action.mask),
            }
        });
        let old = set(signal, new.as_ref())?;
        let mut flags = (old.flags & !restore::FLAG) as u32 & !KEPT;
        if let Some(kept) = usize::try_from(signal).ok().and_then(|at| FLAGS.get(at)) {
            flags |= match action {
                Some(action) => kept.swap(action.flags & KEPT, Ordering::Relaxed),
                None => kept.load(Ordering::Relaxed),
            };
        }
        let stands_in = old.handler == STAND_IN.load(Ordering::Relaxed);
        let handler = if stands_in { signal::HANDLER_DEFAULT } else { old.handler };
        Ok(SignalAction { handler, mask: old.mask, flags })
    }

    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64> {
        change_mask(how, mask.map(blockable)).map(blockable)
    }

    fn signal_send(&self, process: i32, thread: i32, signal: i32) -> Result<()> {
        if thread != 0 {
            let group = rustix::process::getpid().as_raw_nonzero().get();
            // SAFETY: no memory is involved.
            return unsafe { call(kernel::__NR_tgkill, [int(group), int(thread), int(signal)]) }.map(drop);
        }
        // SAFETY: no memory is involved.
        unsafe { call(kernel::__NR_kill, [int(process), int(signal)]) }.map(drop)
    }
}

fn change_mask(how: u32, mask: Option<u64>) -> Result<u64> {
    let new = mask.as_ref().map_or(0, |mask| core::ptr::from_ref(mask).expose_provenance());
    // SAFETY: the kernel reads and writes one word each.
    unsafe {
        stored(|old: *mut u64| {
            call(kernel::__NR_rt_sigprocmask, [how as usize, new, old.expose_provenance(), MASK_BYTES])
        })
    }
}

/// No handler runs on this thread any more.
pub(crate) fn block_all() {
    let _ = change_mask(signal::SET_MASK, Some(u64::MAX));
}

/// In a child before its program runs: handlers of the parent must not run there.
pub(crate) fn reset(defaults: u64) -> core::result::Result<(), Errno> {
    let all = CAUGHT.load(Ordering::Relaxed) | defaults;
    for number in (1..=signal::LAST).filter(|number| all & bit(*number) != 0) {
        let is_caught = defaults & bit(number) == 0;
        // An ignored signal stays ignored in the new program, unless it is asked for.
        if is_caught && set(number, None)?.handler == signal::HANDLER_IGNORE {
            continue;
        }
        match set(number, Some(&Action::DEFAULT)) {
            // KILL and STOP cannot be set and are at their default.
            Ok(_) | Err(Errno::INVAL) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

pub(crate) fn terminate(number: i32) -> ! {
    let _ = set(number, Some(&Action::DEFAULT));
    let this = rustix::thread::gettid().as_raw_nonzero().get();
    let _ = Linux.signal_send(0, this, number);
    if (1..=signal::LAST).contains(&number) {
        let _ = Linux.signal_mask(signal::UNBLOCK, Some(bit(number)));
    }
    // Only for a signal whose default is not to end the process.
    last(kernel::__NR_exit_group, 128 + number)
}
