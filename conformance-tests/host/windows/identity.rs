//! File systems whose numbers of files are none, or the same for several files, or that do not tell them with the names.

use alloc::ffi::CString;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::CStr;

use platform::abi::{at, descriptor, open, wait};
use platform::dirent::{DIRECTORY, REGULAR, Record};
use platform::{Errno, Files, Lock, Names, Process, Spawn};
use platform_windows::injection::{Answer, Request, inject};

use crate::cases::{Case, Outcome, Place, expect};
use crate::classes::{FILE_STAT, INVALID_INFO_CLASS, INVALID_PARAMETER};

pub const CASES: &[Case] = &[
    ("rename where no file has a number", |place| rename(place, zero)),
    ("rename where all numbers are minus one", |place| rename(place, ones)),
    ("rename where all files have one number", |place| rename(place, sevens)),
    ("numbers of files without numbers", numbers),
    ("an open file beside an unlinked one of its number", unlink_beside),
    ("locks of two files of one number", locks),
    ("names without numbers", names_without_numbers),
    ("names in the older form", names_in_the_older_form),
    ("volumes without a serial number", volume_without_serial),
    ("volumes with one serial number", volumes_with_one_serial),
];

/// `FileInternalInformation`, `FileIdInformation`, `FileIdBothDirectoryInformation`, `FileFsVolumeInformation`.
const FILE_INTERNAL: i32 = 6;
const FILE_ID: i32 = 59;
const FILE_ID_BOTH_DIRECTORY: i32 = 37;
const FS_VOLUME: i32 = 1;
const ALWAYS: u32 = 100_000;

fn set(answer: &mut [u8], at: usize, length: usize, byte: u8) {
    answer.iter_mut().skip(at).take(length).for_each(|place| *place = byte);
}
fn zero(answer: &mut [u8]) {
    set(answer, 0, 8, 0);
}
fn ones(answer: &mut [u8]) {
    set(answer, 0, 8, 0xFF);
}
fn sevens(answer: &mut [u8]) {
    set(answer, 0, 8, 7);
}
/// `FILE_ID_INFORMATION` has the id behind the volume's serial number.
fn wide_zero(answer: &mut [u8]) {
    set(answer, 8, 16, 0);
}
fn wide_sevens(answer: &mut [u8]) {
    set(answer, 8, 16, 7);
}

/// Every answer with a number has this one.
fn number_all(edit: fn(&mut [u8])) {
    inject(Request::Query(FILE_STAT), Answer::Edit(edit), ALWAYS);
    inject(Request::Query(FILE_INTERNAL), Answer::Edit(edit), ALWAYS);
    inject(Request::Query(FILE_ID), Answer::Edit(wide_zero), ALWAYS);
}

fn rename(place: &Place, edit: fn(&mut [u8])) -> Outcome {
    place.file("a", b"from a")?;
    place.file("b", b"from b")?;
    number_all(edit);
    let here = at::CURRENT_DIRECTORY;
    let rename = |from, to| place.host.rename(here, &place.path(from), here, &place.path(to));
    expect("onto another file", rename("a", "b"), Ok(()))?;
    expect("the content", place.content("b"), Ok(b"from a".to_vec()))?;
    expect("the old name", place.content("a"), Err(Errno::NOENT))?;
    expect("onto itself", rename("b", "b"), Ok(()))?;
    expect("the content", place.content("b"), Ok(b"from a".to_vec()))?;
    expect("unlink", place.unlink("b"), Ok(()))
}

fn number(place: &Place, name: &str) -> Result<u64, String> {
    let found = place.host.stat(at::CURRENT_DIRECTORY, &place.path(name), at::SYMLINK_NOFOLLOW);
    found.map(|found| found.ino).map_err(|errno| format!("stat {name}: {errno:?}"))
}

