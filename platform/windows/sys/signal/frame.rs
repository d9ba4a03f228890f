//! What a signal handler of the guest sees and what waits for a thread that is sent into one. `enter` is its way there and back.

use core::arch::asm;
use core::cell::UnsafeCell;
use core::mem::{MaybeUninit, offset_of};
use core::sync::atomic::{AtomicUsize, Ordering};

use windows_sys::Win32::System::Diagnostics::Debug::CONTEXT;

use crate::pure::signal_frame;
use crate::sys::process::identity;

/// `siginfo_t` of musl.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub struct Info {
    /// The signal.
    pub number: i32,
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
        let uid = u64::from(identity::ids().uid);
        let pid = identity::id() as u32;
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
    registers: [u64; 23],
    /// `fpregset_t`: the FXSAVE image.
    floating: usize,
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
        Self::of([0; 23], 0)
    }

    /// For code that was interrupted with these registers and floating-point registers.
    pub const fn of(registers: [u64; 23], floating: usize) -> Self {
        Self {
            flags: 0,
            link: 0,
            stack: [0; 3],
            registers,
            floating,
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

/// What lies at the stack pointer while a handler runs that `enter` called; the area of the extended registers begins right behind it.
#[repr(C, align(64))]
pub struct Frame {
    /// Its context.
    pub context: Context,
    /// The signal.
    pub info: Info,
    /// What IRETQ loads.
    pub back: [u64; 5],
}

/// An interruption on its way to the handler.
pub struct Arrival {
    /// The signal, or number 0 to deliver what is pending.
    pub info: Info,
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

// SAFETY: written by the thread itself or while it stands still, in either case outside `enter`, which alone reads.
unsafe impl Sync for Arrivals {}

impl Arrivals {
    /// None yet.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(MaybeUninit::uninit()))
    }

    /// The place.
    pub const fn place(&self) -> *mut MaybeUninit<Arrival> {
        self.0.get()
    }
}

/// See [`save_bytes`]; for `enter`, which has no function to call yet.
pub static SAVE_BYTES: AtomicUsize = AtomicUsize::new(0);

/// Called before the guest has its first handler.
pub fn prepare() {
    if save_bytes() == 0 {
        // `cpuid` is slow in virtual machines, so it is not asked earlier.
        let bytes = signal_frame::save_bytes(|leaf| {
            let answer = core::arch::x86_64::__cpuid_count(leaf, 0);
            (answer.ebx, answer.ecx)
        });
        SAVE_BYTES.store(bytes, Ordering::Relaxed);
    }
}

/// Bytes of the area for the extended registers; 0 until [`prepare`].
pub fn save_bytes() -> usize {
    SAVE_BYTES.load(Ordering::Relaxed)
}
