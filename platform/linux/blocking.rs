//! System calls that can wait, and what ends their waiting.
//!
//! Such a call is made in one place, a few instructions that look at the thread's interrupt word and enter the kernel. Who wants the call
//! to end writes the word and sends the thread a signal. Its handler moves the thread on to the way out where it finds it on these
//! instructions and the word is set: between the look and the kernel, or put back onto the entry by the kernel, which restarts a call for
//! SA_RESTART only where it had no effect. What has had an effect is behind them. So a request is neither lost nor does it hide an effect.
//!
//! The signal may also come while the handler of another one runs, on top of a call that will be restarted. There it is sent again, blocked until
//! that handler has returned, and comes back to these instructions. Where there was no such call it stays blocked and pending, which
//! does no harm before the word is written once more; the next call that finds the word not set takes the block away.

use core::ffi::c_void;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use platform::{Errno, INTERRUPT_OFFSET, INTERRUPTED, Result};

use crate::control::current;
use crate::interrupted::Interrupted;
use crate::signals::{self, Action, INTERRUPT as SIGNAL, MASK_BYTES, bit};
use crate::sys::{call, int, kernel};

#[cfg(target_arch = "x86_64")]
core::arch::global_asm!(
    ".pushsection .text.xload_wait, \"ax\", @progbits",
    ".hidden xload_wait, xload_wait_begin, xload_wait_end, xload_wait_out",
    ".globl xload_wait, xload_wait_begin, xload_wait_end, xload_wait_out",
    ".type xload_wait, @function",
    "xload_wait:",
    ".cfi_startproc",
    "mov eax, esi",
    "mov r11, rdi",
    "mov rdi, rdx",
    "mov rsi, rcx",
    "mov rdx, r8",
    "mov r10, r9",
    "mov r8, [rsp + 8]",
    "mov r9, [rsp + 16]",
    "xload_wait_begin:",
    "cmp dword ptr [r11], {set}",
    "je xload_wait_out",
    "syscall",
    "xload_wait_end:",
    "ret",
    "xload_wait_out:",
    "mov rax, {interrupted}",
    "ret",
    ".cfi_endproc",
    ".size xload_wait, . - xload_wait",
    ".popsection",
    set = const INTERRUPTED,
    interrupted = const -(Errno::INTR.number() as isize),
);

#[cfg(target_arch = "aarch64")]
core::arch::global_asm!(
    ".pushsection .text.xload_wait, \"ax\", @progbits",
    ".hidden xload_wait, xload_wait_begin, xload_wait_end, xload_wait_out",
    ".globl xload_wait, xload_wait_begin, xload_wait_end, xload_wait_out",
    ".type xload_wait, @function",
    "xload_wait:",
    ".cfi_startproc",
    "mov w8, w1",
    "mov x9, x0",
    "mov x0, x2",
    "mov x1, x3",
    "mov x2, x4",
    "mov x3, x5",
    "mov x4, x6",
    "mov x5, x7",
    "xload_wait_begin:",
    "ldr w10, [x9]",
    "cmp w10, #{set}",
    "b.eq xload_wait_out",
    "svc 0",
    "xload_wait_end:",
    "ret",
    "xload_wait_out:",
    "mov x0, #{interrupted}",
    "ret",
    ".cfi_endproc",
    ".size xload_wait, . - xload_wait",
    ".popsection",
    set = const INTERRUPTED,
    interrupted = const -(Errno::INTR.number() as isize),
);

unsafe extern "C" {
    /// A system call, unless the word is set.
    fn xload_wait(word: *const u32, number: u32, a: usize, b: usize, c: usize, d: usize, e: usize, f: usize) -> isize;
    /// The instructions from the look at the word to the entry of the kernel, and the way out.
    static xload_wait_begin: c_void;
    static xload_wait_end: c_void;
    static xload_wait_out: c_void;
}

/// The word of threads that have none.
static NEVER: AtomicU32 = AtomicU32::new(0);