fn numbers(place: &Place) -> Outcome {
    place.file("a", b"")?;
    place.file("b", b"")?;
    for edit in [zero, ones] {
        number_all(edit);
        let (a, b) = (number(place, "a")?, number(place, "b")?);
        expect("two files differ", a != b && a != 0 && b != 0, true)?;
        expect("a path's number stays", number(place, "a")?, a)?;
        let fd = place.open("a", open::READ_ONLY)?;
        let opened = place.host.stat(fd, b"", at::EMPTY_PATH).map(|found| found.ino);
        expect("the open file has it too", opened, Ok(a))?;
        place.close(fd)?;
        platform_windows::injection::clear();
    }
    // Ids of 128 bits that do not fit.
    inject(Request::Query(FILE_STAT), Answer::Edit(ones), ALWAYS);
    inject(Request::Query(FILE_INTERNAL), Answer::Edit(ones), ALWAYS);
    inject(Request::Query(FILE_ID), Answer::Edit(wide_sevens), ALWAYS);
    expect("the wide id decides", number(place, "a")?, number(place, "b")?)?;
    platform_windows::injection::clear();
    expect("unlink", place.unlink("a"), Ok(()))?;
    expect("unlink", place.unlink("b"), Ok(()))
}

fn unlink_beside(place: &Place) -> Outcome {
    place.file("a", b"")?;
    place.file("b", b"")?;
    number_all(sevens);
    let (a, b) = (place.open("a", open::READ_ONLY)?, place.open("b", open::READ_ONLY)?);
    let links = |fd| place.host.stat(fd, b"", at::EMPTY_PATH).map(|found| found.nlink);
    expect("unlink", place.unlink("b"), Ok(()))?;
    expect("the other file keeps its name", links(a), Ok(1))?;
    expect("this one has none", links(b), Ok(0))?;
    place.close(a)?;
    place.close(b)?;
    expect("unlink", place.unlink("a"), Ok(()))
}

/// Closing a descriptor gives back the locks of its file, and of no other.
fn locks(place: &Place) -> Outcome {
    place.file("a", b"")?;
    place.file("b", b"")?;
    number_all(sevens);
    let (a, b) = (place.open("a", open::READ_WRITE)?, place.open("b", open::READ_WRITE)?);
    let lock = Lock { start: 0, length: 10, kind: descriptor::LOCK_WRITE, process: 0 };
    expect("lock", place.host.lock(a, lock, false), Ok(()))?;
    expect("lock", place.host.lock(b, lock, false), Ok(()))?;
    place.close(b)?;
    platform_windows::injection::clear();
    expect("another process finds it locked", tried(place, "a")?, wait::exited(1))?;
    expect("and the other file free", tried(place, "b")?, wait::exited(0))?;
    place.close(a)?;
    expect("given back", tried(place, "a")?, wait::exited(0))?;
    expect("unlink", place.unlink("a"), Ok(()))?;
    expect("unlink", place.unlink("b"), Ok(()))
}

/// How a process ends that tries to lock the file ([`host_contract::child`]).
fn tried(place: &Place, name: &str) -> Result<i32, String> {
    let failed = |errno: Errno| format!("start a child: {errno:?}");
    let strings = |bytes: &[u8]| CString::new(bytes).map_err(|_| String::from("a zero in a path"));
    let mut program = [0; 512];
    let length = place.host.executable_path(&mut program).map_err(failed)?;
    let program = program.get(..length).unwrap_or_default();
    let words = [strings(program)?, c"--contract-child".into(), c"lock".into(), strings(&place.path(name))?];
    let arguments: Vec<&CStr> = words.iter().map(|word| word.as_c_str()).collect();
    let child = place.host.spawn(Spawn {
        path: program,
        arguments: &arguments,
        environment: &[],
        actions: &[],
        signal_mask: None,
        default_signals: 0,
        process_group: None,
    });
    let ended = child.and_then(|child| place.host.wait(child, 0));
    ended.map(|(_, status)| status).map_err(failed)
}

/// Name, kind and number of what a directory holds, in order of names.
pub fn list(place: &Place) -> Result<Vec<(String, u8, u64)>, String> {
    let fd = place.open("", open::READ_ONLY | open::DIRECTORY)?;
    let mut buffer = [0; 4096];
    let length = place.host.read_directory(fd, &mut buffer).map_err(|errno| format!("list: {errno:?}"))?;
    place.close(fd)?;
    let mut rest = buffer.get(..length).unwrap_or_default();
    let mut all = Vec::new();
    while let Some((record, used)) = Record::first(rest) {
        all.push((String::from_utf8_lossy(record.name).into_owned(), record.kind, record.ino));
        rest = rest.get(used..).unwrap_or_default();
    }
    all.retain(|(name, _, _)| name != "." && name != "..");
    all.sort();
    Ok(all)
}

