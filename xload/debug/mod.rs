//! What debuggers look for: the list of loaded files, `struct r_debug` and `struct link_map` of the System V ABI.
//!
//! gdb finds the list through DT_DEBUG in the loader's own dynamic section, sets a breakpoint at [`_dl_debug_state`] and reads
//! the list again whenever that is called.

use alloc::boxed::Box;
use alloc::ffi::CString;
use core::cell::UnsafeCell;
use core::ffi::{c_char, c_int};
use core::mem::ManuallyDrop;
use core::ptr::null_mut;

/// One file, `struct link_map`.
#[repr(C)]
struct LinkMap {
    bias: usize,
    name: *const c_char,
    dynamic: usize,
    next: *mut LinkMap,
    previous: *mut LinkMap,
}

/// An entry that belongs to its file.
pub(crate) struct Entry(*mut LinkMap);

// SAFETY: the links are read and written under the lock of the loader's state only; a debugger stops the process first.
unsafe impl Send for Entry {}

impl Entry {
    /// A file that is not in the list yet. `name` lives as long as the entry.
    pub(crate) fn new(bias: usize, name: *const c_char, dynamic: usize) -> Self {
        Self(Box::into_raw(Box::new(LinkMap { bias, name, dynamic, next: null_mut(), previous: null_mut() })))
    }

    /// Its address, which `dlopen` gives out as the handle.
    pub(crate) fn address(&self) -> usize {
        self.0 as usize
    }

    /// Appends it to the list.
    ///
    /// # Safety
    /// The caller holds the lock of the loader's state; the entry is not in the list and is removed before it is dropped.
    pub(crate) unsafe fn add(&self) {
        // SAFETY: caller contract; the list's entries are alive.
        unsafe {
            let (mut last, mut link) = (null_mut(), &raw mut (*_r_debug.0.get()).map);
            while !(*link).is_null() {
                last = *link;
                link = &raw mut (*last).next;
            }
            (*self.0).previous = last;
            *link = self.0;
        }
    }

    /// Takes it out of the list.
    ///
    /// # Safety
    /// The caller holds the lock of the loader's state; the entry is in the list.
    pub(crate) unsafe fn remove(&self) {
        // SAFETY: caller contract; the list's entries are alive.
        unsafe {
            let (next, previous) = ((*self.0).next, (*self.0).previous);
            if previous.is_null() {
                (*_r_debug.0.get()).map = next;
            } else {
                (*previous).next = next;
            }
            if !next.is_null() {
                (*next).previous = previous;
            }
            ((*self.0).next, (*self.0).previous) = (null_mut(), null_mut());
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        // SAFETY: made by `new`, and no longer in the list.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

/// `struct r_debug`.
#[repr(C)]
struct Debug {
    version: c_int,
    map: *mut LinkMap,
    brk: usize,
    /// RT_CONSISTENT, RT_ADD or RT_DELETE.
    state: c_int,
    base: usize,
}

/// The list's head, under the name that debuggers know.
#[repr(transparent)]
pub struct Rendezvous(UnsafeCell<Debug>);

// SAFETY: written under the lock of the loader's state only.
unsafe impl Sync for Rendezvous {}

/// The list's head.
#[cfg_attr(not(test), unsafe(no_mangle))]
#[used]
#[allow(non_upper_case_globals, reason = "name of the ABI")]
pub static _r_debug: Rendezvous =
    Rendezvous(UnsafeCell::new(Debug { version: 1, map: null_mut(), brk: 0, state: 0, base: 0 }));

/// Debuggers stop here when the list changes.
#[cfg_attr(not(test), unsafe(no_mangle))]
#[inline(never)]
pub extern "C" fn _dl_debug_state() {
    // An address that the optimiser must compute keeps the call and the function.
    core::hint::black_box(_r_debug.0.get());
}

/// What is about to happen to the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Change {
    /// RT_ADD.
    Add = 1,
    /// RT_DELETE.
    Delete = 2,
}

/// Tells debuggers that the list is about to change.
///
/// # Safety
/// The caller holds the lock of the loader's state.
pub(crate) unsafe fn begin(change: Change) {
    // SAFETY: caller contract.
    unsafe { (*_r_debug.0.get()).state = change as c_int };
    _dl_debug_state();
}

/// Tells debuggers that the list is whole.
///
/// # Safety
/// The caller holds the lock of the loader's state.
pub(crate) unsafe fn end() {
    // SAFETY: caller contract.
    unsafe { (*_r_debug.0.get()).state = 0 };
    _dl_debug_state();
}

/// DT_NULL and DT_DEBUG.
const DT_NULL: i64 = 0;
const DT_DEBUG: i64 = 21;

/// Makes the list known to debuggers that take the loader for the program. Then it is the first of the list (`is_program`); where
/// the host started the program itself, that is.
///
/// # Safety
/// Called once, before other threads exist. `dynamic` is 0 or the address of the loader's own dynamic section, writable.
pub(crate) unsafe fn publish(base: usize, dynamic: usize, is_program: bool) {
    let list = _r_debug.0.get();
    // SAFETY: caller contract.
    unsafe {
        (*list).brk = _dl_debug_state as *const () as usize;
        (*list).base = base;
        if is_program {
            ManuallyDrop::new(Entry::new(base, c"".as_ptr(), dynamic)).add();
        }
        lead_to_list(dynamic);
    }
}

/// Enters the loader behind the program that the host started.
///
/// # Safety
/// Called once, before other threads exist, with what [`publish`] got.
pub(crate) unsafe fn publish_loader(path: &[u8], base: usize, dynamic: usize) {
    // A path of the host has no NUL.
    let path = CString::new(path).unwrap_or_default().into_raw();
    // SAFETY: caller contract; the path is never freed.
    unsafe {
        ManuallyDrop::new(Entry::new(base, path, dynamic)).add();
        end();
    }
}

/// Sets DT_DEBUG of a dynamic section.
///
/// # Safety
/// `dynamic` is 0 or the address of a dynamic section that is writable and read by nobody else.
pub(crate) unsafe fn lead_to_list(dynamic: usize) {
    let list = _r_debug.0.get();
    let mut entry = dynamic as *mut [i64; 2];
    // SAFETY: caller contract: a dynamic section ends with DT_NULL.
    unsafe {
        while !entry.is_null() && (*entry)[0] != DT_NULL {
            if (*entry)[0] == DT_DEBUG {
                (*entry)[1] = list as i64;
                break;
            }
            entry = entry.add(1);
        }
    }
}
