//! Emulated thread-local storage: what `-femulated-tls` compiles accesses into.
//!
//! A signal handler may be the first to use a variable (C23 7.14.1.1: thread-local objects that are lock-free atomics), whatever it
//! interrupts. So first uses block signals, and take memory from mappings of their own.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering, compiler_fence};

use crate::rt::{self, Arena, Thread};
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

/// An entry of a thread's table: the address of the thread's copy, null before its first use.
type Entry = AtomicPtr<c_void>;

/// What the threads' tables have in common.
struct Tables {
    /// By number less one: the address of the variable's control, 0 while the number is free.
    controls: *mut usize,
    /// Numbers given out, and those that there is room for.
    length: usize,
    capacity: usize,
    /// Where `controls` lies.
    memory: Arena,
    /// The threads that have a table, linked by their blocks.
    threads: *const Thread,
}

// SAFETY: blocks of threads, each of which leaves the list before it ends, and memory that is only used here.
unsafe impl Send for Tables {}

static TABLES: Locked<Tables> = Locked::new(Tables {
    controls: null_mut(),
    length: 0,
    capacity: 0,
    memory: Arena::EMPTY,
    threads: core::ptr::null(),
});

/// Address of the calling thread's copy of the variable. Async-signal-safe.
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
    let length = thread.emutls_length.load(Ordering::Relaxed);
    // A handler that comes between may make the table longer: with the length read first, it covers what follows.
    compiler_fence(Ordering::Acquire);
    if index < length {
        // SAFETY: the table has that many entries.
        let address = unsafe { (*thread.emutls.load(Ordering::Relaxed).add(index)).load(Ordering::Relaxed) };
        if !address.is_null() {
            return address;
        }
    }
    first_use(control, thread)
}

#[cold]
fn first_use(control: &Control, thread: &Thread) -> *mut c_void {
    // SAFETY: the calling thread's block.
    let address = rt::undisturbed(|_| TABLES.with(rt::host(), |tables| unsafe { tables.copy(control, thread) }));
    address.unwrap_or_else(|| rt::fatal(&["out of memory for a thread-local variable"]))
}

impl Tables {
    /// The thread's copy of the variable, made now unless a handler was quicker; `None` when there is no memory.
    ///
    /// # Safety
    /// `thread` is the calling thread.
    unsafe fn copy(&mut self, control: &Control, thread: &Thread) -> Option<*mut c_void> {
        let index = self.number_of(control)? - 1;
        // SAFETY: caller contract.
        let entry = unsafe { self.entry(thread, index)? };
        let known = entry.load(Ordering::Relaxed);
        if !known.is_null() {
            return Some(known);
        }
        let address = thread.emutls_memory.allocate(control.align.next_power_of_two(), control.size);
        if address.is_null() {
            return None;
        }
        // SAFETY: a new object of that size; the template has it too.
        unsafe {
            if control.template.is_null() {
                address.write_bytes(0, control.size);
            } else {
                address.copy_from_nonoverlapping(control.template.cast(), control.size);
            }
        }
        entry.store(address.cast(), Ordering::Release);
        Some(address.cast())
    }

    /// The controls by number.
    fn controls(&mut self) -> &mut [usize] {
        if self.controls.is_null() {
            return &mut [];
        }
        // SAFETY: `number_of` made room for so many and set them.
        unsafe { core::slice::from_raw_parts_mut(self.controls, self.length) }
    }

    /// The variable's number, a new one at its first use; `None` when there is no memory.
    fn number_of(&mut self, control: &Control) -> Option<usize> {
        let known = control.number.load(Ordering::Relaxed);
        if known != 0 {
            return Some(known);
        }
        let address = core::ptr::from_ref(control).addr();
        let free = self.controls().iter().position(|place| *place == 0);
        if free.is_none() {
            self.make_room()?;
            self.length += 1;
        }
        let index = free.unwrap_or(self.length - 1);
        *self.controls().get_mut(index)? = address;
        control.number.store(index + 1, Ordering::Release);
        Some(index + 1)
    }

