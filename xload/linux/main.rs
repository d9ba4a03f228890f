//! xload on Linux: a static-pie program without a C library.

#![no_std]
#![no_main]

use platform::Platform;
use platform_linux::{Linux, start::Arguments};

static PLATFORM: Linux = Linux;

struct Nothing;
// SAFETY: test only.
unsafe impl core::alloc::GlobalAlloc for Nothing {
    unsafe fn alloc(&self, _: core::alloc::Layout) -> *mut u8 {
        core::ptr::null_mut()
    }
    unsafe fn dealloc(&self, _: *mut u8, _: core::alloc::Layout) {}
}
#[global_allocator]
static HEAP: Nothing = Nothing;

platform_linux::program!(main);

fn main(arguments: Arguments) -> i32 {
    for index in 0..arguments.count {
        let s = unsafe { core::ffi::CStr::from_ptr(*arguments.values.add(index)) };
        let _ = PLATFORM.write_two(1, s.to_bytes(), b"\n");
    }
    let t = PLATFORM.clock(1);
    if t.is_err() {
        return 1;
    }
    0
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    PLATFORM.terminate(6)
}
