//! libatomic's interface, and the functions of `<stdatomic.h>` that are macros as well. Memory orders are ignored: all operations
//! have the strongest.
//!
//! Five names are also operations of clang, whose types are others: the Rust functions have names of their own.

use core::sync::atomic::{AtomicBool, Ordering::SeqCst, compiler_fence, fence};

use super::{Word, compare_exchange_word};
use crate::rt::host;
use crate::types::{c_int, c_void, size_t};

/// Whether operations on an object of `size` bytes at `object` (null: at an address with the alignment of its size) take no lock.
#[export("__atomic_is_lock_free")]
pub extern "C" fn generic_is_lock_free(size: size_t, object: *const c_void) -> bool {
    super::is_lock_free(size, object.addr())
}

/// Copies an object.
///
/// # Safety
/// Both are valid for `size` bytes and do not overlap.
#[export("__atomic_load")]
pub unsafe extern "C" fn generic_load(size: size_t, object: *mut c_void, value: *mut c_void, _order: c_int) {
    // SAFETY: caller contract.
    unsafe { super::load(host(), size, object.cast(), value.cast()) }
}

/// Copies `value` to an object.
///
/// # Safety
/// Both are valid for `size` bytes and do not overlap.
#[export("__atomic_store")]
pub unsafe extern "C" fn generic_store(size: size_t, object: *mut c_void, value: *const c_void, _order: c_int) {
    // SAFETY: caller contract.
    unsafe { super::store(host(), size, object.cast(), value.cast()) }
}

/// Copies `value` to an object and what was there to `old`.
///
/// # Safety
/// All are valid for `size` bytes; the object overlaps neither.
#[export("__atomic_exchange")]
pub unsafe extern "C" fn generic_exchange(
    size: size_t,
    object: *mut c_void,
    value: *const c_void,
    old: *mut c_void,
    _order: c_int,
) {
    // SAFETY: caller contract.
    unsafe { super::exchange(host(), size, object.cast(), value.cast(), old.cast()) }
}

/// Copies `desired` to an object if that equals `expected`, else the object to `expected`.
///
/// # Safety
/// All are valid for `size` bytes and do not overlap.
#[export("__atomic_compare_exchange")]
pub unsafe extern "C" fn generic_compare_exchange(
    size: size_t,
    object: *mut c_void,
    expected: *mut c_void,
    desired: *const c_void,
    _success: c_int,
    _failure: c_int,
) -> bool {
    // SAFETY: caller contract.
    unsafe { super::compare_exchange(host(), size, object.cast(), expected.cast(), desired.cast()) }
}

/// The functions for one size. `operations` gives an operation's two names, one that returns the old value and one the new.
macro_rules! sized {
    ($word:ident $load:ident $store:ident $exchange:ident $compare:ident $test_and_set:ident
     $($fetch:ident $operate:ident |$old:ident, $operand:ident| $new:expr;)*) => {
        /// The value of an object.
        ///
        /// # Safety
        /// It is valid for reads and writes and aligned to its size.
        #[export]
        pub unsafe extern "C" fn $load(object: *mut $word, _order: c_int) -> $word {
            // SAFETY: caller contract.
            unsafe { $word::load(object) }
        }

        /// Sets the value of an object.
        ///
        /// # Safety
        /// As for the load.
        #[export]
        pub unsafe extern "C" fn $store(object: *mut $word, value: $word, _order: c_int) {
            // SAFETY: caller contract.
            unsafe { $word::update(object, |_| value) };
        }

        /// Sets the value of an object and gives the old one.
        ///
        /// # Safety
        /// As for the load.
        #[export]
        pub unsafe extern "C" fn $exchange(object: *mut $word, value: $word, _order: c_int) -> $word {
            // SAFETY: caller contract.
            unsafe { $word::update(object, |_| value).0 }
        }

        /// Sets the value of an object if it is `*expected`, else `*expected` to the value.
        ///
        /// # Safety
        /// As for the load; `expected` is valid for reads and writes.
        #[export]
        pub unsafe extern "C" fn $compare(
            object: *mut $word,
            expected: *mut $word,
            desired: $word,
            _success: c_int,
            _failure: c_int,
        ) -> bool {
            // SAFETY: caller contract.
            unsafe { compare_exchange_word(object, expected, desired) }
        }

        /// Sets the value of an object to 1 and tells whether it was anything but 0.
        ///
        /// # Safety
        /// As for the load.
        #[export]
        pub unsafe extern "C" fn $test_and_set(object: *mut $word, _order: c_int) -> bool {
            // SAFETY: caller contract.
            unsafe { $word::update(object, |_| 1).0 != 0 }
        }

        $(
            /// Gives the value before the operation.
            ///
            /// # Safety
            /// As for the load.
            #[export]
            pub unsafe extern "C" fn $fetch(object: *mut $word, $operand: $word, _order: c_int) -> $word {
                // SAFETY: caller contract.
                unsafe { $word::update(object, |$old| $new).0 }
            }

            /// Gives the value after the operation.
            ///
            /// # Safety
            /// As for the load.
            #[export]
            pub unsafe extern "C" fn $operate(object: *mut $word, $operand: $word, _order: c_int) -> $word {
                // SAFETY: caller contract.
                unsafe { $word::update(object, |$old| $new).1 }
            }
        )*
    };
}

