//! Programs that run lose their file, or get another, and what that leaves goes.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use platform::abi::{at, open, wait};
use platform::{Errno, Fd, Files, Names, Process, Spawn, SpawnAction};

use crate::cases::{Case, Outcome, Place, expect};
use crate::in_use::{hidden, unmap_something};

pub const CASES: &[Case] = &[
    ("a running program is removed", removed),
    ("a running program is replaced", replaced),
    ("a running program is renamed", renamed),
    ("a start removes what others left", clean_start),
];

const HERE: Fd = at::CURRENT_DIRECTORY;
const PROGRAM: &str = "program.exe";

/// A child that runs a copy of this program until its input ends.
struct Running {
    child: i32,
    input: Fd,
}

fn failed(what: &str, errno: Errno) -> String {
    format!("{what}: {errno:?}")
}

fn own_path(place: &Place) -> Result<Vec<u8>, String> {
    let mut path = vec![0; 512];
    let length = place.host.executable_path(&mut path).map_err(|errno| failed("own path", errno))?;
    path.truncate(length);
    Ok(path)
}

/// Starts this program, or a copy of it, as a child that does this ([`host_contract::child`]).
pub fn spawn(place: &Place, path: &[u8], what: &core::ffi::CStr, actions: &[SpawnAction<'_>]) -> Result<i32, String> {
    let child = place.host.spawn(Spawn {
        path,
        arguments: &[c"child", c"--contract-child", what],
        environment: &[],
        actions,
        signal_mask: None,
        default_signals: 0,
        process_group: None,
    });
    child.map_err(|errno| failed("spawn", errno))
}

/// Makes a copy of this program; its name.
pub fn copy_of_this(place: &Place) -> Result<&'static str, String> {
    let source = place.host.open(HERE, &own_path(place)?, open::READ_ONLY, 0);
    let source = source.map_err(|errno| failed("own file", errno))?;
    let copy = place.open(PROGRAM, open::WRITE_ONLY | open::CREATE)?;
    while place.host.copy(copy, source, None, 1 << 20).map_err(|errno| failed("copy", errno))? > 0 {}
    place.close(source)?;
    place.close(copy)?;
    Ok(PROGRAM)
}

impl Running {
    fn new(place: &Place) -> Result<Self, String> {
        copy_of_this(place)?;
        let (theirs, input) = place.host.pipe(open::CLOSE_ON_EXEC).map_err(|errno| failed("pipe", errno))?;
        let actions = [SpawnAction::Duplicate { fd: theirs, target: 0 }];
        let child = spawn(place, &place.path(PROGRAM), c"echo", &actions)?;
        place.close(theirs)?;
        Ok(Self { child, input })
    }

    /// It still runs; then it ends, and nothing is left of its file.
    fn end(self, place: &Place) -> Outcome {
        expect("it runs", place.host.wait(self.child, wait::NO_HANG), Ok((0, 0)))?;
        place.close(self.input)?;
        expect("it ends", place.host.wait(self.child, 0), Ok((self.child, wait::exited(0))))?;
        unmap_something(place)?;
        expect("hidden files", hidden(place), 0)
    }
}

fn removed(place: &Place) -> Outcome {
    let running = Running::new(place)?;
    expect("unlink", place.unlink(PROGRAM), Ok(()))?;
    expect("it is gone", place.content(PROGRAM).err(), Some(Errno::NOENT))?;
    place.file(PROGRAM, b"new")?;
    running.end(place)?;
    expect("the new one", place.content(PROGRAM), Ok(b"new".to_vec()))?;
    expect("unlink", place.unlink(PROGRAM), Ok(()))
}

fn replaced(place: &Place) -> Outcome {
    let running = Running::new(place)?;
    place.file("new", b"new")?;
    expect("rename", place.host.rename(HERE, &place.path("new"), HERE, &place.path(PROGRAM)), Ok(()))?;
    expect("it is gone", place.content("new").err(), Some(Errno::NOENT))?;
    expect("the new one", place.content(PROGRAM), Ok(b"new".to_vec()))?;
    running.end(place)?;
    expect("unlink", place.unlink(PROGRAM), Ok(()))
}

fn renamed(place: &Place) -> Outcome {
    let running = Running::new(place)?;
    expect("rename", place.host.rename(HERE, &place.path(PROGRAM), HERE, &place.path("other")), Ok(()))?;
    expect("it is gone", place.content(PROGRAM).err(), Some(Errno::NOENT))?;
    running.end(place)?;
    expect("unlink", place.unlink("other"), Ok(()))
}

fn clean_start(place: &Place) -> Outcome {
    // Numbers of processes are multiples of 4, and never this large. The folder may be there.
    const FOLDER: &[u8] = b"/tmp/.xload-gone";
    _ = place.host.make_directory(HERE, FOLDER, 0o755);
    let [gone, kept] = [".gone", ".kept"].map(|ending| format!("/tmp/.xload-gone/.xload-4294967292-7{ending}"));
    for path in [&gone, &kept] {
        let flags = open::WRITE_ONLY | open::CREATE;
        let fd = place.host.open(HERE, path.as_bytes(), flags, 0o644).map_err(|errno| failed(path, errno))?;
        place.close(fd)?;
    }
    let child = spawn(place, &own_path(place)?, c"exit", &[])?;
    expect("wait", place.host.wait(child, 0), Ok((child, wait::exited(7))))?;
    let there = |path: &str| place.host.stat(HERE, path.as_bytes(), 0).is_ok();
    expect("what was to go", there(&gone), false)?;
    expect("what was halfway", there(&kept), true)?;
    expect("unlink", place.host.unlink(HERE, kept.as_bytes(), 0), Ok(()))
}
