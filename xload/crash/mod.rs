//! The report on a program that a fault ends: the signal, what was accessed, and the frames.
//!
//! It comes from the middle of whatever the program did: nothing here waits for a lock, memory of the program is read through the
//! host, and a fault in here ends the process as the first one would have.

mod names;
mod output;
mod walk;

use core::fmt::Write;
use core::sync::atomic::{AtomicI32, AtomicU64, Ordering};

use platform::abi::{clock, signal};
use platform::{Crash, Deadline, Platform, ReportStack};

use crate::link::Linker;
use names::Names;
use output::Output;
use walk::{Frame, Walk};

/// Frames that are written; endless recursion has more.
const FRAMES: usize = 24;
/// How long other threads with a fault leave the end to the one that reports, in tenths of a second.
const PATIENCE: i64 = 20;

/// Where the report is made if the first thread's own stack has no room.
pub(crate) static STACK: ReportStack = [const { AtomicU64::new(0) }; size_of::<ReportStack>() / size_of::<AtomicU64>()];

/// The thread that reports, 0 before there is one.
static REPORTER: AtomicI32 = AtomicI32::new(0);
/// The signal that it reports.
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// The signal that the calling thread reports: what the process has to end with, whatever goes wrong with that.
pub(crate) fn reported<P: Platform>(platform: &P) -> Option<i32> {
    (REPORTER.load(Ordering::Relaxed) == platform.thread_id()).then(|| SIGNAL.load(Ordering::Relaxed))
}

/// Writes the report; once in a process.
///
/// A process that may do more than its starter says the signal alone: the starter reads its error output, and addresses would
/// tell where the process keeps what.
#[cold]
pub(crate) fn report<P: Platform>(platform: &P, linker: &Linker<P>, crash: &Crash) {
    let own = platform.thread_id();
    match REPORTER.compare_exchange(0, own, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => {}
        Err(reporter) if reporter == own => return,
        Err(_) => return wait(platform),
    }
    SIGNAL.store(crash.signal, Ordering::Relaxed);
    let mut output = Output::new(crash.say);
    tell(platform, linker, crash, &mut output);
    output.flush();
}

/// The end of the process comes from the thread that reports. Should it fail, this one brings it.
fn wait<P: Platform>(platform: &P) {
    let Ok(mut time) = platform.clock(clock::MONOTONIC) else { return };
    for _ in 0..PATIENCE {
        time = time.saturating_add_ns(100_000_000);
        // However the sleep ends, the loop does.
        let _ = platform.sleep(Deadline { clock: clock::MONOTONIC, time });
    }
}

#[cold]
fn tell<P: Platform>(platform: &P, linker: &Linker<P>, crash: &Crash, output: &mut Output) {
    // An `Output` takes everything.
    let _ = write!(output, "xload: {}", name(crash.signal));
    if platform.is_secure() {
        let _ = output.write_str("\n");
        return;
    }
    let _ = match crash.address {
        Some(address) if crash.is_overflow => write!(output, ", stack overflow, at address {address:#x}"),
        None if crash.is_overflow => write!(output, ", stack overflow"),
        Some(address) => write!(output, " at address {address:#x}"),
        None => Ok(()),
    };
    let _ = output.write_str("\n");
    let files = linker.files();
    let names = Names { platform, payload: linker.payload.get(), may_open: !crash.in_host };
    let mut walk = Walk::new(crash, files.as_ref(), &names);
    for number in 0.. {
        let Some(Frame { address, is_certain }) = walk.next_frame() else { break };
        if number == FRAMES {
            let _ = output.write_str("xload:       ...\n");
            break;
        }
        let _ = write!(output, "xload:   {number:2}{} ", if is_certain { ' ' } else { '?' });
        names.write(output, files.as_ref().and_then(|files| files.at(address)), crash, address);
        let _ = output.write_str("\n");
    }
}

/// The signal's name.
fn name(number: i32) -> &'static str {
    match number {
        signal::SEGV => "SIGSEGV",
        signal::BUS => "SIGBUS",
        signal::ILL => "SIGILL",
        signal::FPE => "SIGFPE",
        signal::TRAP => "SIGTRAP",
        _ => "fault",
    }
}
