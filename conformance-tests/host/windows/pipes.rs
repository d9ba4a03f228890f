//! Pipes that take a piece whole or not at all, that another process switched, and that must not be asked.

use alloc::format;
use alloc::vec;

use core::ffi::CStr;

use platform::abi::{at, open};
use platform::{Errno, Files, Process, Spawn};
use platform_windows::injection::{Answer, Request, clear, inject, left};

use crate::cases::{Case, Outcome, Place, expect};

pub const CASES: &[Case] = &[
    ("a large write takes the room of a pipe", room),
    ("a small write to a full pipe is refused", full),
    ("a write waits where another process said no", written_in_the_end),
    ("a read waits where another process said no", read_in_the_end),
    ("the right to change a pipe is missing", looked_at_first),
    ("inherited handles are not asked", not_asked),
];

const PIPE_EMPTY: i32 = 0xC000_00D9_u32 as i32;
/// A request that is done, with nothing transferred.
const NOTHING: Answer = Answer::Status(0);

/// Asks for both ends, and closes them afterwards.
fn with_pipe(place: &Place, flags: u32, case: impl FnOnce(i32, i32) -> Outcome) -> Outcome {
    let (reader, writer) = place.host.pipe(flags).map_err(|errno| format!("pipe: {errno:?}"))?;
    let outcome = case(reader, writer);
    clear();
    place.close(reader).and(place.close(writer)).and(outcome)
}

fn room(place: &Place) -> Outcome {
    let data = vec![7; 1 << 20];
    with_pipe(place, open::NON_BLOCK, |_, writer| {
        // 64, 32 and 16 KiB do not fit.
        inject(Request::Write, NOTHING, 3);
        let written = place.host.write(writer, &data).map_err(|errno| format!("write: {errno:?}"))?;
        expect("whole pieces of 8 KiB", written % 4096, 0)?;
        expect("some of the data", written > 0 && written < data.len(), true)
    })
}

fn full(place: &Place) -> Outcome {
    with_pipe(place, open::NON_BLOCK, |_, writer| {
        inject(Request::Write, NOTHING, 1);
        expect("4096 bytes", place.host.write(writer, &[1; 4096]), Err(Errno::AGAIN))?;
        expect("one request", left(Request::Write), 0)?;
        expect("more", place.host.write(writer, &[1; 4096]), Ok(4096))
    })
}

fn written_in_the_end(place: &Place) -> Outcome {
    with_pipe(place, 0, |_, writer| {
        inject(Request::Write, NOTHING, 3);
        expect("write", place.host.write(writer, b"text"), Ok(4))
    })
}

fn read_in_the_end(place: &Place) -> Outcome {
    with_pipe(place, 0, |reader, writer| {
        expect("write", place.host.write(writer, b"text"), Ok(4))?;
        inject(Request::Read, Answer::Status(PIPE_EMPTY), 3);
        let mut bytes = [0; 8];
        expect("read", place.host.read(reader, &mut bytes), Ok(4))
    })
}

fn looked_at_first(place: &Place) -> Outcome {
    /// `FilePipeInformation` and `STATUS_ACCESS_DENIED`.
    const PIPE: i32 = 23;
    const ACCESS_DENIED: i32 = 0xC000_0022_u32 as i32;
    with_pipe(place, open::NON_BLOCK, |reader, writer| {
        inject(Request::Set(PIPE), Answer::Status(ACCESS_DENIED), 100);
        let mut bytes = [0; 8];
        expect("empty", place.host.read(reader, &mut bytes), Err(Errno::AGAIN))?;
        expect("the kernel refuses", place.host.write(writer, b"text"), Err(Errno::ACCES))?;
        expect("both asked", left(Request::Set(PIPE)), 98)
    })
}

/// What the start of a process could ask about its handles: rights, `FileFsDeviceInformation`, and of `NtQueryInformationFile` all
/// classes that are used.
const QUESTIONS: [Request; 8] = [
    Request::Access,
    Request::QueryVolume(4),
    Request::Query(4),
    Request::Query(8),
    Request::Query(9),
    Request::Query(16),
    Request::Query(24),
    Request::Query(35),
];
const MANY: u32 = 1000;

/// Counts questions from now on.
pub fn count_questions() {
    for question in QUESTIONS {
        inject(question, Answer::Kernel, MANY);
    }
}

/// How many there were.
pub fn questions() -> u32 {
    let asked = QUESTIONS.into_iter().map(|question| MANY - left(question)).sum();
    clear();
    asked
}

/// The argument of a child that answers how many questions its start asked.
pub const COUNTS: &CStr = c"--count-questions";

/// A child of our own kind knows what it got: a file, a directory, a pipe, a device.
fn not_asked(place: &Place) -> Outcome {
    place.file("a", b"text")?;
    let mut program = [0; 1024];
    let length = place.host.executable_path(&mut program).map_err(|errno| format!("path: {errno:?}"))?;
    let path = program.get(..length).unwrap_or_default();
    let held = [place.open("a", open::READ_ONLY)?, place.open(".", open::READ_ONLY)?];
    let null = place.host.open(at::CURRENT_DIRECTORY, b"/dev/null", open::READ_WRITE, 0);
    let asked = with_pipe(place, 0, |_, _| {
        let request = Spawn {
            path,
            arguments: &[c"program", COUNTS],
            environment: &[],
            actions: &[],
            signal_mask: None,
            default_signals: 0,
            process_group: None,
        };
        let child = place.host.spawn(request).map_err(|errno| format!("spawn: {errno:?}"))?;
        expect("the child", place.host.wait(child, 0), Ok((child, 0)))
    });
    for fd in held.into_iter().chain(null) {
        place.close(fd)?;
    }
    asked.and(expect("unlink", place.unlink("a"), Ok(())))
}