/// The calling thread's interrupt word.
fn word() -> &'static AtomicU32 {
    match current().slot.load(Ordering::Relaxed) {
        0 => &NEVER,
        // SAFETY: the contract of the slot: a block with an interrupt word, that lives as long as the slot has its address.
        block => unsafe { &*core::ptr::with_exposed_provenance(block + INTERRUPT_OFFSET) },
    }
}

/// As [`call`], for one that can wait: `EINTR`, without an effect, when the interrupt word is set before the call has one.
///
/// # Safety
/// As the system call says.
pub(crate) unsafe fn blocking<const N: usize>(number: u32, arguments: [usize; N]) -> Result<usize> {
    let word = word();
    if current().deferred.load(Ordering::Relaxed) != 0 && word.load(Ordering::Relaxed) != INTERRUPTED {
        accept();
    }
    let mut a = [0; 6];
    for (to, from) in a.iter_mut().zip(arguments) {
        *to = from;
    }
    // SAFETY: caller contract.
    let answer = unsafe { xload_wait(word.as_ptr(), number, a[0], a[1], a[2], a[3], a[4], a[5]) };
    if answer < 0 { Err(Errno::from_number(-answer as i32)) } else { Ok(answer as usize) }
}

/// Lets the signal come to this thread again.
#[cold]
fn accept() {
    current().deferred.store(0, Ordering::Relaxed);
    let only = bit(SIGNAL);
    let address = (&raw const only).expose_provenance();
    // SAFETY: the kernel reads one word. It fails for no set of signals.
    let _ = unsafe { call(kernel::__NR_rt_sigprocmask, [signals::UNBLOCK, address, 0, MASK_BYTES]) };
}

/// Has the handler installed, and the signal come to this thread. Before there is a second thread.
pub(crate) fn prepare() {
    static READY: AtomicUsize = AtomicUsize::new(0);
    if READY.load(Ordering::Relaxed) != 0 {
        return;
    }
    let flags = platform::abi::signal::SA_SIGINFO | platform::abi::signal::SA_RESTART;
    let handler = on_signal as extern "C" fn(i32, *const c_void, *mut Interrupted) as usize;
    // No other handler on top of this one.
    let _ = signals::set(SIGNAL, Some(&Action::new(handler, flags.into(), u64::MAX)));
    // Whoever started the process may have blocked it.
    accept();
    READY.store(1, Ordering::Relaxed);
}

/// Before another program takes this one's place: what is pending stays so, and would end it.
pub(crate) fn forget() {
    if current().deferred.load(Ordering::Relaxed) == 0 {
        return;
    }
    let (only, now) = (bit(SIGNAL), [0_u64; 2]);
    let addresses = [(&raw const only).expose_provenance(), (&raw const now).expose_provenance()];
    // SAFETY: the kernel reads a set of signals and a time.
    let _ = unsafe { call(kernel::__NR_rt_sigtimedwait, [addresses[0], 0, addresses[1], MASK_BYTES]) };
    accept();
}

/// `thread_interrupt`.
pub(crate) fn interrupt(thread: i32) -> Result<()> {
    if thread <= 0 {
        return Err(Errno::SRCH);
    }
    prepare();
    let process = rustix::process::getpid().as_raw_nonzero().get();
    // SAFETY: no memory is involved.
    unsafe { call(kernel::__NR_tgkill, [int(process), int(thread), int(SIGNAL)]) }.map(drop)
}

extern "C" fn on_signal(_: i32, _: *const c_void, interrupted: *mut Interrupted) {
    if word().load(Ordering::SeqCst) != INTERRUPTED {
        return;
    }
    // SAFETY: the kernel passes the interrupted context, which is the handler's to change.
    let interrupted = unsafe { &mut *interrupted };
    let [begin, end, out] =
        [&raw const xload_wait_begin, &raw const xload_wait_end, &raw const xload_wait_out].map(<*const _>::addr);
    if (begin..end).contains(&interrupted.pc) {
        interrupted.pc = out;
        return;
    }
    interrupted.mask |= bit(SIGNAL);
    current().deferred.store(1, Ordering::Relaxed);
    let this = rustix::thread::gettid().as_raw_nonzero().get();
    let _ = interrupt(this);
}
