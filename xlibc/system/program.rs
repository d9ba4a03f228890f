//! The program's own name.

use core::sync::atomic::{AtomicPtr, Ordering};

use crate::rt::{c_bytes, host};
use crate::types::c_char;

/// GNU: `argv[0]`.
#[export("program_invocation_name")]
pub static INVOCATION_NAME: AtomicPtr<c_char> = AtomicPtr::new(c"".as_ptr().cast_mut());
/// GNU: the last name of `argv[0]`.
#[export("program_invocation_short_name")]
pub static INVOCATION_SHORT_NAME: AtomicPtr<c_char> = AtomicPtr::new(c"".as_ptr().cast_mut());

#[cfg(not(any(test, fuzzing)))]
#[used]
#[unsafe(link_section = ".init_array")]
static NAME: extern "C" fn() = take_name;

/// Takes the name from the host's arguments, before any other file's initialiser asks for it.
#[cfg_attr(any(test, fuzzing), expect(dead_code, reason = "a simulation has no start"))]
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
