//! Information classes that a file system or an older Windows does not have.

use alloc::format;

use platform::abi::{at, file_type, open};
use platform::{Errno, Files, Names};
use platform_windows::injection::{Answer, Request, inject, left};

use crate::cases::{Case, Outcome, Place, expect};

pub const CASES: &[Case] = &[
    ("stat without its own class", stat),
    ("directories without the class of tags", directories),
    ("an error of asking what a file is", error_of_asking),
    ("sizes of a volume without the full class", sizes),
];

/// Numbers of the kernel's: classes of information, statuses.
pub const FILE_BASIC: i32 = 4;
pub const FILE_ATTRIBUTE_TAG: i32 = 35;
pub const FILE_STAT: i32 = 68;
pub const INVALID_INFO_CLASS: i32 = 0xC000_0003_u32 as i32;
pub const INVALID_PARAMETER: i32 = 0xC000_000D_u32 as i32;
const FS_FULL_SIZE: i32 = 7;
const INVALID_DEVICE_REQUEST: i32 = 0xC000_0010_u32 as i32;
const NOT_SUPPORTED: i32 = 0xC000_00BB_u32 as i32;
const DEVICE_NOT_READY: i32 = 0xC000_00A3_u32 as i32;

fn stat(place: &Place) -> Outcome {
    place.file("a", b"four")?;
    for status in [INVALID_INFO_CLASS, INVALID_PARAMETER, INVALID_DEVICE_REQUEST, NOT_SUPPORTED] {
        inject(Request::Query(FILE_STAT), Answer::Status(status), 1);
        let found =
            place.host.stat(at::CURRENT_DIRECTORY, &place.path("a"), 0).map_err(|errno| format!("{errno:?}"))?;
        expect("size", found.size, 4)?;
        expect("type", found.mode & 0o170_000, file_type::REGULAR)?;
    }
    expect("content", place.content("a"), Ok(b"four".to_vec()))?;
    expect("unlink", place.unlink("a"), Ok(()))
}

/// FAT32 and exFAT.
fn directories(place: &Place) -> Outcome {
    let (here, directory) = (at::CURRENT_DIRECTORY, place.path("dir"));
    expect("mkdir", place.host.make_directory(here, &directory, 0o755), Ok(()))?;
    inject(Request::Query(FILE_STAT), Answer::Status(INVALID_PARAMETER), 1000);
    inject(Request::Query(FILE_ATTRIBUTE_TAG), Answer::Status(INVALID_PARAMETER), 1000);
    let mode = place.host.stat(here, &directory, 0).map(|found| found.mode & 0o170_000);
    expect("type", mode, Ok(file_type::DIRECTORY))?;
    let fd = place.open("dir", open::READ_ONLY | open::DIRECTORY)?;
    let listed = place.host.read_directory(fd, &mut [0; 256]).map(|length| length > 0);
    expect("read_directory", listed, Ok(true))?;
    place.close(fd)?;
    expect("as a file", place.unlink("dir"), Err(Errno::ISDIR))?;
    expect("still there", place.host.access(here, &directory, 0, 0), Ok(()))?;
    expect("rmdir", place.host.unlink(here, &directory, at::REMOVE_DIRECTORY), Ok(()))?;
    expect("the class was not asked for", left(Request::Query(FILE_ATTRIBUTE_TAG)), 1000)
}

/// A disk that is going away: nothing is removed for want of an answer.
fn error_of_asking(place: &Place) -> Outcome {
    let (here, directory) = (at::CURRENT_DIRECTORY, place.path("dir"));
    expect("mkdir", place.host.make_directory(here, &directory, 0o755), Ok(()))?;
    inject(Request::Query(FILE_BASIC), Answer::Status(DEVICE_NOT_READY), 1);
    expect("unlink", place.unlink("dir"), Err(Errno::NOMEDIUM))?;
    inject(Request::Query(FILE_BASIC), Answer::Status(DEVICE_NOT_READY), 1);
    let renamed = place.host.rename(here, &directory, here, &place.path("new"));
    expect("rename", renamed, Err(Errno::NOMEDIUM))?;
    inject(Request::Query(FILE_STAT), Answer::Status(DEVICE_NOT_READY), 1);
    inject(Request::Query(FILE_BASIC), Answer::Status(DEVICE_NOT_READY), 1);
    let found = place.host.stat(here, &directory, 0).map(|found| found.mode);
    expect("stat", found, Err(Errno::NOMEDIUM))?;
    platform_windows::injection::clear();
    expect("rmdir", place.host.unlink(here, &directory, at::REMOVE_DIRECTORY), Ok(()))
}

fn sizes(place: &Place) -> Outcome {
    inject(Request::QueryVolume(FS_FULL_SIZE), Answer::Status(INVALID_PARAMETER), 1);
    let found = place.host.file_system(at::CURRENT_DIRECTORY, &place.path(""), 0);
    let found = found.map_err(|errno| format!("{errno:?}"))?;
    expect("sizes", found.block_size > 0 && found.blocks > 0 && found.blocks_available <= found.blocks, true)
}
