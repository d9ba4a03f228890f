//! xbuild as an ordinary program for our C library: an archive with `main`, which `distx cc` links.
#![no_std]

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{c_char, c_int};

/// The C library's heap.
struct Heap;

// SAFETY: blocks are of the size and alignment that was asked for, and only given back to the functions that made them.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: plain calls; `posix_memalign` wants at least the alignment of a pointer.
        unsafe {
            if layout.align() <= 16 {
                return libc::malloc(layout.size()).cast();
            }
            let mut block = core::ptr::null_mut();
            match libc::posix_memalign(&mut block, layout.align(), layout.size()) {
                0 => block.cast(),
                _ => core::ptr::null_mut(),
            }
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, _: Layout) {
        // SAFETY: caller contract.
        unsafe { libc::free(block.cast()) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: caller contract; a block of larger alignment moves by hand, `realloc` would not keep it.
        unsafe {
            if layout.align() <= 16 {
                return libc::realloc(block.cast(), size).cast();
            }
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                core::ptr::copy_nonoverlapping(block, new, layout.size().min(size));
                self.dealloc(block, layout);
            }
            new
        }
    }
}

#[global_allocator]
static HEAP: Heap = Heap;

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    xbuild::panicked(info)
}

/// The entry.
///
/// # Safety
/// As C calls it: `count` strings, each of which stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn main(count: c_int, arguments: *const *const c_char) -> c_int {
    // SAFETY: caller contract.
    let arguments = (0..count as usize).map(|at| unsafe { core::ffi::CStr::from_ptr(*arguments.add(at)) });
    xbuild::run(arguments)
}
