//! The C library as one file. It exports what `xlibc` marks, and adds the panic handler, of which a program has one: builds
//! of `xlibc` beside `std` (unit tests, lints of the whole workspace) have that of `std`.
#![no_std]

extern crate xlibc;

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    xlibc::rt::panicked(info)
}
