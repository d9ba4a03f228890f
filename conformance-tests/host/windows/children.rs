//! Children that are programs of Windows: what they are started by, with and in.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::CStr;

use platform::abi::{at, open, wait};
use platform::{Errno, Fd, Files, Names, Process, Spawn, SpawnAction};
use platform_windows::Windows;
use platform_windows::injection::{Answer, Request, clear, inject};
use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, HANDLE_FLAG_INHERIT, SetHandleInformation};
use windows_sys::Win32::System::Threading::{CreateSemaphoreW, ReleaseSemaphore};

use crate::cases::{Case, Outcome, Place, expect};
use crate::stacks;

pub const CASES: &[Case] = &[
    ("batch files by any name", batch_files),
    ("a batch file behind another name", batch_file_behind),
    ("a program beside a file of its name without .exe", beside_another),
    ("no handle is inherited", no_handles),
    ("a long current directory", long_directory),
    ("a current directory that is gone", directory_gone),
    ("the directory of the start", directory_of_start),
    ("too much for a program", too_much),
    ("a program with the name of a device", strange_name),
];

/// What this program does as a child of these cases; the answer is its exit code.
pub fn child(host: &Windows, arguments: &[&CStr]) -> Option<i32> {
    let [_, mark, what, rest @ ..] = arguments else { return None };
    if mark.to_bytes() != b"--windows-child" {
        return None;
    }
    match (what.to_bytes(), rest) {
        (b"exit", []) => Some(7),
        (b"overflow", []) => Some(stacks::overflow()),
        // Whether the file is in the current directory.
        (b"here", [file]) => Some(i32::from(host.access(at::CURRENT_DIRECTORY, file.to_bytes(), 0, 0).is_ok())),
        // Whether the current directory, in which it was started, can be removed.
        (b"remove", []) => {
            let mut path = [0; 512];
            let length = host.current_directory(&mut path).ok()?;
            let removed = host.unlink(at::CURRENT_DIRECTORY, path.get(..length)?, at::REMOVE_DIRECTORY);
            Some(i32::from(removed.is_ok()))
        }
        // Whether the number is a handle of a semaphore: this process has handles of its own, but none of that type.
        (b"handle", [number]) => {
            let number: usize = number.to_str().ok()?.parse().ok()?;
            // SAFETY: another handle is an error.
            Some(unsafe { ReleaseSemaphore(number as HANDLE, 1, core::ptr::null_mut()) })
        }
        _ => Some(99),
    }
}

