//! Rust's own allocations in the library come from the same heap.

use core::alloc::{GlobalAlloc, Layout};

struct Heap;

#[global_allocator]
static HEAP: Heap = Heap;

// SAFETY: objects have the size and alignment asked for and stay until released; nothing unwinds.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        super::allocate_aligned(layout.align(), layout.size())
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.align() <= super::ALIGN {
            return super::allocate_zeroed(layout.size());
        }
        let object = super::allocate_aligned(layout.align(), layout.size());
        if !object.is_null() {
            // SAFETY: a new object of that size.
            unsafe { object.write_bytes(0, layout.size()) };
        }
        object
    }
    unsafe fn dealloc(&self, object: *mut u8, _layout: Layout) {
        // SAFETY: contract of the trait.
        unsafe { super::release(object) };
    }
    unsafe fn realloc(&self, object: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: contract of the trait.
        unsafe {
            if layout.align() <= super::ALIGN {
                return super::reallocate(object, bytes);
            }
            let target = super::allocate_aligned(layout.align(), bytes);
            if !target.is_null() {
                target.copy_from_nonoverlapping(object, layout.size().min(bytes));
                super::release(object);
            }
            target
        }
    }
}
