//! Stacks of threads.
//!
//! Windows commits a stack page by page and keeps guard pages below what is committed. Code of the guest may use frames
//! that skip them, so here a stack is committed whole when its thread starts. Its lowest pages stay guards: touching one is a
//! stack overflow, and they are the room in which Windows then dispatches the exception.
//!
//!     allocation            usable                                 end
//!     | a page, no access | guard: GUARANTEE | committed             |

use core::arch::asm;

use windows_sys::Win32::System::Memory::{MEM_COMMIT, PAGE_GUARD, PAGE_READWRITE, VirtualAlloc, VirtualProtect};
use windows_sys::Win32::System::Threading::{GetCurrentThreadStackLimits, SetThreadStackGuarantee};

use super::regions::PAGE;

/// What lies below the usable part: with its lowest page as much as one step of Windows' allocations.
pub const BELOW: usize = 64 << 10;
/// Room for the exception of an exhausted stack: registers (up to 11 KB of them), the dispatcher and our handler.
const GUARANTEE: usize = BELOW - PAGE;
/// `StackLimit` of the thread environment block: the lowest page that is no guard.
const STACK_LIMIT: usize = 0x10;

/// Lowest usable address and end of the calling thread's stack.
pub fn bounds() -> (usize, usize) {
    let (mut low, mut end) = (0, 0);
    // SAFETY: two words are written.
    unsafe { GetCurrentThreadStackLimits(&mut low, &mut end) };
    (low + BELOW, end)
}

/// Commits the calling thread's stack. Without the memory for it the stack stays as Windows made it, and grows.
pub fn commit() {
    let (usable, _) = bounds();
    let guard = usable - GUARANTEE;
    let here = core::ptr::from_ref(&usable) as usize & !(PAGE - 1);
    let mut guarantee = GUARANTEE as u32;
    let mut before = 0;
    // SAFETY: pages of this stack below those in use, which begin at `here`; the limit is the one that now holds.
    unsafe {
        SetThreadStackGuarantee(&mut guarantee);
        let pages = guard as *mut core::ffi::c_void;
        if here > usable
            && !VirtualAlloc(pages, here - guard, MEM_COMMIT, PAGE_READWRITE).is_null()
            // Pages that were committed before, the guard of a growing stack among them, keep their protection otherwise.
            && VirtualProtect(pages, here - guard, PAGE_READWRITE, &mut before) != 0
            && VirtualProtect(pages, GUARANTEE, PAGE_READWRITE | PAGE_GUARD, &mut before) != 0
        {
            asm!("mov gs:[{}], {}", in(reg) STACK_LIMIT, in(reg) usable, options(nostack, preserves_flags));
        }
    }
}
