//! Stacks of threads.
//!
//! Windows commits a stack page by page and keeps guard pages below what is committed. Code of the guest may use frames
//! that skip them, so here a stack is committed whole when its thread starts. Its lowest pages stay guards: touching one is a
//! stack overflow, and they are the room in which Windows then dispatches the exception.
//!
//!     allocation            usable                                 end
//!     | a page, no access | guard: GUARANTEE | committed             |

use core::arch::{asm, naked_asm};
use core::ops::Range;

use windows_sys::Win32::System::Memory::{MEM_COMMIT, PAGE_GUARD, PAGE_READWRITE, VirtualAlloc, VirtualProtect};
use windows_sys::Win32::System::Threading::{GetCurrentThreadStackLimits, SetThreadStackGuarantee};

use super::regions::{PAGE, query};
use super::thread_word::ThreadWord;

/// What lies below the usable part: with its lowest page as much as one step of Windows' allocations.
pub const BELOW: usize = 64 << 10;
/// Room for the exception of an exhausted stack: registers (up to 11 KB of them), the dispatcher and our handler.
const GUARANTEE: usize = BELOW - PAGE;
// Of the thread environment block: where the stack ends, its lowest page that is no guard, and where its allocation begins.
const STACK_BASE: usize = 0x08;
const STACK_LIMIT: usize = 0x10;
const DEALLOCATION_STACK: usize = 0x1478;

/// A stack that is not the one that Windows made for the thread.
#[derive(Clone, Debug)]
pub struct Own {
    /// What can be used now. Below it, down to `allocation`, a guard page lets the stack grow.
    pub committed: Range<usize>,
    /// Where its memory begins: `committed.start` for a stack that does not grow.
    pub allocation: usize,
}

impl Own {
    /// Runs a function on this stack, of which Windows is told meanwhile: its libraries probe their frames down from the limit,
    /// and look for handlers of exceptions between limit and base.
    ///
    /// # Safety
    /// The memory is writable, ends at a multiple of 16, and is used for nothing else until the function returns. It returns.
    pub unsafe fn run(&self, function: extern "sysv64" fn(usize), argument: usize) {
        let Range { start, end } = self.committed;
        // SAFETY: caller contract.
        unsafe { switch(end, start, self.allocation, function, argument) };
    }
}

/// # Safety
/// That of [`Own::run`].
#[unsafe(naked)]
unsafe extern "sysv64" fn switch(
    end: usize,
    limit: usize,
    allocation: usize,
    function: extern "sysv64" fn(usize),
    argument: usize,
) {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push qword ptr gs:[{base}]",
        "push qword ptr gs:[{limit}]",
        "push qword ptr gs:[{allocation}]",
        "mov gs:[{base}], rdi",
        "mov gs:[{limit}], rsi",
        "mov gs:[{allocation}], rdx",
        "mov rsp, rdi",
        // Who walks along the frames ends at a return address of 0.
        "push 0",
        "push 0",
        "mov rdi, r8",
        "call rcx",
        "lea rsp, [rbp - 24]",
        "pop qword ptr gs:[{allocation}]",
        "pop qword ptr gs:[{limit}]",
        "pop qword ptr gs:[{base}]",
        "pop rbp",
        "ret",
        base = const STACK_BASE,
        limit = const STACK_LIMIT,
        allocation = const DEALLOCATION_STACK,
    )
}

/// Of a thread that was seen on a stack of the program's own: what Windows made for it. 0 before.
static HOME_BASE: ThreadWord = ThreadWord::new();
static HOME_LIMIT: ThreadWord = ThreadWord::new();
static HOME_ALLOCATION: ThreadWord = ThreadWord::new();

