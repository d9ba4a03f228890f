//! `pthread_attr_*`.

use super::{store, store_ok};
use crate::pthread::{Handle, pthread_attr_t, thread};
use crate::rt::{CResult, host};
use crate::types::{c_int, c_void, size_t};

/// `struct sched_param` of the ABI; only the priority has a meaning.
#[repr(C)]
#[derive(Debug, Default)]
pub struct sched_param {
    sched_priority: c_int,
    rest: [c_int; 11],
}

const _: () = assert!(size_of::<sched_param>() == 48);

/// POSIX.1-2024. 1 MiB of stack, a page of guard, joinable.
///
/// # Safety
/// `attributes` is valid for writes.
#[export]
pub unsafe extern "C" fn pthread_attr_init(attributes: *mut pthread_attr_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { store(attributes, pthread_attr_t::new(host())) }
}

/// POSIX.1-2024. There is nothing to free.
#[export]
pub extern "C" fn pthread_attr_destroy(_attributes: *mut pthread_attr_t) -> c_int {
    0
}

/// `pthread_attr_get*`: stores a field.
macro_rules! getters {
    ($($name:ident($type:ty) = |$attributes:ident| $value:expr;)*) => {$(
        /// POSIX.1-2024.
        ///
        /// # Safety
        /// `attributes` is initialised, `out` valid for writes.
        #[export]
        pub unsafe extern "C" fn $name(attributes: *const pthread_attr_t, out: *mut $type) -> c_int {
            // SAFETY: caller contract.
            unsafe {
                let $attributes = &*attributes;
                store(out, $value)
            }
        }
    )*};
}
getters! {
    pthread_attr_getdetachstate(c_int) = |attributes| attributes.detach;
    pthread_attr_getguardsize(size_t) = |attributes| attributes.guard_bytes;
    pthread_attr_getinheritsched(c_int) = |attributes| attributes.inherit;
    pthread_attr_getschedpolicy(c_int) = |attributes| attributes.policy;
    pthread_attr_getscope(c_int) = |_attributes| 0;
    pthread_attr_getstacksize(size_t) = |attributes| attributes.stack_bytes;
    pthread_attr_getschedparam(sched_param) =
        |attributes| sched_param { sched_priority: attributes.priority, ..sched_param::default() };
}

/// `pthread_attr_set*`: changes a field.
macro_rules! setters {
    ($($(#[$meta:meta])* $name:ident($type:ty) = $method:ident;)*) => {$(
        $(#[$meta])*
        ///
        /// # Safety
        /// `attributes` is initialised.
        #[export]
        pub unsafe extern "C" fn $name(attributes: *mut pthread_attr_t, value: $type) -> c_int {
            // SAFETY: caller contract.
            unsafe { &mut *attributes }.$method(value).error_number()
        }
    )*};
}
setters! {
    /// POSIX.1-2024. EINVAL for an unknown value.
    pthread_attr_setdetachstate(c_int) = set_detach;
    /// POSIX.1-2024. EINVAL for a size beyond every address space.
    pthread_attr_setguardsize(size_t) = set_guard_bytes;
    /// POSIX.1-2024. EINVAL for an unknown value.
    pthread_attr_setinheritsched(c_int) = set_inherit;
    /// POSIX.1-2024. ENOTSUP for SCHED_FIFO and SCHED_RR, EINVAL for others than those and SCHED_OTHER.
    pthread_attr_setschedpolicy(c_int) = set_policy;
    /// POSIX.1-2024. ENOTSUP for PTHREAD_SCOPE_PROCESS, EINVAL for an unknown value.
    pthread_attr_setscope(c_int) = set_scope;
    /// POSIX.1-2024. EINVAL below PTHREAD_STACK_MIN.
    pthread_attr_setstacksize(size_t) = set_stack_bytes;
}

/// POSIX.1-2024. ENOTSUP for other priorities than 0.
///
/// # Safety
/// `attributes` is initialised, `parameters` valid for reads.
#[export]
pub unsafe extern "C" fn pthread_attr_setschedparam(
    attributes: *mut pthread_attr_t,
    parameters: *const sched_param,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { (*attributes).set_priority((*parameters).sched_priority) }.error_number()
}

/// POSIX.1-2024. EINVAL for attributes that describe no thread: the host makes the stacks.
///
/// # Safety
/// `attributes` is initialised; `address` and `bytes` are valid for writes.
#[export]
pub unsafe extern "C" fn pthread_attr_getstack(
    attributes: *const pthread_attr_t,
    address: *mut *mut c_void,
    bytes: *mut size_t,
) -> c_int {
    // SAFETY: caller contract.
    unsafe {
        let stack = (*attributes).stack().map(|(low, length)| {
            bytes.write(length);
            low as *mut c_void
        });
        store_ok(address, stack).error_number()
    }
}

/// Attributes of a running thread (not in POSIX). ENOTSUP for the first thread seen from another: only it can ask the host.
///
/// # Safety
/// `thread` is one that has not been joined; `attributes` is valid for writes.
#[export]
pub unsafe extern "C" fn pthread_getattr_np(thread: Handle, attributes: *mut pthread_attr_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { store_ok(attributes, thread::describe(thread)) }.error_number()
}
