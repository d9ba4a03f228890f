//! A library in Rust without `std`, as a C++ program links it: numbers and text of the program's own memory.
#![no_std]

use core::ffi::c_char;
use core::fmt::{self, Write};
use core::panic::PanicInfo;

unsafe extern "C" {
    fn abort() -> !;
}

#[panic_handler]
fn stop(_: &PanicInfo) -> ! {
    // SAFETY: the C library's; it does not return.
    unsafe { abort() }
}

/// What `core` names as the reader of its unwind tables. Nothing here panics through frames; a C++ exception that would is stopped.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() -> ! {
    // SAFETY: as above.
    unsafe { abort() }
}

/// The sum of the squares of `count` numbers.
///
/// # Safety
/// `numbers` is valid for reads of `count` numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sum_of_squares(numbers: *const u32, count: usize) -> u64 {
    // SAFETY: caller contract.
    let numbers = unsafe { core::slice::from_raw_parts(numbers, count) };
    numbers.iter().map(|number| u64::from(*number) * u64::from(*number)).sum()
}

struct Text<'a>(&'a mut [u8]);

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = core::mem::take(&mut self.0);
        let (here, rest) = room.split_at_mut_checked(text.len()).ok_or(fmt::Error)?;
        here.copy_from_slice(text.as_bytes());
        self.0 = rest;
        Ok(())
    }
}

/// A number as text with a NUL behind it; false where there is too little room.
///
/// # Safety
/// `text` is valid for writes of `room` bytes, which are set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn describe(number: u64, text: *mut c_char, room: usize) -> bool {
    // SAFETY: caller contract.
    let bytes = unsafe { core::slice::from_raw_parts_mut(text.cast::<u8>(), room) };
    write!(Text(bytes), "{number:#x}, a seventh is {:.3}\0", number as f64 / 7.0).is_ok()
}
