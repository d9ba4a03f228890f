//! Reparse points of every kind.

use alloc::vec::Vec;

use platform::abi::{access, at, file_type, open};
use platform::dirent::{DIRECTORY, SYMLINK};
use platform::{Errno, Files, Names};
use platform_windows::injection::{Answer, Request, clear, inject};

use crate::cases::{Case, Outcome, Place, expect};
use crate::classes::{FILE_ATTRIBUTE_TAG, FILE_BASIC, FILE_STAT};
use crate::identity::list;

pub const CASES: &[Case] = &[
    ("an alias of a program", alias),
    ("an alias of a program that may not be opened", closed_alias),
    ("a mount point", mount_point),
    ("a junction", junction),
    ("a link of Linux", linux_link),
    ("a file of a cloud", cloud),
];

/// Numbers of the kernel's: a control code, a class, statuses.
const GET_REPARSE_POINT: u32 = 0x0009_00A8;
const FILE_ID_BOTH_DIRECTORY: i32 = 37;
const TAG_NOT_HANDLED: i32 = 0xC000_0279_u32 as i32;
const ACCESS_DENIED: i32 = 0xC000_0022_u32 as i32;

const APP_EXEC_LINK: u32 = 0x8000_001B;
const MOUNT_POINT: u32 = 0xA000_0003;
const LX_SYMLINK: u32 = 0xA000_001D;
const CLOUD: u32 = 0x9000_101A;

/// A program that every Windows has, and Wine.
const PROGRAM: &[u8] = b"/c/windows/system32/cmd.exe";

fn put(answer: &mut [u8], at: usize, data: &[u8]) {
    answer.iter_mut().skip(at).zip(data).for_each(|(place, byte)| *place = *byte);
}

/// Attributes at an offset get these flags too.
fn flag(answer: &mut [u8], at: usize, flags: u32) {
    let old = answer.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_le_bytes);
    put(answer, at, &(old | flags).to_le_bytes());
}

const REPARSE_POINT: u32 = 0x400;
const RECALL_ON_DATA_ACCESS: u32 = 0x40_0000;

/// `FILE_BASIC_INFORMATION`.
fn basic(answer: &mut [u8]) {
    flag(answer, 32, REPARSE_POINT);
}
/// `FILE_STAT_INFORMATION` and `FILE_ATTRIBUTE_TAG_INFORMATION` with a tag.
fn stat<const TAG: u32>(answer: &mut [u8]) {
    flag(answer, 56, REPARSE_POINT);
    put(answer, 60, &TAG.to_le_bytes());
}
fn tag<const TAG: u32>(answer: &mut [u8]) {
    put(answer, 4, &TAG.to_le_bytes());
}

/// The next file that is asked about has a reparse point with the tag.
fn next_has<const TAG: u32>() {
    inject(Request::Query(FILE_STAT), Answer::Edit(stat::<TAG>), 1);
    inject(Request::Query(FILE_BASIC), Answer::Edit(basic), 1);
    inject(Request::Query(FILE_ATTRIBUTE_TAG), Answer::Edit(tag::<TAG>), 1);
}

