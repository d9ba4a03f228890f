//! Signals: the kernel calls the guest's handler itself.

use core::sync::atomic::{AtomicU64, Ordering};
use platform::abi::signal;
use platform::{Errno, Result, SignalAction, Signals};

use crate::Linux;
use crate::sys::{call, int, kernel, last, stored};

/// `struct sigaction` of the kernel on both CPUs.
#[repr(C)]
struct Action {
    handler: usize,
    flags: u64,
    restorer: usize,
    mask: u64,
}

const MASK_BYTES: usize = size_of::<u64>();

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

impl Signals for Linux {
    fn signal_action(&self, signal: i32, action: Option<SignalAction>) -> Result<SignalAction> {
        let new = action.map(|action| {
            let function = !matches!(action.handler, signal::HANDLER_DEFAULT | signal::HANDLER_IGNORE);
            if function && (1..=signal::LAST).contains(&signal) {
                CAUGHT.fetch_or(bit(signal), Ordering::Relaxed);
            }
            Action {
                handler: action.handler,
                flags: u64::from(action.flags) | restore::FLAG,
                restorer: restore::address(),
                mask: action.mask,
            }
        });
        let new = new.as_ref().map_or(0, |new| core::ptr::from_ref(new).expose_provenance());
        // SAFETY: the kernel reads and writes one `Action` each; a handler is a function of the guest, as the trait says.
        let old: Action = unsafe {
            stored(|old: *mut Action| {
                call(kernel::__NR_rt_sigaction, [int(signal), new, old.expose_provenance(), MASK_BYTES])
            })
        }?;
        Ok(SignalAction { handler: old.handler, mask: old.mask, flags: (old.flags & !restore::FLAG) as u32 })
    }

    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64> {
        let new = mask.as_ref().map_or(0, |mask| core::ptr::from_ref(mask).expose_provenance());
        // SAFETY: the kernel reads and writes one word each.
        unsafe {
            stored(|old: *mut u64| {
                call(kernel::__NR_rt_sigprocmask, [how as usize, new, old.expose_provenance(), MASK_BYTES])
            })
        }
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

/// In a child before its program runs: handlers of the parent must not run there.
pub(crate) fn reset(defaults: u64) -> core::result::Result<(), Errno> {
    let all = CAUGHT.load(Ordering::Relaxed) | defaults;
    for number in (1..=signal::LAST).filter(|number| all & bit(*number) != 0) {
        let is_caught = defaults & bit(number) == 0;
        // An ignored signal stays ignored in the new program, unless it is asked for.
        if is_caught && Linux.signal_action(number, None)?.handler == signal::HANDLER_IGNORE {
            continue;
        }
        match Linux.signal_action(number, Some(SignalAction::default())) {
            // KILL and STOP cannot be set and are at their default.
            Ok(_) | Err(Errno::INVAL) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

pub(crate) fn terminate(number: i32) -> ! {
    let _ = Linux.signal_action(number, Some(SignalAction::default()));
    let this = rustix::thread::gettid().as_raw_nonzero().get();
    let _ = Linux.signal_send(0, this, number);
    if (1..=signal::LAST).contains(&number) {
        let _ = Linux.signal_mask(signal::UNBLOCK, Some(bit(number)));
    }
    // Only for a signal whose default is not to end the process.
    last(kernel::__NR_exit_group, 128 + number)
}