    /// Room for one more control. `None` when there is no memory.
    fn make_room(&mut self) -> Option<()> {
        if self.length < self.capacity {
            return Some(());
        }
        let capacity = (self.capacity * 2).max(32);
        let place = self.memory.allocate(align_of::<usize>(), capacity * size_of::<usize>()).cast::<usize>();
        if place.is_null() {
            return None;
        }
        // SAFETY: a new object with room for more than there are; the old one is used under the lock only.
        unsafe {
            place.write_bytes(0, capacity);
            place.copy_from_nonoverlapping(self.controls().as_ptr(), self.length);
            self.memory.release(self.controls.cast());
        }
        (self.controls, self.capacity) = (place, capacity);
        Some(())
    }

    /// The thread's entry for an index; its table is made long enough. `None` when there is no memory.
    ///
    /// # Safety
    /// `thread` is the calling thread.
    unsafe fn entry<'t>(&mut self, thread: &'t Thread, index: usize) -> Option<&'t Entry> {
        let old = thread.emutls_length.load(Ordering::Relaxed);
        let mut table = thread.emutls.load(Ordering::Relaxed);
        if index >= old {
            let length = (index + 1).next_multiple_of(16).max(old * 2);
            let longer =
                thread.emutls_memory.allocate(align_of::<Entry>(), length * size_of::<Entry>()).cast::<Entry>();
            if longer.is_null() {
                return None;
            }
            // SAFETY: a new object with room for so many entries; null is a valid one.
            unsafe {
                longer.write_bytes(0, length);
                for at in 0..old {
                    (*longer.add(at)).store((*table.add(at)).load(Ordering::Relaxed), Ordering::Relaxed);
                }
            }
            // The code that a handler has interrupted may be about to read the shorter table, so that stays until the thread ends.
            table = longer;
            thread.emutls.store(table, Ordering::Relaxed);
            compiler_fence(Ordering::Release);
            thread.emutls_length.store(length, Ordering::Relaxed);
            if old == 0 {
                thread.emutls_next.set(self.threads);
                self.threads = thread;
            }
        }
        // SAFETY: the table has that many entries.
        Some(unsafe { &*table.add(index) })
    }

    /// The blocks in the list.
    fn threads(&self) -> impl Iterator<Item = &Thread> {
        // SAFETY: a thread leaves the list before its block goes.
        core::iter::successors(unsafe { self.threads.as_ref() }, |thread| unsafe { thread.emutls_next.get().as_ref() })
    }

    /// Frees a number, and all threads' copies of its variable.
    fn forget(&mut self, index: usize) {
        if let Some(place) = self.controls().get_mut(index) {
            *place = 0;
        }
        for thread in self.threads().filter(|thread| index < thread.emutls_length.load(Ordering::Relaxed)) {
            // SAFETY: the table has that many entries, each null or an object of the arena that nobody uses: the code that did is
            // gone.
            unsafe {
                let entry = &*thread.emutls.load(Ordering::Relaxed).add(index);
                thread.emutls_memory.release(entry.swap(null_mut(), Ordering::Relaxed).cast());
            }
        }
    }
}

/// Frees the numbers and copies of variables whose control is no longer there, as its file was unloaded.
pub fn forget_unloaded(is_there: impl Fn(usize) -> bool) {
    let host = rt::host();
    rt::undisturbed(|_| {
        // The lock is not held while the loader is asked: who waits for that may have signals blocked, and use variables.
        for index in 0.. {
            let Some(control) = TABLES.with(host, |tables| tables.controls().get(index).copied()) else { return };
            if control != 0 && !is_there(control) {
                TABLES.with(host, |tables| {
                    // Unless another thread did the same, and the number is another variable's.
                    if tables.controls().get(index) == Some(&control) {
                        tables.forget(index);
                    }
                });
            }
        }
    });
}

/// Frees all the thread's copies.
pub fn free_all(thread: &Thread) {
    if thread.emutls.load(Ordering::Relaxed).is_null() {
        return;
    }
    rt::undisturbed(|_| {
        TABLES.with(rt::host(), |tables| {
            if core::ptr::eq(tables.threads, thread) {
                tables.threads = thread.emutls_next.get();
            } else if let Some(before) = tables.threads().find(|before| core::ptr::eq(before.emutls_next.get(), thread))
            {
                before.emutls_next.set(thread.emutls_next.get());
            }
            thread.emutls_length.store(0, Ordering::Relaxed);
            thread.emutls.store(null_mut(), Ordering::Relaxed);
            // SAFETY: the thread ends, or the test that stands for one: nobody uses its copies.
            unsafe { thread.emutls_memory.release_all() };
        });
    });
}
