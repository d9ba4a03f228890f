//! Emulated thread-local storage: what `-femulated-tls` compiles accesses into.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::malloc;
use crate::rt::{self, Thread};
use crate::sync::Locked;
use crate::types::c_void;

/// What the compiler makes for each thread-local variable (LLVM and GCC agree on it).
#[repr(C)]
#[derive(Debug)]
pub struct Control {
    size: usize,
    align: usize,
    /// Number of the variable, from 1; 0 until its first use in the process.
    number: AtomicUsize,
    /// Initial bytes, null for zero.
    template: *const c_void,
}

/// The last number given.
static NUMBERS: Locked<usize> = Locked::new(0);

/// Address of the calling thread's copy of the variable.
///
/// # Safety
/// `control` is one that a compiler made.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn __emutls_get_address(control: *const Control) -> *mut c_void {
    // SAFETY: caller contract.
    let control = unsafe { &*control };
    let thread = rt::thread();
    let number = control.number.load(Ordering::Acquire);
    // Number 0 wraps to an index beyond every table.
    let index = number.wrapping_sub(1);
    if index < thread.emutls_length.get() {
        // SAFETY: the table has that many entries.
        let address = unsafe { *thread.emutls.get().add(index) };
        if !address.is_null() {
            return address;
        }
    }
    first_use(control, thread)
}

#[cold]
fn first_use(control: &Control, thread: &Thread) -> *mut c_void {
    let index = number_of(control) - 1;
    let address = malloc::allocate_aligned(control.align.next_power_of_two(), control.size.max(1));
    if address.is_null() || !grow(thread, index) {
        rt::fatal(&["out of memory for a thread-local variable"]);
    }
    // SAFETY: a new object of that size; the template has it too; the table has an entry for the index.
    unsafe {
        if control.template.is_null() {
            address.write_bytes(0, control.size);
        } else {
            address.copy_from_nonoverlapping(control.template.cast(), control.size);
        }
        *thread.emutls.get().add(index) = address.cast();
    }
    address.cast()
}

fn number_of(control: &Control) -> usize {
    NUMBERS.with(rt::host(), |last| {
        let mut number = control.number.load(Ordering::Relaxed);
        if number == 0 {
            *last += 1;
            number = *last;
            control.number.store(number, Ordering::Release);
        }
        number
    })
}

/// Makes the thread's table long enough for an index.
fn grow(thread: &Thread, index: usize) -> bool {
    let old = thread.emutls_length.get();
    if index < old {
        return true;
    }
    let length = (index + 1).next_multiple_of(16).max(old * 2);
    // SAFETY: the table is null or an object of the allocator; the new entries lie inside the new one.
    unsafe {
        let table = malloc::reallocate(thread.emutls.get().cast(), length * size_of::<*mut c_void>());
        if table.is_null() {
            return false;
        }
        let table = table.cast::<*mut c_void>();
        table.add(old).write_bytes(0, length - old);
        thread.emutls.set(table);
    }
    thread.emutls_length.set(length);
    true
}

/// Frees all the thread's copies.
pub fn free_all(thread: &Thread) {
    let table = thread.emutls.replace(core::ptr::null_mut());
    let length = thread.emutls_length.replace(0);
    for index in 0..length {
        // SAFETY: the table has that many entries, each null or an object of the allocator.
        unsafe { malloc::release((*table.add(index)).cast()) };
    }
    // SAFETY: null or an object of the allocator, no longer in use.
    unsafe { malloc::release(table.cast()) };
}