/// Tells Windows of the stack that the calling thread runs on now, where that is another one than before: programs switch stacks by
/// themselves (contexts, coroutines, stacks of signal handlers). Windows' libraries probe large frames down from the limit that they know, and
/// write there; they handle exceptions only between limit and base. Called wherever code of the guest enters the host.
#[inline(always)]
pub fn follow() {
    let (base, allocation, here): (usize, usize, usize);
    // SAFETY: reads two words of the thread's own block.
    unsafe {
        asm!(
            "mov {}, gs:[{base}]", "mov {}, gs:[{allocation}]", "mov {}, rsp",
            out(reg) base, out(reg) allocation, out(reg) here,
            base = const STACK_BASE, allocation = const DEALLOCATION_STACK,
            options(nostack, readonly, preserves_flags),
        );
    }
    if here.wrapping_sub(allocation) > base.wrapping_sub(allocation) {
        moved(here);
    }
}

#[cold]
fn moved(here: usize) {
    if HOME_BASE.get() == 0 {
        let (base, limit, allocation): (usize, usize, usize);
        // SAFETY: reads three words of the thread's own block.
        unsafe {
            asm!(
                "mov {}, gs:[{base}]", "mov {}, gs:[{limit}]", "mov {}, gs:[{allocation}]",
                out(reg) base, out(reg) limit, out(reg) allocation,
                base = const STACK_BASE, limit = const STACK_LIMIT, allocation = const DEALLOCATION_STACK,
                options(nostack, readonly, preserves_flags),
            );
        }
        HOME_ALLOCATION.set(allocation);
        // The end of a stack that overflowed is a guard again.
        HOME_LIMIT.set(limit.max(allocation + BELOW));
        HOME_BASE.set(base);
    }
    if (HOME_ALLOCATION.get()..=HOME_BASE.get()).contains(&here) {
        return tell(HOME_BASE.get(), HOME_LIMIT.get(), HOME_ALLOCATION.get());
    }
    // An empty stack begins at its end.
    let found = query(here - 1);
    let start = found.AllocationBase as usize;
    if found.State == MEM_COMMIT {
        tell(found.BaseAddress as usize + found.RegionSize, start, start);
    }
}

/// Writes what Windows knows of the calling thread's stack.
fn tell(base: usize, limit: usize, allocation: usize) {
    // SAFETY: words of the thread's own block, which describe the stack that it runs on.
    unsafe {
        asm!(
            "mov gs:[{base}], {}", "mov gs:[{limit}], {}", "mov gs:[{allocation}], {}",
            in(reg) base, in(reg) limit, in(reg) allocation,
            base = const STACK_BASE, limit = const STACK_LIMIT, allocation = const DEALLOCATION_STACK,
            options(nostack, preserves_flags),
        );
    }
}

/// Calls the function on the stack that Windows made for the thread, whose frames end here: Windows frees the stack that it knows with the
/// thread, and that may not be the program's.
pub fn go_home(function: extern "sysv64" fn() -> !) -> ! {
    let base = HOME_BASE.get();
    if base != 0 {
        tell(base, HOME_LIMIT.get(), HOME_ALLOCATION.get());
        // SAFETY: the upper end of a stack whose frames nobody returns to.
        unsafe { asm!("mov rsp, {}", "call {}", in(reg) (base - 256) & !15, in(reg) function, options(noreturn)) }
    }
    function()
}

/// Lowest usable address and end of the stack that Windows made for the calling thread.
pub fn bounds() -> (usize, usize) {
    if HOME_BASE.get() != 0 {
        return (HOME_ALLOCATION.get() + BELOW, HOME_BASE.get());
    }
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
            asm!("mov gs:[{limit}], {}", in(reg) usable, limit = const STACK_LIMIT, options(nostack, preserves_flags));
        }
    }
}

/// Makes a page the guard that it was before it was touched: the end of a stack, which another thread read or wrote.
pub fn guard_again(address: usize) {
    let mut before = 0;
    // SAFETY: the page was out of reach until now.
    unsafe {
        VirtualProtect((address & !(PAGE - 1)) as *const _, PAGE, query(address).Protect | PAGE_GUARD, &mut before)
    };
}
