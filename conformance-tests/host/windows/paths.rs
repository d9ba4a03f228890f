//! What a directory is called on volumes that Windows calls otherwise than the user, or has no path for.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use platform::abi::{at, open};
use platform::{Errno, Files, Names};
use platform_windows::injection::{Answer, Request, clear, inject};

use crate::cases::{Case, Outcome, Place, expect};

pub const CASES: &[Case] = &[
    ("a disk without paths", disk_without_paths),
    ("a disk that only the kernel has a path for", kernel_path),
    ("a drive that stands for another", drive_for_another),
    ("two slashes before a top name", two_slashes),
];

/// With drives; for each volume form the long and the short names. Then the kernel's.
const DRIVES: [u32; 2] = [0, 8];
const DEVICES: [u32; 2] = [2, 10];
const INVALID_DEVICE_REQUEST: i32 = 0xC000_0010_u32 as i32;
const MANY: u32 = 1000;

fn refuse(forms: &[u32]) {
    for form in forms {
        inject(Request::FinalPath(*form), Answer::Status(INVALID_DEVICE_REQUEST), MANY);
    }
}

/// Text that the platform stores.
fn text(ask: impl FnOnce(&mut [u8]) -> Result<usize, Errno>) -> Result<String, Errno> {
    let mut buffer = [0; 512];
    let length = ask(&mut buffer)?;
    Ok(String::from_utf8_lossy(buffer.get(..length).unwrap_or_default()).into_owned())
}

fn current(place: &Place) -> Result<String, Errno> {
    text(|buffer| place.host.current_directory(buffer))
}

/// Every way to and from a directory, which is called `name`; `plain`: the same, with a drive.
fn all_ways(place: &Place, name: &[u8], plain: &[u8]) -> Outcome {
    let (host, here) = (place.host, at::CURRENT_DIRECTORY);
    let [name, plain] = [name, plain].map(|name| String::from_utf8_lossy(name).into_owned());
    let start = current(place).map_err(|errno| format!("{errno:?}"))?;
    let opens = |what: &str, directory, path: &[u8]| {
        let opened = host.open(directory, path, open::READ_ONLY, 0);
        expect(what, opened.and_then(|fd| host.close(fd)), Ok(()))
    };
    expect("go there", host.change_directory(here, name.as_bytes()), Ok(()))?;
    expect("its name", current(place), Ok(name.clone()))?;
    opens("a file in it", here, b"f")?;
    opens("up and down", here, b"../d/f")?;
    expect("up", host.change_directory(here, b".."), Ok(()))?;
    expect("the name above", current(place).as_deref(), Ok(name.strip_suffix("/d").unwrap_or_default()))?;
    expect("down", host.change_directory(here, b"./d/../d/."), Ok(()))?;
    expect("its name again", current(place), Ok(name.clone()))?;
    expect("back", host.change_directory(here, start.as_bytes()), Ok(()))?;
    let fd =
        host.open(here, name.as_bytes(), open::READ_ONLY | open::DIRECTORY, 0).map_err(|errno| format!("{errno:?}"))?;
    opens("a file by descriptor", fd, b"f")?;
    opens("up and down by descriptor", fd, b"../d/f")?;
    expect("path of the descriptor", text(|buffer| host.descriptor_path(fd, buffer)), Ok(plain))?;
    expect("go there by descriptor", host.change_directory(fd, b""), Ok(()))?;
    expect("its name by descriptor", current(place), Ok(name))?;
    expect("back again", host.change_directory(here, start.as_bytes()), Ok(()))?;
    place.close(fd)
}

/// Makes `d` with a file `f`, asks, and removes them. The path of `d` with a drive comes with it.
fn with_directory(place: &Place, ask: impl FnOnce(&[u8]) -> Outcome) -> Outcome {
    expect("make", place.host.make_directory(at::CURRENT_DIRECTORY, &place.path("d"), 0o755), Ok(()))?;
    place.file("d/f", b"x")?;
    let fd = place.open("d", open::READ_ONLY | open::DIRECTORY)?;
    let plain = text(|buffer| place.host.descriptor_path(fd, buffer)).map_err(|errno| format!("{errno:?}"))?;
    place.close(fd)?;
    let outcome = ask(plain.as_bytes());
    clear();
    expect("remove", place.unlink("d/f"), Ok(()))?;
    let removed = place.host.unlink(at::CURRENT_DIRECTORY, &place.path("d"), at::REMOVE_DIRECTORY);
    outcome.and(expect("remove the directory", removed, Ok(())))
}

/// Disks in memory that were not announced to Windows have neither letter nor volume name there, and some redirectors refuse.
fn disk_without_paths(place: &Place) -> Outcome {
    with_directory(place, |plain| {
        refuse(&DRIVES);
        refuse(&DEVICES);
        all_ways(place, &place.path("d"), plain)?;
        all_ways(place, plain, plain)?;
        // One that has no name any more must not get its old one.
        place.file("gone", b"")?;
        let fd = place.open("gone", open::READ_ONLY)?;
        expect("unlink", place.unlink("gone"), Ok(()))?;
        let path = text(|buffer| place.host.descriptor_path(fd, buffer));
        expect("no path", path.is_err(), true)?;
        place.close(fd)
    })
}

fn kernel_path(place: &Place) -> Outcome {
    with_directory(place, |plain| {
        refuse(&DRIVES);
        all_ways(place, &place.path("d"), plain)?;
        all_ways(place, plain, plain)
    })
}

/// As after `subst` or `net use`: every path that Windows tells starts with another drive.
fn drive_for_another(place: &Place) -> Outcome {
    fn other_drive(path: &mut [u8]) {
        // `\\?\C:\` in units of two bytes.
        if path.get(10) == Some(&b':') {
            path[8] = b'Y';
        }
    }
    with_directory(place, |plain| {
        for form in DRIVES {
            inject(Request::FinalPath(form), Answer::Edit(other_drive), MANY);
        }
        all_ways(place, plain, plain)?;
        all_ways(place, &place.path("d"), plain)
    })
}

/// The root of this program is `/c`.
fn two_slashes(place: &Place) -> Outcome {
    let is_there = |path: &[u8]| place.host.stat(at::CURRENT_DIRECTORY, path, 0).map(|_| ());
    expect("a drive", is_there(b"//c"), Ok(()))?;
    expect("a folder of the root", is_there(b"//windows/system32"), Ok(()))?;
    expect("/tmp", is_there(&[b"/", &place.path("")[..]].concat()), Ok(()))?;
    expect("not there", is_there(b"//usr/none"), Err(Errno::NOENT))?;
    let mut absolute = Vec::from([0; 64]);
    let length = place.host.absolute_path(b"//windows/x", &mut absolute).unwrap_or(0);
    expect("absolute", absolute.get(..length), Some(&b"/windows/x"[..]))?;
    let length = place.host.absolute_path(b"//server/x", &mut absolute).unwrap_or(0);
    expect("another machine", absolute.get(..length), Some(&b"//server/x"[..]))
}
