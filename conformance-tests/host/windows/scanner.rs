//! Another program opens what was just written, lets nobody else use it, and is done after a moment.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::c_void;
use core::ptr::{null, null_mut};

use platform::abi::{at, open, wait};
use platform::{Errno, Fd, Names, Process};
use windows_sys::Win32::Foundation::{CloseHandle, GENERIC_READ, INVALID_HANDLE_VALUE};
use windows_sys::Win32::Storage::FileSystem::{CreateFileW, FILE_SHARE_READ, OPEN_EXISTING};
use windows_sys::Win32::System::Threading::{CreateThread, Sleep};

use crate::cases::{Case, Outcome, Place, expect};
use crate::running::{copy_of_this, spawn};

pub const CASES: &[Case] = &[
    ("a scanned file is opened", opened),
    ("a scanned file is removed", removed),
    ("a scanned file is renamed", renamed),
    ("a scanned file is replaced", replaced),
    ("a scanned program is started", started),
];

const HERE: Fd = at::CURRENT_DIRECTORY;

/// `C:\dir\file` with its zero.
fn windows_path(place: &Place, name: &str) -> Result<Vec<u16>, String> {
    let fd = place.open(name, open::READ_ONLY)?;
    let mut path = [0; 512];
    let length = place.host.descriptor_path(fd, &mut path).map_err(|errno| format!("path: {errno:?}"))?;
    place.close(fd)?;
    let [b'/', drive, rest @ ..] = path.get(..length).unwrap_or_default() else { return Err("no drive".into()) };
    let text = [&[*drive, b':'], rest, &[0]].concat();
    Ok(text.into_iter().map(|byte| u16::from(if byte == b'/' { b'\\' } else { byte })).collect())
}

/// Opens a file, which others may then open as `share` says (`FILE_SHARE_*`), and closes it later.
fn scan(place: &Place, name: &str, share: u32) -> Outcome {
    unsafe extern "system" fn close_later(handle: *mut c_void) -> u32 {
        // SAFETY: no pointers; the handle is this thread's.
        unsafe {
            Sleep(80);
            CloseHandle(handle);
        }
        0
    }
    let path = windows_path(place, name)?;
    // SAFETY: a path with its zero; no other pointers. The thread closes what was opened.
    unsafe {
        let file = CreateFileW(path.as_ptr(), GENERIC_READ, share, null(), OPEN_EXISTING, 0, null_mut());
        expect("the scanner has it", file != INVALID_HANDLE_VALUE, true)?;
        CloseHandle(CreateThread(null(), 0, Some(close_later), file, 0, null_mut()));
    }
    Ok(())
}

fn opened(place: &Place) -> Outcome {
    place.file("a", b"old")?;
    for (share, flags) in [(0, open::READ_ONLY), (0, open::READ_WRITE), (FILE_SHARE_READ, open::WRITE_ONLY)] {
        scan(place, "a", share)?;
        place.close(place.open("a", flags)?)?;
    }
    scan(place, "a", FILE_SHARE_READ)?;
    place.file("a", b"new")?;
    expect("content", place.content("a"), Ok(b"new".to_vec()))?;
    expect("unlink", place.unlink("a"), Ok(()))
}

fn removed(place: &Place) -> Outcome {
    place.file("a", b"old")?;
    scan(place, "a", FILE_SHARE_READ)?;
    expect("unlink", place.unlink("a"), Ok(()))?;
    expect("it is gone", place.content("a").err(), Some(Errno::NOENT))
}

fn rename(place: &Place) -> Result<(), Errno> {
    place.host.rename(HERE, &place.path("a"), HERE, &place.path("b"))
}

fn renamed(place: &Place) -> Outcome {
    place.file("a", b"here")?;
    scan(place, "a", FILE_SHARE_READ)?;
    expect("rename", rename(place), Ok(()))?;
    expect("content", place.content("b"), Ok(b"here".to_vec()))?;
    expect("unlink", place.unlink("b"), Ok(()))
}

fn replaced(place: &Place) -> Outcome {
    place.file("a", b"new")?;
    place.file("b", b"old")?;
    scan(place, "b", FILE_SHARE_READ)?;
    expect("rename", rename(place), Ok(()))?;
    expect("content", place.content("b"), Ok(b"new".to_vec()))?;
    expect("unlink", place.unlink("b"), Ok(()))
}

fn started(place: &Place) -> Outcome {
    let program = copy_of_this(place)?;
    scan(place, program, 0)?;
    let child = spawn(place, &place.path(program), c"exit", &[])?;
    expect("wait", place.host.wait(child, 0), Ok((child, wait::exited(7))))?;
    expect("unlink", place.unlink(program), Ok(()))
}
