//! How often the content of a file is read to find out whether it is a program.

use platform::abi::{access, at, file_time, open};
use platform::{Errno, Files, Names, Timespec};
use platform_windows::injection::{Answer, Request, inject, left};

use crate::cases::{Case, Outcome, Place, expect};

pub const CASES: &[Case] = &[("one look for each version of a file", versions), ("stat changes no time", times)];

const MANY: u32 = 1000;

/// How many reads were made since they are counted.
fn reads() -> u32 {
    MANY - left(Request::Read)
}

fn versions(place: &Place) -> Outcome {
    let (host, here) = (place.host, at::CURRENT_DIRECTORY);
    for name in ["script", "text", "data.txt", "short"] {
        place.file(name, if name == "script" { b"#!/bin/sh\n" } else { &b"a text of two lines\n"[..] })?;
    }
    place.file("short", b"#!")?;
    let mode = |name| host.stat(here, &place.path(name), 0).map(|found| found.mode & 0o777);
    inject(Request::Read, Answer::Kernel, MANY);
    for _ in 0..3 {
        expect("a script", mode("script"), Ok(0o755))?;
        expect("a text", mode("text"), Ok(0o644))?;
        expect("one look at each", reads(), 2)?;
        expect("a name with an ending", mode("data.txt"), Ok(0o644))?;
        expect("too short for a program", mode("short"), Ok(0o644))?;
    }
    let may_run = |name| host.access(here, &place.path(name), access::EXECUTE, 0);
    expect("access", [may_run("script"), may_run("text")], [Ok(()), Err(Errno::ACCES)])?;
    let fd = place.open("script", open::READ_ONLY)?;
    expect("an open file", host.stat(fd, b"", at::EMPTY_PATH).map(|found| found.mode & 0o777), Ok(0o755))?;
    place.close(fd)?;
    expect("no look more", reads(), 2)?;
    place.file("script", b"now a text, and longer\n")?;
    expect("another content", mode("script"), Ok(0o644))?;
    expect("another look", reads(), 3)?;
    for name in ["script", "text", "data.txt", "short"] {
        expect("unlink", place.unlink(name), Ok(()))?;
    }
    Ok(())
}

fn times(place: &Place) -> Outcome {
    /// `FileBasicInformation`, which sets times.
    const FILE_BASIC: i32 = 4;
    let (host, here) = (place.host, at::CURRENT_DIRECTORY);
    place.file("data.txt", b"some text\n")?;
    place.file("script", b"#!/bin/sh\n")?;
    let old = Timespec { seconds: 1_000_000_000, nanoseconds: 0 };
    let omit = Timespec { seconds: 0, nanoseconds: file_time::OMIT };
    for name in ["data.txt", "script"] {
        expect("utimensat", host.set_times(here, &place.path(name), [old, omit], 0), Ok(()))?;
    }
    let times = |name| host.stat(here, &place.path(name), 0).map(|found| (found.accessed, found.changed));
    for name in ["data.txt", "script"] {
        inject(Request::Set(FILE_BASIC), Answer::Kernel, MANY);
        let first = times(name);
        expect("the access", first.map(|times| times.0), Ok(old))?;
        expect("the same times", times(name), first)?;
        let fd = place.open(name, open::READ_ONLY)?;
        let opened = host.stat(fd, b"", at::EMPTY_PATH).map(|found| (found.accessed, found.changed));
        expect("of the open file", opened, first)?;
        expect("no time was set", left(Request::Set(FILE_BASIC)), MANY)?;
        platform_windows::injection::clear();
        // The file changes, so there is another look.
        expect("futimens", host.set_times(fd, b"", [omit, old], at::EMPTY_PATH), Ok(()))?;
        let again = host.stat(fd, b"", at::EMPTY_PATH).map(|found| found.accessed);
        expect("the access still", [again, times(name).map(|times| times.0)], [Ok(old); 2])?;
        place.close(fd)?;
    }
    expect("unlink", place.unlink("data.txt"), Ok(()))?;
    expect("unlink", place.unlink("script"), Ok(()))
}
