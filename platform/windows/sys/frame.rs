//! What a signal handler of the guest sees, and the way of a thread into it and back.
//!
//! A thread is sent into a handler by setting its instruction pointer to [`enter`] and its stack pointer to a [`Frame`]
//! below its stack. `enter` saves all registers there (XSAVE), calls the handler, loads the registers, which the handler may
//! have changed, and goes on with IRETQ, which needs no stack of the interrupted code.

use core::arch::naked_asm;
use core::mem::offset_of;
use core::sync::atomic::{AtomicUsize, Ordering};

use super::signals;

/// `siginfo_t` of musl.
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
    pub const RSP: usize = 15;
    pub const RIP: usize = 16;
    pub const FLAGS: usize = 17;
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

/// A signal handler of the guest; the last two arguments count with SA_SIGINFO.
pub type Handler = extern "sysv64" fn(i32, *mut Info, *mut Context);

/// What lies at the stack pointer when [`enter`] begins.
#[repr(C, align(64))]
pub struct Frame {
    /// Registers; stack pointer, instruction pointer and flags are filled in beforehand.
    pub context: Context,
    info: Info,
    /// Where XSAVE stores, in 64-byte steps.
    save_area: usize,
    /// The signal of a fault; 0 to deliver what is pending.
    signal: i64,
    /// What IRETQ loads.
    back: [u64; 5],
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

/// Writes a frame below `stack`, leaving 128 bytes for code with a red zone; its address. `None` where handlers cannot run:
/// there was no [`prepare`], or `writable` says that the memory is not there.
///
/// # Safety
/// The memory below `stack` is free stack of a thread that does not run now, or of the calling one, where `writable`.
pub unsafe fn push(
    stack: u64,
    info: Info,
    signal: i32,
    writable: impl Fn(usize, usize) -> bool,
) -> Option<&'static mut Frame> {
    let save_bytes = SAVE_BYTES.load(Ordering::Relaxed);
    if save_bytes == 0 {
        return None;
    }
    let save_area = (stack as usize).checked_sub(128 + save_bytes)? & !63;
    let frame = save_area.checked_sub(size_of::<Frame>())? & !63;
    // Room for the handler's own first frames.
    if !writable(frame.checked_sub(8192)?, stack as usize) {
        return None;
    }
    let pointer = frame as *mut Frame;
    // SAFETY: caller contract.
    unsafe {
        pointer.write(Frame { context: Context::empty(), info, save_area, signal: i64::from(signal), back: [0; 5] });
        let frame = &mut *pointer;
        frame.context.floating = save_area;
        Some(frame)
    }
}

extern "sysv64" fn entered(frame: &mut Frame) {
    let Frame { context, info, signal, .. } = frame;
    if *signal != 0 {
        signals::run(signals::task(), *signal as i32, info, context);
    }
    signals::deliver_into(context);
}

/// Where a redirected thread starts. The stack pointer is at a [`Frame`]; all other registers are the interrupted code's.
///
/// # Safety
/// Only as described.
#[unsafe(naked)]
pub unsafe extern "sysv64" fn enter() {
    naked_asm!(
        // gregs: r8..r15, rdi, rsi, rbp, rbx, rdx, rax, rcx
        "mov [rsp + 40], r8",
        "mov [rsp + 48], r9",
        "mov [rsp + 56], r10",
        "mov [rsp + 64], r11",
        "mov [rsp + 72], r12",
        "mov [rsp + 80], r13",
        "mov [rsp + 88], r14",
        "mov [rsp + 96], r15",
        "mov [rsp + 104], rdi",
        "mov [rsp + 112], rsi",
        "mov [rsp + 120], rbp",
        "mov [rsp + 128], rbx",
        "mov [rsp + 136], rdx",
        "mov [rsp + 144], rax",
        "mov [rsp + 152], rcx",
        "cld",
        "mov rbx, rsp",
        "mov rdi, [rbx + {save_area}]",
        // XRSTOR wants the header's unused words zero, and XSAVE leaves them.
        "xor eax, eax",
        "mov [rdi + 512], rax",
        "mov [rdi + 520], rax",
        "mov [rdi + 528], rax",
        "mov [rdi + 536], rax",
        "mov [rdi + 544], rax",
        "mov [rdi + 552], rax",
        "mov [rdi + 560], rax",
        "mov [rdi + 568], rax",
        "mov eax, -1",
        "mov edx, -1",
        "xsave64 [rdi]",
        "mov rdi, rbx",
        "call {entered}",
        "mov rdi, [rbx + {save_area}]",
        "mov eax, -1",
        "mov edx, -1",
        "xrstor64 [rdi]",
        "mov rsp, rbx",
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
        save_area = const offset_of!(Frame, save_area),
        back = const offset_of!(Frame, back),
        entered = sym entered,
    )
}
