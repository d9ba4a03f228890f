//! A few instructions that the memory and signal cases need: machine code as data, and the thread slot through its register.

use platform::{Slot, SlotBase};

/// A function that returns 42.
#[cfg(target_arch = "x86_64")]
pub(crate) const ANSWER: [u8; 6] = [0xb8, 42, 0, 0, 0, 0xc3];
/// A function that returns 42.
#[cfg(target_arch = "aarch64")]
pub(crate) const ANSWER: [u8; 8] = [0x40, 0x05, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6];

/// Makes written code visible to the processor's instruction fetch.
pub(crate) fn publish(_address: usize) {
    #[cfg(target_arch = "aarch64")]
    // SAFETY: cache maintenance of an address the caller has written to; one line is enough for `ANSWER`.
    unsafe {
        core::arch::asm!("dc cvau, {0}", "dsb ish", "ic ivau, {0}", "dsb ish", "isb", in(reg) _address, options(nostack));
    }
}

/// Calls code that was put at `address`.
///
/// # Safety
/// `ANSWER` lies there, published and executable.
pub(crate) unsafe fn call(address: usize) -> i32 {
    // SAFETY: caller contract.
    let function: extern "C" fn() -> i32 =
        unsafe { core::mem::transmute(core::ptr::with_exposed_provenance::<()>(address)) };
    function()
}

/// Reads the thread slot as the C library does.
///
/// # Safety
/// `slot` is that of the host this thread runs on.
pub(crate) unsafe fn slot(slot: Slot) -> usize {
    let value: usize;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: caller contract.
    unsafe {
        match slot.base {
            SlotBase::ThreadPointer => {
                core::arch::asm!("mov {}, fs:[{}]", out(reg) value, in(reg) slot.offset, options(nostack, readonly));
            }
            SlotBase::Gs => {
                core::arch::asm!("mov {}, gs:[{}]", out(reg) value, in(reg) slot.offset, options(nostack, readonly));
            }
        }
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: caller contract.
    unsafe {
        let _ = SlotBase::ThreadPointer;
        core::arch::asm!(
            "mrs {0}, tpidr_el0", "ldr {0}, [{0}, {1}]",
            out(reg) value, in(reg) slot.offset, options(nostack, readonly)
        );
    }
    value
}

/// Declares a function of the guest that takes one word, generic over the host.
macro_rules! guest_entry {
    ($(#[$meta:meta])* fn $name:ident<$host:ident: Platform>($argument:ident: usize) $body:block) => {
        #[cfg(target_arch = "x86_64")]
        $(#[$meta])*
        extern "sysv64" fn $name<$host: Platform>($argument: usize) $body
        #[cfg(not(target_arch = "x86_64"))]
        $(#[$meta])*
        extern "C" fn $name<$host: Platform>($argument: usize) $body
    };
}
pub(crate) use guest_entry;
