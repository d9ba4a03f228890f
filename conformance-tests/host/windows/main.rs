//! The contract suite directly on the Windows platform, without loader and table: what fails here is the platform's. Then
//! cases with answers of other versions and file systems of Windows ([`cases`]).
//! `host_contract_windows [directory]`

#![cfg_attr(windows, no_std)]
#![cfg_attr(windows, no_main)]

#[cfg(not(windows))]
fn main() {
    eprintln!("host_contract_windows runs on Windows");
    std::process::exit(127);
}

#[cfg(windows)]
extern crate alloc;

#[cfg(windows)]
mod cases;
#[cfg(windows)]
mod children;
#[cfg(windows)]
mod classes;
#[cfg(windows)]
mod foreign;
#[cfg(windows)]
mod held;
#[cfg(windows)]
mod identity;
#[cfg(windows)]
mod in_use;
#[cfg(windows)]
mod looks;
#[cfg(windows)]
mod memory;
#[cfg(windows)]
mod paths;
#[cfg(windows)]
mod pipes;
#[cfg(windows)]
mod reparse;
#[cfg(windows)]
mod running;
#[cfg(windows)]
mod scanner;
#[cfg(windows)]
mod stacks;
#[cfg(windows)]
mod waits;

#[cfg(windows)]
mod program {
    use alloc::vec::Vec;
    use core::ffi::CStr;
    use host_contract::Context;
    use platform::{Files, Piece, Process};
    use platform_windows::{Strings, Windows};

    use crate::cases::{self, Case};
    use crate::{
        children, classes, foreign, held, identity, in_use, looks, memory, paths, pipes, reparse, running, scanner,
        stacks, waits,
    };

    const CASES: [&[Case]; 15] = [
        classes::CASES,
        paths::CASES,
        children::CASES,
        identity::CASES,
        looks::CASES,
        reparse::CASES,
        held::CASES,
        in_use::CASES,
        running::CASES,
        scanner::CASES,
        foreign::CASES,
        memory::CASES,
        stacks::CASES,
        pipes::CASES,
        waits::CASES,
    ];

    static HOST: Windows = Windows;
    #[global_allocator]
    static HEAP: xload::Heap<Windows> = xload::Heap::new(&HOST);

    #[unsafe(no_mangle)]
    extern "system" fn mainCRTStartup() -> ! {
        pipes::count_questions();
        platform_windows::run_main(main)
    }

    fn main() -> i32 {
        let asked = pipes::questions();
        let (arguments, environment) = (list(&platform_windows::arguments()), list(&platform_windows::environment()));
        platform_windows::set_root(b"/c");
        if arguments.get(1).is_some_and(|first| *first == pipes::COUNTS) {
            return asked as i32;
        }
        if let Some(code) = host_contract::child(&HOST, &arguments, &environment) {
            return code;
        }
        if let Some(code) = children::child(&HOST, &arguments) {
            return code;
        }
        let mut program = [0; 512];
        let program = HOST.executable_path(&mut program).ok().and_then(|length| program.get(..length));
        let scratch = arguments.get(1).map_or(&b"/tmp"[..], |directory| directory.to_bytes());
        let mut print = |line: &str| {
            let _ = HOST.write_vector(1, &[Piece::new(line.as_bytes()), Piece::new(b"\n")], None);
        };
        let totals = host_contract::run(&HOST, Context { scratch, program, native: true }, &mut print);
        totals.print(&mut print);
        let failed = cases::run(&HOST, scratch, &CASES, &mut print);
        i32::from(totals.failed != 0 || failed)
    }

    fn list(strings: &Strings) -> Vec<&'static CStr> {
        strings.iter_c().collect()
    }

    #[panic_handler]
    fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
        xload::panicked(&HOST, info)
    }
}