fn spawn(
    place: &Place,
    program: &[u8],
    words: &[&CStr],
    environment: &[&CStr],
    actions: &[SpawnAction<'_>],
) -> Result<i32, Errno> {
    let arguments = [&[c"p", c"--windows-child"], words].concat();
    let process = place.host.spawn(Spawn {
        path: program,
        arguments: &arguments,
        environment,
        actions,
        signal_mask: None,
        default_signals: 0,
        process_group: None,
    })?;
    place.host.wait(process, 0).map(|(_, status)| status)
}

/// A copy of this program under a name that makes it one of Windows' own to the platform. It gets no console: Wine starts a
/// process for that, which stays in the current directory of the child.
fn copy(place: &Place, name: &str) -> Outcome {
    /// Of the header, the low byte of `Subsystem`, and its value for programs without a console.
    const SUBSYSTEM: usize = 24 + 68;
    const GUI: u8 = 2;
    let failed = |errno: Errno| format!("copy: {errno:?}");
    let mut own = [0; 512];
    let length = place.host.executable_path(&mut own).map_err(failed)?;
    let from = place.host.open(at::CURRENT_DIRECTORY, &own[..length], open::READ_ONLY, 0).map_err(failed)?;
    let to = place.open(name, open::WRITE_ONLY | open::CREATE)?;
    let mut buffer = Vec::from([0; 1 << 16]);
    let mut is_first = true;
    loop {
        let count = place.host.read(from, &mut buffer).map_err(failed)?;
        if count == 0 {
            break;
        }
        if core::mem::take(&mut is_first) {
            let header = u32::from_le_bytes([buffer[0x3C], buffer[0x3D], buffer[0x3E], buffer[0x3F]]) as usize;
            buffer[header + SUBSYSTEM] = GUI;
        }
        expect("copy", place.host.write(to, &buffer[..count]), Ok(count))?;
    }
    place.close(from)?;
    place.close(to)
}

fn executable(place: &Place, name: &str, content: &[u8]) -> Outcome {
    place.file(name, content)?;
    expect("chmod", place.host.set_mode(at::CURRENT_DIRECTORY, &place.path(name), 0o755, 0), Ok(()))
}

fn batch_files(place: &Place) -> Outcome {
    for name in ["x.bat", "x.cmd", "X.BAT", "x.bat.", "x.cmd ", "x.bat. .", "x", "x.txt", "x.exe"] {
        executable(place, name, b"@exit 3\r\n")?;
        expect(name, spawn(place, &place.path(name), &[c"exit"], &[], &[]), Err(Errno::NOEXEC))?;
        expect("unlink", place.unlink(name), Ok(()))?;
    }
    executable(place, "x.bat", b"@exit 3\r\n")?;
    for name in ["x.bat.", "x.bat ", "x.bat::$DATA", "x.bat:stream"] {
        expect(name, spawn(place, &place.path(name), &[c"exit"], &[], &[]), Err(Errno::NOENT))?;
    }
    expect("unlink", place.unlink("x.bat"), Ok(()))
}

/// A link or a short name leads to it.
fn batch_file_behind(place: &Place) -> Outcome {
    fn end_as_batch_file(path: &mut [u8]) {
        for at in 0..path.len().saturating_sub(6) {
            if path[at..].starts_with(b"e\0x\0e\0") {
                path[at..at + 6].copy_from_slice(b"b\0a\0t\0");
            }
        }
    }
    copy(place, "p.exe")?;
    expect("itself", spawn(place, &place.path("p.exe"), &[c"exit"], &[], &[]), Ok(wait::exited(7)))?;
    inject(Request::FinalPath(0), Answer::Edit(end_as_batch_file), 100);
    expect("a batch file", spawn(place, &place.path("p.exe"), &[c"exit"], &[], &[]), Err(Errno::NOEXEC))?;
    clear();
    expect("unlink", place.unlink("p.exe"), Ok(()))
}

/// As `clang` for Linux beside `clang.exe`: the caller's name starts what runs here.
fn beside_another(place: &Place) -> Outcome {
    copy(place, "p.exe")?;
    executable(place, "p", b"\x7FELF\x02\x01\x01\0")?;
    expect("it", spawn(place, &place.path("p"), &[c"exit"], &[], &[]), Ok(wait::exited(7)))?;
    expect("unlink", place.unlink("p.exe"), Ok(()))?;
    expect("alone", spawn(place, &place.path("p"), &[c"exit"], &[], &[]), Err(Errno::NOEXEC))?;
    expect("unlink", place.unlink("p"), Ok(()))
}

/// Without a descriptor the child gets nothing, also of what is inheritable and none of ours.
fn no_handles(place: &Place) -> Outcome {
    copy(place, "p.exe")?;
    // SAFETY: a new semaphore without a name.
    let semaphore = unsafe { CreateSemaphoreW(core::ptr::null(), 0, 9, core::ptr::null()) };
    // SAFETY: an open handle.
    expect("inheritable", unsafe { SetHandleInformation(semaphore, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) }, 1)?;
    let number = format!("{}\0", semaphore as usize);
    let number = CStr::from_bytes_with_nul(number.as_bytes()).map_err(|_| String::from("a number"))?;
    let open = (0..64).filter(|fd: &Fd| place.host.descriptor_flags(*fd).is_ok());
    let close: Vec<_> = open.map(|fd| SpawnAction::Close { fd }).collect();
    let status = spawn(place, &place.path("p.exe"), &[c"handle", number], &[], &close);
    // SAFETY: its last use.
    unsafe { CloseHandle(semaphore) };
    expect("closed in the child", status, Ok(wait::exited(0)))?;
    expect("unlink", place.unlink("p.exe"), Ok(()))
}

/// Goes down through new directories of this name and calls there; all are removed.
fn below(place: &Place, name: &str, depth: usize, ask: impl FnOnce() -> Outcome) -> Outcome {
    let (host, here) = (place.host, at::CURRENT_DIRECTORY);
    let mut start = [0; 512];
    let length = host.current_directory(&mut start).map_err(|errno| format!("{errno:?}"))?;
    expect("there", host.change_directory(here, &place.path("")), Ok(()))?;
    for _ in 0..depth {
        expect("make", host.make_directory(here, name.as_bytes(), 0o755), Ok(()))?;
        expect("down", host.change_directory(here, name.as_bytes()), Ok(()))?;
    }
    let outcome = ask();
    for _ in 0..depth {
        expect("up", host.change_directory(here, b".."), Ok(()))?;
        expect("remove", host.unlink(here, name.as_bytes(), at::REMOVE_DIRECTORY), Ok(()))?;
    }
    expect("back", host.change_directory(here, &start[..length]), Ok(()))?;
    outcome
}

fn long_directory(place: &Place) -> Outcome {
    copy(place, "p.exe")?;
    let (host, program) = (place.host, place.path("p.exe"));
    let in_it = |wanted| {
        let fd = host.open(at::CURRENT_DIRECTORY, b"mark", open::WRITE_ONLY | open::CREATE, 0o644);
        expect("mark", fd.and_then(|fd| host.close(fd)), Ok(()))?;
        let outcome = expect("in it", spawn(place, &program, &[c"here", c"mark"], &[], &[]), wanted);
        expect("unmark", host.unlink(at::CURRENT_DIRECTORY, b"mark", 0), Ok(()))?;
        outcome
    };
    // Names that have shorter ones, and names that do not.
    below(place, &"d".repeat(100), 3, || in_it(Ok(wait::exited(1))))?;
    below(place, "dddddddd", 40, || in_it(Err(Errno::NAMETOOLONG)))?;
    expect("unlink", place.unlink("p.exe"), Ok(()))
}

/// Nothing of ours keeps the current directory: it can be removed, and a child be started elsewhere.
fn directory_gone(place: &Place) -> Outcome {
    copy(place, "p.exe")?;
    let (host, here) = (place.host, at::CURRENT_DIRECTORY);
    let mut start = [0; 512];
    let length = host.current_directory(&mut start).map_err(|errno| format!("{errno:?}"))?;
    expect("make", host.make_directory(here, &place.path("d"), 0o755), Ok(()))?;
    expect("go", host.change_directory(here, &place.path("d")), Ok(()))?;
    expect("remove", host.unlink(here, &place.path("d"), at::REMOVE_DIRECTORY), Ok(()))?;
    expect("in it", spawn(place, &place.path("p.exe"), &[c"exit"], &[], &[]), Err(Errno::NOENT))?;
    expect("back", host.change_directory(here, &start[..length]), Ok(()))?;
    expect("unlink", place.unlink("p.exe"), Ok(()))
}

/// Windows keeps a process's current directory open, ours not.
fn directory_of_start(place: &Place) -> Outcome {
    copy(place, "p.exe")?;
    let path = place.path("d");
    expect("make", place.host.make_directory(at::CURRENT_DIRECTORY, &path, 0o755), Ok(()))?;
    let there = [SpawnAction::ChangeDirectory { path: &path }];
    let status = spawn(place, &place.path("p.exe"), &[c"remove"], &[], &there);
    expect("removed by the child", status, Ok(wait::exited(1)))?;
    let found = place.host.stat(at::CURRENT_DIRECTORY, &path, 0).map(|_| ());
    expect("gone", found, Err(Errno::NOENT))?;
    expect("unlink", place.unlink("p.exe"), Ok(()))
}

fn too_much(place: &Place) -> Outcome {
    copy(place, "p.exe")?;
    let program = place.path("p.exe");
    let long = |start: &str, length: usize| format!("{start}{}\0", "x".repeat(length - start.len() - 1));
    let c =
        |text: &str| CStr::from_bytes_with_nul(text.as_bytes()).map(CStr::to_owned).map_err(|_| String::from("a text"));
    // The line: `p --windows-child exit ` before it, and a zero.
    let (fits, over) = (c(&long("", 32_767 - 23))?, c(&long("", 32_767 - 22))?);
    expect("a line that fits", spawn(place, &program, &[c"exit", &fits], &[], &[]), Ok(wait::exited(99)))?;
    expect("a longer one", spawn(place, &program, &[c"exit", &over], &[], &[]), Err(Errno::TOO_BIG))?;
    let (fits, over) = (c(&long("V=", 32_767))?, c(&long("V=", 32_768))?);
    expect("a variable that fits", spawn(place, &program, &[c"exit"], &[&fits], &[]), Ok(wait::exited(7)))?;
    expect("a longer one", spawn(place, &program, &[c"exit"], &[&over], &[]), Err(Errno::TOO_BIG))?;
    expect("unlink", place.unlink("p.exe"), Ok(()))
}

/// A program is the one that was asked for, although its path means another file to Win32.
fn strange_name(place: &Place) -> Outcome {
    copy(place, "aux.exe")?;
    expect("itself", spawn(place, &place.path("aux.exe"), &[c"exit"], &[], &[]), Ok(wait::exited(7)))?;
    expect("unlink", place.unlink("aux.exe"), Ok(()))
}
