//! Emulated thread-local storage: what `-femulated-tls` compiles accesses into.

use alloc::vec::Vec;
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

/// What the threads' tables have in common.
struct Tables {
    /// By number less one: the address of the variable's control, 0 while the number is free.
    controls: Vec<usize>,
    /// The threads that have a table, linked by their blocks.
    threads: *const Thread,
}

// SAFETY: blocks of threads, each of which leaves the list before it ends.
unsafe impl Send for Tables {}

static TABLES: Locked<Tables> = Locked::new(Tables { controls: Vec::new(), threads: core::ptr::null() });

/// Address of the calling thread's copy of the variable.
///
/// # Safety
/// `control` is a [`Control`] that a compiler made.
#[export]
pub unsafe extern "C" fn __emutls_get_address(control: *const c_void) -> *mut c_void {
    // SAFETY: caller contract.
    let control = unsafe { &*control.cast::<Control>() };
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
    let address = malloc::allocate_aligned(control.align.next_power_of_two(), control.size.max(1));
    // SAFETY: the calling thread's block.
    let place = TABLES.with(rt::host(), |tables| unsafe {
        let index = tables.number_of(control)? - 1;
        tables.place(thread, index)
    });
    let Some(place) = place.filter(|_| !address.is_null()) else {
        rt::fatal(&["out of memory for a thread-local variable"]);
    };
    // SAFETY: a new object of that size; the template has it too; the place is the calling thread's own.
    unsafe {
        if control.template.is_null() {
            address.write_bytes(0, control.size);
        } else {
            address.copy_from_nonoverlapping(control.template.cast(), control.size);
        }
        *place = address.cast();
    }
    address.cast()
}

impl Tables {
    /// The variable's number, a new one at its first use; `None` when there is no memory.
    fn number_of(&mut self, control: &Control) -> Option<usize> {
        let known = control.number.load(Ordering::Relaxed);
        if known != 0 {
            return Some(known);
        }
        let address = core::ptr::from_ref(control).addr();
        let number = match self.controls.iter_mut().zip(1..).find(|(place, _)| **place == 0) {
            Some((place, number)) => {
                *place = address;
                number
            }
            None => {
                self.controls.try_reserve(1).ok()?;
                self.controls.push(address);
                self.controls.len()
            }
        };
        control.number.store(number, Ordering::Release);
        Some(number)
    }

    /// The thread's entry for an index; its table is made long enough. `None` when there is no memory.
    ///
    /// # Safety
    /// `thread` is the calling thread.
    unsafe fn place(&mut self, thread: &Thread, index: usize) -> Option<*mut *mut c_void> {
        let old = thread.emutls_length.get();
        if index >= old {
            let length = (index + 1).next_multiple_of(16).max(old * 2);
            // SAFETY: the table is null or an object of the allocator; the new entries lie inside the new one.
            unsafe {
                let table = malloc::reallocate(thread.emutls.get().cast(), length * size_of::<*mut c_void>());
                if table.is_null() {
                    return None;
                }
                let table = table.cast::<*mut c_void>();
                table.add(old).write_bytes(0, length - old);
                thread.emutls.set(table);
            }
            thread.emutls_length.set(length);
            if old == 0 {
                thread.emutls_next.set(self.threads);
                self.threads = thread;
            }
        }
        // SAFETY: the table has that many entries.
        Some(unsafe { thread.emutls.get().add(index) })
    }

    /// The blocks in the list.
    fn threads(&self) -> impl Iterator<Item = &Thread> {
        // SAFETY: a thread leaves the list before its block goes.
        core::iter::successors(unsafe { self.threads.as_ref() }, |thread| unsafe { thread.emutls_next.get().as_ref() })
    }

    /// Frees a number, and all threads' copies of its variable, if it is still that of this control.
    fn forget(&mut self, index: usize, control: usize) {
        let Some(place) = self.controls.get_mut(index).filter(|place| **place == control) else { return };
        *place = 0;
        for thread in self.threads().filter(|thread| index < thread.emutls_length.get()) {
            // SAFETY: the table has that many entries, each null or an object of the allocator that nobody uses: the code that
            // did is gone.
            unsafe { malloc::release(thread.emutls.get().add(index).replace(core::ptr::null_mut()).cast()) };
        }
    }
}

/// Frees the numbers and copies of variables whose control is no longer there, as its file was unloaded.
pub fn forget_unloaded(is_there: impl Fn(usize) -> bool) {
    let host = rt::host();
    // The lock is not held while the loader is asked: initialisers use variables under the loader's lock.
    for index in 0.. {
        let Some(control) = TABLES.with(host, |tables| tables.controls.get(index).copied()) else { return };
        if control != 0 && !is_there(control) {
            TABLES.with(host, |tables| tables.forget(index, control));
        }
    }
}

/// Frees all the thread's copies.
pub fn free_all(thread: &Thread) {
    if thread.emutls.get().is_null() {
        return;
    }
    TABLES.with(rt::host(), |tables| {
        if core::ptr::eq(tables.threads, thread) {
            tables.threads = thread.emutls_next.get();
        } else if let Some(before) = tables.threads().find(|before| core::ptr::eq(before.emutls_next.get(), thread)) {
            before.emutls_next.set(thread.emutls_next.get());
        }
        let table = thread.emutls.replace(core::ptr::null_mut());
        for index in 0..thread.emutls_length.replace(0) {
            // SAFETY: the table has that many entries, each null or an object of the allocator.
            unsafe { malloc::release((*table.add(index)).cast()) };
        }
        // SAFETY: an object of the allocator, no longer in use.
        unsafe { malloc::release(table.cast()) };
    });
}