fn with_names(place: &Place, check: impl FnOnce() -> Outcome) -> Outcome {
    place.file("a", b"")?;
    let directory = place.path("dir");
    expect("mkdir", place.host.make_directory(at::CURRENT_DIRECTORY, &directory, 0o755), Ok(()))?;
    let outcome = check();
    platform_windows::injection::clear();
    expect("unlink", place.unlink("a"), Ok(()))?;
    expect("rmdir", place.host.unlink(at::CURRENT_DIRECTORY, &directory, at::REMOVE_DIRECTORY), Ok(()))?;
    outcome
}

fn agrees(place: &Place) -> Outcome {
    let (a, dir) = (number(place, "a")?, number(place, "dir")?);
    expect("names", list(place)?, [("a".into(), REGULAR, a), ("dir".into(), DIRECTORY, dir)].to_vec())
}

/// `FILE_ID_BOTH_DIR_INFORMATION` records without ids.
fn without_ids(answer: &mut [u8]) {
    let mut at = 0;
    loop {
        set(answer, at + 96, 8, 0);
        match answer.get(at..at + 4).and_then(|next| next.try_into().ok()).map(u32::from_le_bytes) {
            Some(next @ 1..) => at += next as usize,
            _ => return,
        }
    }
}

fn names_without_numbers(place: &Place) -> Outcome {
    with_names(place, || {
        inject(Request::List(FILE_ID_BOTH_DIRECTORY), Answer::Edit(without_ids), ALWAYS);
        agrees(place)?;
        number_all(zero);
        agrees(place)
    })
}

fn names_in_the_older_form(place: &Place) -> Outcome {
    with_names(place, || {
        for status in [INVALID_INFO_CLASS, INVALID_PARAMETER] {
            inject(Request::List(FILE_ID_BOTH_DIRECTORY), Answer::Status(status), 1);
            agrees(place)?;
        }
        Ok(())
    })
}

fn volume_without_serial(place: &Place) -> Outcome {
    fn no_serial(answer: &mut [u8]) {
        // Behind the time of its creation.
        set(answer, 8, 4, 0);
    }
    let device = || place.host.stat(at::CURRENT_DIRECTORY, &place.path(""), 0).map(|found| found.dev);
    inject(Request::QueryVolume(FS_VOLUME), Answer::Edit(no_serial), ALWAYS);
    let found = place.host.file_system(at::CURRENT_DIRECTORY, &place.path(""), 0).map(|found| found.id != 0);
    expect("the volume has a number", found, Ok(true))?;
    inject(Request::QueryVolume(FS_VOLUME), Answer::Status(INVALID_PARAMETER), ALWAYS);
    expect("and a device", device().map(|device| device != 0), Ok(true))
}

fn volumes_with_one_serial(place: &Place) -> Outcome {
    /// A string's length, its room, and where it lies; the name behind that.
    fn name(answer: &mut [u8], name: &str) {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = (name.len() as u16).to_le_bytes();
        let head = length.iter().chain(&length).copied().chain([0; 12]);
        answer.iter_mut().zip(head.chain(name)).for_each(|(place, byte)| *place = byte);
    }
    let volume = |made: fn(&mut [u8])| {
        inject(Request::ObjectName, Answer::Made(made), 1);
        let found = place.host.file_system(at::CURRENT_DIRECTORY, &place.path(""), 0);
        found.map(|found| found.id).map_err(|errno| format!("statvfs: {errno:?}"))
    };
    let disk = volume(|answer| name(answer, r"\Device\HarddiskVolume3\dir"))?;
    expect("the same disk", volume(|answer| name(answer, r"\Device\HarddiskVolume3\x\y"))?, disk)?;
    let copy = volume(|answer| name(answer, r"\Device\HarddiskVolume4\dir"))?;
    expect("its copy is another", copy != disk, true)
}
