//! The contract suite as a program: one ELF file per CPU that every loader runs. `main` is its only export, the host table
//! its only import.

#![no_std]

use core::ffi::{c_char, c_int};
use host_contract::Context;
use loader_abi::{Host, strings};
use platform::{Files, Piece, Process};

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
        let (arguments, environment) = unsafe { (strings(argv), strings(envp)) };
        let (arguments, environment) = (&arguments.unwrap_or_default(), &environment.unwrap_or_default());
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
        let _ = host.write_vector(1, &[Piece::new(line.as_bytes()), Piece::new(b"\n")], None);
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

#[global_allocator]
static HEAP: host_contract::Heap = host_contract::Heap::new();

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    let _ = host().write(2, b"host_contract: panic\n");
    host().terminate(platform::abi::signal::ABRT)
}
