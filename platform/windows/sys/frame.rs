//! What a signal handler of the guest sees, and the way of a thread into it and back.
//!
//! A thread is sent into a handler ([`send`]) by setting its instruction pointer to [`enter`] and its stack pointer to where
//! its [`Frame`] is to be. Nothing is written there yet: as long as an exception is dispatched, the dispatcher lives in that
//! memory. What the frame needs waits in the thread's [`Arrivals`]. When the thread goes on, `enter` saves the extended
//! registers (XSAVE), has the frame written and the handler called, loads the registers, which the handler may have changed,
//! and goes on with IRETQ, which needs no stack of the interrupted code.

use core::arch::{asm, naked_asm};
use core::cell::UnsafeCell;
use core::mem::{MaybeUninit, offset_of};
use core::sync::atomic::{AtomicUsize, Ordering};

use windows_sys::Win32::System::Diagnostics::Debug::CONTEXT;

use super::{fault, signals};
use crate::pure::signal_frame;

/// `siginfo_t` of musl.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub struct Info {
    number: i32,
    errno: i32,
    code: i32,
    gap: i32,
    /// `si_addr`, or `si_pid` and `si_uid`.
    first: u64,
    rest: [u64; 13],
}

impl Info {
    /// Sent by `kill` (SI_USER).
    pub fn user(number: i32) -> Self {
        let uid = u64::from(super::process::ids().uid);
        let pid = super::process::id() as u32;
        Self { number, errno: 0, code: 0, gap: 0, first: uid << 32 | u64::from(pid), rest: [0; 13] }
    }

    /// Caused by a fault at an address.
    pub const fn fault(number: i32, code: i32, address: u64) -> Self {
        Self { number, errno: 0, code, gap: 0, first: address, rest: [0; 13] }
    }
}

/// `ucontext_t` of musl.
#[repr(C)]
pub struct Context {
    flags: u64,
    link: u64,
    stack: [u64; 3],
    /// `gregset_t`, in the order of `REG_*`.
    pub registers: [u64; 23],
    /// `fpregset_t`: the FXSAVE image.
    pub floating: usize,
    reserved: [u64; 8],
    mask: [u64; 16],
    floating_memory: [u64; 64],
}

const _: () = assert!(size_of::<Info>() == 128 && size_of::<Context>() == 936);
const _: () = assert!(offset_of!(Context, registers) == 40 && offset_of!(Context, floating) == 224);
const _: () = assert!(offset_of!(Context, mask) == 296 && offset_of!(Context, floating_memory) == 424);

/// `REG_*`
pub mod register {
    #![allow(missing_docs)]
    pub const RIP: usize = 16;
    pub const ERROR: usize = 19;
    pub const TRAP: usize = 20;
    pub const CR2: usize = 22;
}

impl Context {
    /// For a signal that no code was interrupted for.
    pub const fn empty() -> Self {
        Self {
            flags: 0,
            link: 0,
            stack: [0; 3],
            registers: [0; 23],
            floating: 0,
            reserved: [0; 8],
            mask: [0; 16],
            floating_memory: [0; 64],
        }
    }

    /// `uc_sigmask`.
    pub fn mask(&self) -> u64 {
        self.mask[0]
    }

    /// Sets `uc_sigmask`.
    pub fn set_mask(&mut self, mask: u64) {
        self.mask[0] = mask;
    }
}

/// The floating-point environment of a thread, of x87 and of SSE.
#[repr(C)]
pub struct Floating {
    x87: [u32; 7],
    sse: u32,
}

impl Floating {
    /// The thread's. In its place comes the one that every handler begins with, as on Linux: no exceptions, rounding to the
    /// nearest, an empty x87 stack.
    pub fn set_aside() -> Self {
        const INITIAL_SSE: u32 = 0x1F80;
        let mut aside = Self { x87: [0; 7], sse: 0 };
        // SAFETY: 28 and 4 bytes are written; the x87 registers are named as changed.
        unsafe {
            asm!(
                "fnstenv [{aside}]",
                "fninit",
                "stmxcsr [{aside} + 28]",
                "ldmxcsr [{initial}]",
                aside = in(reg) &raw mut aside, initial = in(reg) &INITIAL_SSE,
                out("st(0)") _, out("st(1)") _, out("st(2)") _, out("st(3)") _,
                out("st(4)") _, out("st(5)") _, out("st(6)") _, out("st(7)") _,
                options(nostack, preserves_flags),
            );
        }
        aside
    }

