//! The contract suite as a program: one ELF file per CPU that every loader runs. `main` is its only export, the host table
//! its only import.

#![no_std]

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{CStr, c_char, c_int};
use core::sync::atomic::{AtomicUsize, Ordering};
use host_contract::Context;
use loader_abi::Host;
use platform::Platform;

unsafe extern "C" {
    #[link_name = "xload_host"]
    static HOST: Host;
}

fn host() -> &'static Host {
    // SAFETY: the loader resolves the symbol to its table, which it never changes.
    unsafe { &HOST }
}

loader_abi::guest_fn! {
    /// `host_contract [directory] [--no-spawn]`; 1 when a check failed. Without spawning under an emulator whose kernel
    /// cannot start such files.
    ///
    /// # Safety
    /// `argv` and `envp` are lists of strings that end with a null pointer, as the loader passes them.
    #[unsafe(no_mangle)]
    pub unsafe fn main(_argc: c_int, argv: *const *const c_char, envp: *const *const c_char) -> c_int {
        // SAFETY: caller contract.
        let (arguments, environment) = unsafe { (list(argv), list(envp)) };
        let (arguments, environment) = (&arguments.0[..arguments.1], &environment.0[..environment.1]);
        let host = host();
        if let Some(code) = host_contract::child(host, arguments, environment) {
            return code;
        }
        // A child needs a path that does not depend on the current directory.
        let program = arguments.first().map(|program| program.to_bytes());
        let program = program.filter(|path| path.starts_with(b"/") || path.get(1) == Some(&b':'));
        let program = program.filter(|_| !arguments.contains(&c"--no-spawn"));
        let scratch = arguments.get(1).map_or(&b"/tmp"[..], |directory| directory.to_bytes());
        let mut print = |line: &str| {
        let _ = host.write_two(1, line.as_bytes(), b"\n");
    };
        if program.is_none() {
            print("not run: spawn (--no-spawn, or argv[0] is no absolute path)");
        }
        let context = Context { scratch, program, native: true };
        let totals = host_contract::run_table(host, context, &mut print);
        totals.print(&mut print);
        c_int::from(totals.failed != 0)
    }
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
    let _ = host().write(2, b"host_contract: panic\n");
    host().terminate(platform::abi::signal::ABRT)
}
