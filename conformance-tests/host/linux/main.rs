//! The contract suite directly on the Linux platform, without loader and table: what fails here is the platform's.
//! `host_contract_linux [directory] [--no-spawn]`; without spawning under an emulator whose kernel cannot start such files.

#![no_std]
#![no_main]

use host_contract::Context;
use loader_abi::strings;
use platform::{Files, Piece, Process};
use platform_linux::{Linux, start::Arguments};

static HOST: Linux = Linux;

platform_linux::program!(main);

fn main(start: Arguments) -> i32 {
    // SAFETY: the kernel's lists of strings.
    let (arguments, environment) = unsafe { (strings(start.values), strings(start.environment)) };
    let (arguments, environment) = (&arguments.unwrap_or_default(), &environment.unwrap_or_default());
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
        let _ = HOST.write_vector(1, &[Piece::new(line.as_bytes()), Piece::new(b"\n")], None);
    };
    let totals = host_contract::run(&HOST, Context { scratch, program, native: true }, &mut print);
    totals.print(&mut print);
    i32::from(totals.failed != 0)
}

#[global_allocator]
static HEAP: host_contract::Heap = host_contract::Heap::new();

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    let _ = HOST.write(2, b"host_contract_linux: panic\n");
    HOST.terminate(platform::abi::signal::ABRT)
}
