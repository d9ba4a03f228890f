//! The program's own name, and numbers for messages about it.

use core::sync::atomic::{AtomicPtr, Ordering};

use crate::rt::{c_bytes, host};
use crate::types::{c_char, c_int};

/// GNU: `argv[0]`.
#[cfg_attr(not(test), unsafe(export_name = "program_invocation_name"))]
pub static INVOCATION_NAME: AtomicPtr<c_char> = AtomicPtr::new(c"".as_ptr().cast_mut());
/// GNU: the last name of `argv[0]`.
#[cfg_attr(not(test), unsafe(export_name = "program_invocation_short_name"))]
pub static INVOCATION_SHORT_NAME: AtomicPtr<c_char> = AtomicPtr::new(c"".as_ptr().cast_mut());

#[cfg(not(test))]
#[used]
#[unsafe(link_section = ".init_array")]
static NAME: extern "C" fn() = take_name;

/// Takes the name from the host's arguments, before any other file's initialiser asks for it.
#[cfg_attr(test, expect(dead_code, reason = "a simulation has no start"))]
extern "C" fn take_name() {
    if host().argument_count == 0 {
        return;
    }
    // SAFETY: the table's contract: `argument_count` strings.
    let name = unsafe { *host().arguments }.cast_mut();
    // SAFETY: a string.
    let start = unsafe { c_bytes(name) }.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    INVOCATION_NAME.store(name, Ordering::Relaxed);
    INVOCATION_SHORT_NAME.store(name.wrapping_add(start), Ordering::Relaxed);
}

/// A number in decimal, in the end of the buffer.
pub fn decimal(number: c_int, buffer: &mut [u8; 12]) -> &str {
    let mut rest = number.unsigned_abs();
    let mut start = buffer.len();
    loop {
        start -= 1;
        buffer[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        start -= 1;
        buffer[start] = b'-';
    }
    core::str::from_utf8(&buffer[start..]).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn numbers_at_both_ends_are_exact() {
        for number in [0, 7, -7, i32::MAX, i32::MIN] {
            assert_eq!(decimal(number, &mut [0; 12]), number.to_string());
        }
    }
}
