//! `<assert.h>`.

use crate::rt::{c_bytes, fatal};
use crate::text::print_int::Digits;
use crate::types::{c_char, c_int};

/// C23 7.2: what a failed `assert` calls: prints the expression and its place, then aborts.
///
/// # Safety
/// The pointers are strings; `function` may be null.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn __assert_fail(
    expression: *const c_char,
    file: *const c_char,
    line: c_int,
    function: *const c_char,
) -> ! {
    let text = |string: *const c_char| match string.is_null() {
        true => "",
        // SAFETY: caller contract.
        false => core::str::from_utf8(unsafe { c_bytes(string) }).unwrap_or("(not UTF-8)"),
    };
    let digits = Digits::new(line.unsigned_abs().into(), 10, false);
    let line = core::str::from_utf8(digits.as_bytes()).unwrap_or("?");
    fatal(&["assertion failed: ", text(expression), " (", text(file), ":", line, " ", text(function), ")"])
}
