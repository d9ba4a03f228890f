//! The block that the thread pointer of every thread points into.
//!
//! Own, not `origin`'s thread-local data: the thread slot is a field, so its offset is one constant on every thread. All
//! fields lie on the side of the thread pointer that the TLS ABI of the CPU leaves to the system: above it on x86_64, below
//! +16 on aarch64. The other side, where a program's own thread-local data belongs, stays free.

use core::mem::offset_of;
use core::sync::atomic::{AtomicUsize, Ordering};

#[cfg(target_arch = "x86_64")]
use crate::sys::{call, kernel};

/// x86_64 (TLS variant II): the thread pointer is the address of this block.
#[cfg(target_arch = "x86_64")]
#[repr(C, align(64))]
pub(crate) struct Control {
    /// The psABI's copy of the thread pointer at `fs:0`.
    this: AtomicUsize,
    /// `fs:8` belongs to whoever manages dynamic TLS.
    _dynamic_tls: AtomicUsize,
    pub slot: AtomicUsize,
    pub mapping: AtomicUsize,
    pub mapping_bytes: AtomicUsize,
    /// `fs:0x28`: the stack protector's canary of compilers that target Linux.
    canary: AtomicUsize,
    pub stack_low: AtomicUsize,
    pub stack_end: AtomicUsize,
    /// Whether the signal that ends waiting may be blocked on this thread (`blocking.rs`).
    pub deferred: AtomicUsize,
}

/// aarch64 (TLS variant I): the thread pointer is the end of this block less the 16 bytes that the ABI reserves there.
#[cfg(target_arch = "aarch64")]
#[repr(C, align(64))]
pub(crate) struct Control {
    pub slot: AtomicUsize,
    pub mapping: AtomicUsize,
    pub mapping_bytes: AtomicUsize,
    pub stack_low: AtomicUsize,
    pub stack_end: AtomicUsize,
    /// Whether the signal that ends waiting may be blocked on this thread (`blocking.rs`).
    pub deferred: AtomicUsize,
    /// `tpidr_el0` points here; the word belongs to whoever manages dynamic TLS.
    dynamic_tls: AtomicUsize,
    _abi: AtomicUsize,
}

#[cfg(target_arch = "x86_64")]
const POINTER_OFFSET: usize = 0;
#[cfg(target_arch = "aarch64")]
const POINTER_OFFSET: usize = offset_of!(Control, dynamic_tls);

/// From the thread pointer to the slot.
pub(crate) const SLOT_OFFSET: isize = offset_of!(Control, slot) as isize - POINTER_OFFSET as isize;

#[cfg(target_arch = "x86_64")]
const _: () = assert!(offset_of!(Control, canary) == 0x28);
#[cfg(target_arch = "aarch64")]
const _: () = assert!(size_of::<Control>() == POINTER_OFFSET + 16);

/// The first thread's block.
static MAIN: Control = Control {
    #[cfg(target_arch = "x86_64")]
    this: AtomicUsize::new(0),
    #[cfg(target_arch = "x86_64")]
    _dynamic_tls: AtomicUsize::new(0),
    slot: AtomicUsize::new(0),
    mapping: AtomicUsize::new(0),
    mapping_bytes: AtomicUsize::new(0),
    stack_low: AtomicUsize::new(0),
    stack_end: AtomicUsize::new(0),
    deferred: AtomicUsize::new(0),
    #[cfg(target_arch = "x86_64")]
    canary: AtomicUsize::new(0),
    #[cfg(target_arch = "aarch64")]
    dynamic_tls: AtomicUsize::new(0),
    #[cfg(target_arch = "aarch64")]
    _abi: AtomicUsize::new(0),
};

impl Control {
    /// Fills the fields that the ABI wants and gives the thread pointer for this block.
    pub(crate) fn pointer(&self, _canary: usize) -> usize {
        let address = core::ptr::from_ref(self).expose_provenance();
        #[cfg(target_arch = "x86_64")]
        {
            self.this.store(address, Ordering::Relaxed);
            self.canary.store(_canary, Ordering::Relaxed);
        }
        address + POINTER_OFFSET
    }

    /// The canary that a new thread inherits.
    pub(crate) fn canary(&self) -> usize {
        #[cfg(target_arch = "x86_64")]
        return self.canary.load(Ordering::Relaxed);
        #[cfg(target_arch = "aarch64")]
        0
    }
}

/// The calling thread's block.
pub(crate) fn current() -> &'static Control {
    let pointer: usize;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: `fs:0` holds the thread pointer on every thread that `start` or `threads` made.
    unsafe {
        core::arch::asm!("mov {}, fs:[0]", out(reg) pointer, options(nostack, preserves_flags, readonly, pure));
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: reads a register.
    unsafe {
        core::arch::asm!("mrs {}, tpidr_el0", out(reg) pointer, options(nostack, preserves_flags, nomem, pure));
    }
    // SAFETY: every thread pointer of this process was made by `Control::pointer`; the block lives as long as its thread.
    unsafe { &*core::ptr::with_exposed_provenance::<Control>(pointer - POINTER_OFFSET) }
}

/// Gives the first thread its block. `stack_top` is an address near the end of its stack.
///
/// # Safety
/// Once, on the only thread, before any other use of this file.
pub(crate) unsafe fn adopt_main(stack_top: usize, canary: usize) {
    MAIN.stack_end.store(stack_top, Ordering::Relaxed);
    let pointer = MAIN.pointer(canary);
    #[cfg(target_arch = "x86_64")]
    // SAFETY: nothing uses thread-local data yet.
    unsafe {
        // The call fails for no address of this program.
        let _ = call(kernel::__NR_arch_prctl, [kernel::ARCH_SET_FS as usize, pointer]);
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    unsafe {
        core::arch::asm!("msr tpidr_el0, {}", in(reg) pointer, options(nostack, preserves_flags, nomem));
    }
}