sized! {
    u8 __atomic_load_1 __atomic_store_1 __atomic_exchange_1 __atomic_compare_exchange_1 __atomic_test_and_set_1
    __atomic_fetch_add_1 __atomic_add_fetch_1 |old, operand| old.wrapping_add(operand);
    __atomic_fetch_sub_1 __atomic_sub_fetch_1 |old, operand| old.wrapping_sub(operand);
    __atomic_fetch_and_1 __atomic_and_fetch_1 |old, operand| old & operand;
    __atomic_fetch_or_1 __atomic_or_fetch_1 |old, operand| old | operand;
    __atomic_fetch_xor_1 __atomic_xor_fetch_1 |old, operand| old ^ operand;
    __atomic_fetch_nand_1 __atomic_nand_fetch_1 |old, operand| !(old & operand);
}

sized! {
    u16 __atomic_load_2 __atomic_store_2 __atomic_exchange_2 __atomic_compare_exchange_2 __atomic_test_and_set_2
    __atomic_fetch_add_2 __atomic_add_fetch_2 |old, operand| old.wrapping_add(operand);
    __atomic_fetch_sub_2 __atomic_sub_fetch_2 |old, operand| old.wrapping_sub(operand);
    __atomic_fetch_and_2 __atomic_and_fetch_2 |old, operand| old & operand;
    __atomic_fetch_or_2 __atomic_or_fetch_2 |old, operand| old | operand;
    __atomic_fetch_xor_2 __atomic_xor_fetch_2 |old, operand| old ^ operand;
    __atomic_fetch_nand_2 __atomic_nand_fetch_2 |old, operand| !(old & operand);
}

sized! {
    u32 __atomic_load_4 __atomic_store_4 __atomic_exchange_4 __atomic_compare_exchange_4 __atomic_test_and_set_4
    __atomic_fetch_add_4 __atomic_add_fetch_4 |old, operand| old.wrapping_add(operand);
    __atomic_fetch_sub_4 __atomic_sub_fetch_4 |old, operand| old.wrapping_sub(operand);
    __atomic_fetch_and_4 __atomic_and_fetch_4 |old, operand| old & operand;
    __atomic_fetch_or_4 __atomic_or_fetch_4 |old, operand| old | operand;
    __atomic_fetch_xor_4 __atomic_xor_fetch_4 |old, operand| old ^ operand;
    __atomic_fetch_nand_4 __atomic_nand_fetch_4 |old, operand| !(old & operand);
}

sized! {
    u64 __atomic_load_8 __atomic_store_8 __atomic_exchange_8 __atomic_compare_exchange_8 __atomic_test_and_set_8
    __atomic_fetch_add_8 __atomic_add_fetch_8 |old, operand| old.wrapping_add(operand);
    __atomic_fetch_sub_8 __atomic_sub_fetch_8 |old, operand| old.wrapping_sub(operand);
    __atomic_fetch_and_8 __atomic_and_fetch_8 |old, operand| old & operand;
    __atomic_fetch_or_8 __atomic_or_fetch_8 |old, operand| old | operand;
    __atomic_fetch_xor_8 __atomic_xor_fetch_8 |old, operand| old ^ operand;
    __atomic_fetch_nand_8 __atomic_nand_fetch_8 |old, operand| !(old & operand);
}

sized! {
    u128 __atomic_load_16 __atomic_store_16 __atomic_exchange_16 __atomic_compare_exchange_16 __atomic_test_and_set_16
    __atomic_fetch_add_16 __atomic_add_fetch_16 |old, operand| old.wrapping_add(operand);
    __atomic_fetch_sub_16 __atomic_sub_fetch_16 |old, operand| old.wrapping_sub(operand);
    __atomic_fetch_and_16 __atomic_and_fetch_16 |old, operand| old & operand;
    __atomic_fetch_or_16 __atomic_or_fetch_16 |old, operand| old | operand;
    __atomic_fetch_xor_16 __atomic_xor_fetch_16 |old, operand| old ^ operand;
    __atomic_fetch_nand_16 __atomic_nand_fetch_16 |old, operand| !(old & operand);
}

/// C23 7.17.8.2: sets a flag and tells whether it was set.
///
/// # Safety
/// The flag is valid for reads and writes.
#[export]
pub unsafe extern "C" fn atomic_flag_test_and_set(flag: *mut bool) -> bool {
    // SAFETY: caller contract.
    unsafe { AtomicBool::from_ptr(flag) }.swap(true, SeqCst)
}

/// C23 7.17.8.2.
///
/// # Safety
/// As for [`atomic_flag_test_and_set`].
#[export]
pub unsafe extern "C" fn atomic_flag_test_and_set_explicit(flag: *mut bool, _order: c_int) -> bool {
    // SAFETY: caller contract.
    unsafe { atomic_flag_test_and_set(flag) }
}

/// C23 7.17.8.3: clears a flag.
///
/// # Safety
/// As for [`atomic_flag_test_and_set`].
#[export]
pub unsafe extern "C" fn atomic_flag_clear(flag: *mut bool) {
    // SAFETY: caller contract.
    unsafe { AtomicBool::from_ptr(flag) }.store(false, SeqCst);
}

/// C23 7.17.8.3.
///
/// # Safety
/// As for [`atomic_flag_test_and_set`].
#[export]
pub unsafe extern "C" fn atomic_flag_clear_explicit(flag: *mut bool, _order: c_int) {
    // SAFETY: caller contract.
    unsafe { atomic_flag_clear(flag) }
}

/// C23 7.17.4.1.
#[export]
pub extern "C" fn atomic_thread_fence(_order: c_int) {
    fence(SeqCst);
}

/// C23 7.17.4.2.
#[export]
pub extern "C" fn atomic_signal_fence(_order: c_int) {
    compiler_fence(SeqCst);
}
