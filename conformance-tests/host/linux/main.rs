//! The contract suite directly on the Linux platform, without loader and table: what fails here is the platform's.
//! `host_contract_linux [directory] [--no-spawn]`; without spawning under an emulator whose kernel cannot start such files.

#![no_std]
#![no_main]

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{CStr, c_char};
use core::sync::atomic::{AtomicUsize, Ordering};
use host_contract::Context;
use platform::Platform;
use platform_linux::{Linux, start::Arguments};

static HOST: Linux = Linux;

platform_linux::program!(main);

fn main(start: Arguments) -> i32 {
    // SAFETY: the kernel's lists of strings.
    let (arguments, environment) = unsafe { (list(start.values), list(start.environment)) };
    let (arguments, environment) = (&arguments.0[..arguments.1], &environment.0[..environment.1]);
    if let Some(code) = host_contract::child(&HOST, arguments, environment) {
        return code;
    }
    let mut program = [0; 512];
    let spawns = !arguments.contains(&c"--no-spawn");
    let program = match HOST.executable_path(&mut program) {
        Ok(length) if spawns => Some(&program[..length]),
        _ => None,
    };
    let scratch = arguments.get(1).map_or(&b"/tmp"[..], |directory| directory.to_bytes());
    let mut print = |line: &str| {
        let _ = HOST.write_two(1, line.as_bytes(), b"\n");
    };
    let totals = host_contract::run(&HOST, Context { scratch, program, native: true }, &mut print);
    totals.print(&mut print);
    i32::from(totals.failed != 0)
}

/// The strings of a list, 64 at most.
///
/// # Safety
/// `list` ends with a null pointer; its strings live for ever.
unsafe fn list(list: *const *const c_char) -> ([&'static CStr; 64], usize) {
    let mut strings = [c""; 64];
    let mut count = 0;
    // SAFETY: caller contract.
    unsafe {
        while count < strings.len() && !(*list.add(count)).is_null() {
            strings[count] = CStr::from_ptr(*list.add(count));
            count += 1;
        }
    }
    (strings, count)
}

/// `spawn` and `exec` need a few lists: a fixed piece of memory that is never given back is enough.
struct Heap;

#[repr(align(64))]
struct Room(core::cell::UnsafeCell<[u8; 64 << 10]>);
// SAFETY: `Heap` gives each byte away once.
unsafe impl Sync for Room {}

static ROOM: Room = Room(core::cell::UnsafeCell::new([0; 64 << 10]));
static USED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: pieces are aligned, distinct and inside `ROOM`.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size().next_multiple_of(64);
        let start = USED.fetch_add(size, Ordering::Relaxed);
        let fits = layout.align() <= 64 && start + size <= size_of::<Room>();
        if fits { ROOM.0.get().cast::<u8>().wrapping_add(start) } else { core::ptr::null_mut() }
    }
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static HEAP: Heap = Heap;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    let _ = HOST.write(2, b"host_contract_linux: panic\n");
    HOST.terminate(platform::abi::signal::ABRT)
}
