//! What every host must do: one suite that calls each method of [`platform::Platform`], or of a host table (which is one),
//! and compares the answer with the contract. No C library is involved.
//!
//! The families are the files: [`files`](crate), names, memory, time, threads, futex, process, signals, random, and `dl` for
//! the loader's own part of the table. A method that answers `ENOSYS` counts as absent and is listed: a host may grow, but
//! nothing is passed over in silence. Checks that allow several answers say so where they are (`errors`).

#![no_std]

mod code;
mod directories;
mod dl;
mod files;
mod futex;
mod heap;
mod interrupt;
mod links;
mod locks;
mod memory;
mod names;
mod network;
mod open;
mod process;
mod random;
mod report;
mod signals;
mod spawn;
mod threads;
mod time;
mod vectors;
mod waiting;

use platform::Platform;
use platform::abi::at;
use report::Test;

pub use heap::Heap;
pub use report::{Context, Totals};
pub use spawn::child;

/// Runs every family on `host`, which keeps its files under `context.scratch`.
pub fn run<P: Platform>(host: &P, context: Context<'_>, write_line: &mut dyn FnMut(&str)) -> Totals {
    let mut test = Test::new(host, context, write_line);
    if test.enter() {
        random::run(&mut test);
        open::run(&mut test);
        files::run(&mut test);
        vectors::run(&mut test);
        locks::run(&mut test);
        names::run(&mut test);
        links::run(&mut test);
        directories::run(&mut test);
        network::run(&mut test);
        memory::run(&mut test);
        time::run(&mut test);
        threads::run(&mut test);
        futex::run(&mut test);
        signals::run(&mut test);
        process::run(&mut test);
        spawn::run(&mut test);
        waiting::run(&mut test);
        interrupt::run(&mut test);
        if let Some(left) = test.leave() {
            remove_all(host, left.bytes());
        }
    }
    test.finish()
}

/// As [`run`], and the parts of a host table that a platform does not have.
pub fn run_table(host: &loader_abi::Host, context: Context<'_>, write_line: &mut dyn FnMut(&str)) -> Totals {
    let mut totals = run(host, context, &mut *write_line);
    let mut test = Test::new(host, context, write_line);
    dl::run(&mut test);
    totals.add(test.finish_part());
    totals
}

/// Removes a directory with all that is in it, as far as the host lets it.
pub(crate) fn remove_all<P: Platform>(host: &P, directory: &[u8]) {
    directories::each(host, directory, |name| {
        let path = report::Path::new(directory).join(name);
        if host.unlink(at::CURRENT_DIRECTORY, path.bytes(), 0).is_err() {
            remove_all(host, path.bytes());
        }
    });
    let _ = host.unlink(at::CURRENT_DIRECTORY, directory, at::REMOVE_DIRECTORY);
}