    /// Puts it back.
    pub fn restore(&self) {
        // SAFETY: what `set_aside` wrote.
        unsafe {
            asm!(
                "fldenv [{aside}]",
                "ldmxcsr [{aside} + 28]",
                aside = in(reg) self,
                out("st(0)") _, out("st(1)") _, out("st(2)") _, out("st(3)") _,
                out("st(4)") _, out("st(5)") _, out("st(6)") _, out("st(7)") _,
                options(nostack, readonly, preserves_flags),
            );
        }
    }
}

/// A signal handler of the guest; the last two arguments count with SA_SIGINFO.
pub type Handler = extern "sysv64" fn(i32, *mut Info, *mut Context);

/// What lies at the stack pointer while a handler runs that [`enter`] called; XSAVE's area begins right behind it.
#[repr(C, align(64))]
struct Frame {
    context: Context,
    info: Info,
    /// What IRETQ loads.
    back: [u64; 5],
}

/// An interruption on its way to the handler.
pub struct Arrival {
    /// The signal, or number 0 to deliver what is pending.
    info: Info,
    /// The interrupted code's, as the handler sees them and as they are loaded afterwards.
    pub registers: [u64; 23],
}

impl Arrival {
    /// For a thread that was interrupted with these registers.
    pub fn new(info: Info, context: &CONTEXT) -> Self {
        let c = context;
        let segments = u64::from(c.SegCs) | u64::from(c.SegSs) << 48;
        #[rustfmt::skip]
        let registers = [
            c.R8, c.R9, c.R10, c.R11, c.R12, c.R13, c.R14, c.R15, c.Rdi, c.Rsi, c.Rbp, c.Rbx, c.Rdx, c.Rax, c.Rcx, c.Rsp,
            c.Rip, u64::from(c.EFlags), segments, 0, 0, 0, 0,
        ];
        Self { info, registers }
    }

    /// For what is pending.
    pub fn pending(context: &CONTEXT) -> Self {
        Self::new(Info::fault(0, 0, 0), context)
    }
}

/// Where a thread's next [`Arrival`] waits.
pub struct Arrivals(UnsafeCell<MaybeUninit<Arrival>>);

// SAFETY: written by the thread itself or while it stands still, in either case outside [`enter`], which alone reads.
unsafe impl Sync for Arrivals {}

impl Arrivals {
    /// None yet.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(MaybeUninit::uninit()))
    }
}

/// Bytes of XSAVE's area with the features that the system enabled; 0 until [`prepare`].
static SAVE_BYTES: AtomicUsize = AtomicUsize::new(0);

/// Called before the guest has its first handler.
pub fn prepare() {
    if SAVE_BYTES.load(Ordering::Relaxed) == 0 {
        // Leaf 13: EBX is the size for the features in XCR0. Windows 11 and all processors since 2011 have XSAVE.
        // `cpuid` is slow in virtual machines, so it is not asked earlier.
        let one = core::arch::x86_64::__cpuid(1);
        if one.ecx & 1 << 27 != 0 {
            let size = core::arch::x86_64::__cpuid_count(13, 0).ebx as usize;
            SAVE_BYTES.store(size.max(576).next_multiple_of(64), Ordering::Relaxed);
        }
    }
}