fn point(answer: &mut [u8], tag: u32, data: &[u8]) {
    put(answer, 0, &tag.to_le_bytes());
    put(answer, 4, &(data.len() as u16).to_le_bytes());
    put(answer, 8, data);
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn alias_point(answer: &mut [u8]) {
    let strings = wide("Org.Tool_hash\0Org.Tool_hash!App\0C:\\windows\\system32\\cmd.exe\x000\0");
    point(answer, APP_EXEC_LINK, &[&3u32.to_le_bytes()[..], &strings].concat());
}

fn junction_point(answer: &mut [u8], target: &str) {
    let target = wide(target);
    let length = (target.len() as u16).to_le_bytes();
    point(answer, MOUNT_POINT, &[&[0, 0], &length[..], &length, &[0, 0], &target].concat());
}

fn volume_point(answer: &mut [u8]) {
    junction_point(answer, r"\??\Volume{01234567-89ab-cdef-0123-456789abcdef}\");
}

fn linux_point(answer: &mut [u8]) {
    point(answer, LX_SYMLINK, &[&2u32.to_le_bytes()[..], b"target"].concat());
}

fn alias(place: &Place) -> Outcome {
    place.file("tool.exe", b"")?;
    let (host, here, path) = (place.host, at::CURRENT_DIRECTORY, place.path("tool.exe"));
    let identity =
        |path: &[u8], flags| host.stat(here, path, flags).map(|found| (found.dev, found.ino, found.mode, found.size));
    let program = identity(PROGRAM, 0);
    for flags in [0, at::SYMLINK_NOFOLLOW] {
        next_has::<APP_EXEC_LINK>();
        inject(Request::Open, Answer::Kernel, 1);
        inject(Request::Open, Answer::Status(TAG_NOT_HANDLED), 1);
        inject(Request::Control(GET_REPARSE_POINT), Answer::Made(alias_point), 1);
        expect("stat", identity(&path, flags), program)?;
        clear();
    }
    let through = || {
        inject(Request::Open, Answer::Status(TAG_NOT_HANDLED), 1);
        inject(Request::Control(GET_REPARSE_POINT), Answer::Made(alias_point), 1);
    };
    through();
    expect("access", host.access(here, &path, access::EXECUTE, 0), Ok(()))?;
    through();
    let fd = place.open("tool.exe", open::READ_ONLY)?;
    let mut start = [0; 2];
    expect("read", host.read(fd, &mut start), Ok(2))?;
    expect("content", &start, b"MZ")?;
    place.close(fd)?;
    expect("unlink", place.unlink("tool.exe"), Ok(()))
}

fn closed_alias(place: &Place) -> Outcome {
    place.file("tool.exe", b"")?;
    let (host, here, path) = (place.host, at::CURRENT_DIRECTORY, place.path("tool.exe"));
    next_has::<APP_EXEC_LINK>();
    inject(Request::Open, Answer::Kernel, 1);
    inject(Request::Open, Answer::Status(TAG_NOT_HANDLED), 1);
    inject(Request::Open, Answer::Kernel, 1);
    inject(Request::Open, Answer::Status(ACCESS_DENIED), 1);
    inject(Request::Control(GET_REPARSE_POINT), Answer::Made(alias_point), 2);
    let mode = host.stat(here, &path, 0).map(|found| found.mode);
    expect("stat", mode, Ok(file_type::REGULAR | 0o755))?;
    clear();
    expect("unlink", place.unlink("tool.exe"), Ok(()))
}

fn mount_point(place: &Place) -> Outcome {
    let (host, here, path) = (place.host, at::CURRENT_DIRECTORY, place.path("m"));
    expect("mkdir", host.make_directory(here, &path, 0o755), Ok(()))?;
    let mounted = || {
        next_has::<MOUNT_POINT>();
        inject(Request::Control(GET_REPARSE_POINT), Answer::Made(volume_point), 1);
    };
    mounted();
    let mode = host.stat(here, &path, at::SYMLINK_NOFOLLOW).map(|found| found.mode & file_type::MASK);
    expect("lstat", mode, Ok(file_type::DIRECTORY))?;
    clear();
    mounted();
    expect("readlink", host.read_link(here, &path, &mut [0; 64]), Err(Errno::INVAL))?;
    clear();
    mounted();
    expect("as a file", host.unlink(here, &path, 0), Err(Errno::ISDIR))?;
    clear();
    mounted();
    expect("rmdir", host.unlink(here, &path, at::REMOVE_DIRECTORY), Err(Errno::BUSY))?;
    clear();
    mounted();
    expect("rename", host.rename(here, &path, here, &place.path("n")), Err(Errno::BUSY))?;
    clear();
    mounted();
    inject(Request::List(FILE_ID_BOTH_DIRECTORY), Answer::Edit(listed_junction), 1);
    expect("its kind in a listing", kinds(place), Ok([DIRECTORY].to_vec()))?;
    clear();
    expect("rmdir", host.unlink(here, &path, at::REMOVE_DIRECTORY), Ok(()))
}

/// The record of the name `m` gets the tag of junctions.
fn listed_junction(answer: &mut [u8]) {
    let mut at = 0;
    loop {
        if answer.get(at + 104) == Some(&b'm') {
            flag(answer, at + 56, REPARSE_POINT);
            put(answer, at + 64, &MOUNT_POINT.to_le_bytes());
        }
        match answer.get(at..at + 4).and_then(|next| next.try_into().ok()).map(u32::from_le_bytes) {
            Some(next @ 1..) => at += next as usize,
            _ => return,
        }
    }
}

fn kinds(place: &Place) -> Result<Vec<u8>, alloc::string::String> {
    Ok(list(place)?.into_iter().map(|(_, kind, _)| kind).collect())
}

fn junction(place: &Place) -> Outcome {
    fn to_directory(answer: &mut [u8]) {
        junction_point(answer, r"\??\C:\windows");
    }
    let (host, here, path) = (place.host, at::CURRENT_DIRECTORY, place.path("m"));
    expect("mkdir", host.make_directory(here, &path, 0o755), Ok(()))?;
    let linked = || {
        next_has::<MOUNT_POINT>();
        inject(Request::Control(GET_REPARSE_POINT), Answer::Made(to_directory), 2);
    };
    linked();
    let found = host.stat(here, &path, at::SYMLINK_NOFOLLOW).map(|found| (found.mode & file_type::MASK, found.size));
    expect("lstat", found, Ok((file_type::SYMLINK, 8)))?;
    clear();
    linked();
    let mut text = [0; 64];
    expect("readlink", host.read_link(here, &path, &mut text), Ok(8))?;
    expect("the target", text.get(..8), Some(&b"/windows"[..]))?;
    clear();
    linked();
    inject(Request::List(FILE_ID_BOTH_DIRECTORY), Answer::Edit(listed_junction), 1);
    expect("its kind in a listing", kinds(place), Ok([SYMLINK].to_vec()))?;
    clear();
    expect("rmdir", host.unlink(here, &path, at::REMOVE_DIRECTORY), Ok(()))
}

fn linux_link(place: &Place) -> Outcome {
    place.file("link", b"")?;
    place.file("target", b"there")?;
    let (host, here, path) = (place.host, at::CURRENT_DIRECTORY, place.path("link"));
    next_has::<LX_SYMLINK>();
    inject(Request::Control(GET_REPARSE_POINT), Answer::Made(linux_point), 1);
    let found = host.stat(here, &path, at::SYMLINK_NOFOLLOW).map(|found| (found.mode & file_type::MASK, found.size));
    expect("lstat", found, Ok((file_type::SYMLINK, 6)))?;
    clear();
    inject(Request::Open, Answer::Status(TAG_NOT_HANDLED), 1);
    inject(Request::Control(GET_REPARSE_POINT), Answer::Made(linux_point), 1);
    expect("open", place.content("link"), Ok(b"there".to_vec()))?;
    clear();
    // Each link leads to one that is a link again.
    inject(Request::Control(GET_REPARSE_POINT), Answer::Made(linux_point), 100);
    for _ in 0..41 {
        inject(Request::Open, Answer::Status(TAG_NOT_HANDLED), 1);
        inject(Request::Open, Answer::Kernel, 1);
    }
    expect("a circle", place.content("link"), Err(Errno::LOOP))?;
    clear();
    expect("unlink", place.unlink("link"), Ok(()))?;
    expect("unlink", place.unlink("target"), Ok(()))
}

fn cloud(place: &Place) -> Outcome {
    fn elsewhere(answer: &mut [u8]) {
        flag(answer, 32, RECALL_ON_DATA_ACCESS | REPARSE_POINT);
    }
    fn stat_elsewhere(answer: &mut [u8]) {
        stat::<CLOUD>(answer);
        flag(answer, 56, RECALL_ON_DATA_ACCESS);
    }
    place.file("script", b"#!/bin/sh\n")?;
    let (host, here, path) = (place.host, at::CURRENT_DIRECTORY, place.path("script"));
    inject(Request::Query(FILE_STAT), Answer::Edit(stat_elsewhere), 100);
    inject(Request::Query(FILE_BASIC), Answer::Edit(elsewhere), 100);
    inject(Request::Query(FILE_ATTRIBUTE_TAG), Answer::Edit(tag::<CLOUD>), 100);
    inject(Request::Read, Answer::Kernel, 100);
    for flags in [0, at::SYMLINK_NOFOLLOW] {
        let found = host.stat(here, &path, flags).map(|found| (found.mode, found.size));
        expect("a file, not a program", found, Ok((file_type::REGULAR | 0o644, 10)))?;
    }
    expect("access", host.access(here, &path, access::EXECUTE, 0), Err(Errno::ACCES))?;
    expect("nothing was read", platform_windows::injection::left(Request::Read), 100)?;
    clear();
    expect("unlink", place.unlink("script"), Ok(()))
}