/// Sends a thread into its handlers: `context` is changed so that it goes on in [`enter`] when it is loaded. `false` where
/// handlers cannot run, and then nothing is changed: there was no [`prepare`], or the stack has no room.
///
/// # Safety
/// `context` is that of the thread that owns `arrivals`, which was interrupted outside [`enter`]; it is loaded before that
/// thread runs anything but the exception's dispatcher.
pub unsafe fn send(arrival: Arrival, arrivals: &Arrivals, context: &mut CONTEXT) -> bool {
    let save_bytes = SAVE_BYTES.load(Ordering::Relaxed);
    let place = signal_frame::place(context.Rsp as usize, None, size_of::<Frame>(), save_bytes);
    let Some(place) = place.filter(|place| save_bytes != 0 && fault::is_writable(&place.needed)) else { return false };
    // SAFETY: caller contract: nobody reads it now.
    let waiting = unsafe { &mut *arrivals.0.get() };
    context.Rip = enter as *const () as u64;
    context.Rsp = place.frame as u64;
    context.Rdi = core::ptr::from_ref(waiting.write(arrival)) as u64;
    // Neither single steps nor backward string instructions in the handler.
    context.EFlags &= !0x500;
    true
}

/// The rest of [`enter`]: writes the frame and calls the handlers.
extern "sysv64" fn entered(arrival: &Arrival, frame: &mut MaybeUninit<Frame>) {
    let area = core::ptr::from_mut(frame).wrapping_add(1) as usize;
    let Arrival { info, registers } = arrival;
    let context = Context { registers: *registers, floating: area, ..Context::empty() };
    // From here on the next interruption may use the arrival.
    let Frame { context, info, .. } = frame.write(Frame { context, info: *info, back: [0; 5] });
    let number = info.number;
    if number != 0 {
        signals::run(signals::task(), number, info, context);
    }
    signals::deliver_into(context);
}

/// Where a thread goes on that was sent into its handlers: `rdi` is its [`Arrival`], the stack pointer where its [`Frame`]
/// will be, and the extended registers are the interrupted code's.
///
/// # Safety
/// Only by way of [`send`].
#[unsafe(naked)]
unsafe extern "sysv64" fn enter() {
    naked_asm!(
        "mov rbx, rsp",
        // XRSTOR wants the header's unused words zero, and XSAVE leaves them.
        "xor eax, eax",
        "mov [rbx + {area} + 512], rax",
        "mov [rbx + {area} + 520], rax",
        "mov [rbx + {area} + 528], rax",
        "mov [rbx + {area} + 536], rax",
        "mov [rbx + {area} + 544], rax",
        "mov [rbx + {area} + 552], rax",
        "mov [rbx + {area} + 560], rax",
        "mov [rbx + {area} + 568], rax",
        "mov eax, -1",
        "mov edx, -1",
        "xsave64 [rbx + {area}]",
        "mov rsi, rsp",
        "call {entered}",
        "mov eax, -1",
        "mov edx, -1",
        "xrstor64 [rbx + {area}]",
        // gregs: r8..r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, flags
        "mov rax, [rsp + 168]",
        "mov [rsp + {back}], rax",
        "mov eax, cs",
        "mov [rsp + {back} + 8], rax",
        "mov rax, [rsp + 176]",
        "mov [rsp + {back} + 16], rax",
        "mov rax, [rsp + 160]",
        "mov [rsp + {back} + 24], rax",
        "mov eax, ss",
        "mov [rsp + {back} + 32], rax",
        "mov r8, [rsp + 40]",
        "mov r9, [rsp + 48]",
        "mov r10, [rsp + 56]",
        "mov r11, [rsp + 64]",
        "mov r12, [rsp + 72]",
        "mov r13, [rsp + 80]",
        "mov r14, [rsp + 88]",
        "mov r15, [rsp + 96]",
        "mov rdi, [rsp + 104]",
        "mov rsi, [rsp + 112]",
        "mov rbp, [rsp + 120]",
        "mov rbx, [rsp + 128]",
        "mov rdx, [rsp + 136]",
        "mov rax, [rsp + 144]",
        "mov rcx, [rsp + 152]",
        "lea rsp, [rsp + {back}]",
        "iretq",
        area = const size_of::<Frame>(),
        back = const offset_of!(Frame, back),
        entered = sym entered,
    )
}
