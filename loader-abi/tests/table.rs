//! The table between a loader and a library of other versions, and what has landed of it.

use std::fmt::Write;

use loader_abi::{Host, OPERATIONS, VERSION};
use platform::abi::{at, open};
use platform::{Errno, Files, Memory, Names, Piece, Threads};

/// The operations that a table has had in some version. A line that is there stays as it is: libraries and loaders of other days rely
/// on it.
const LANDED: &str = include_str!("operations.txt");

#[test]
fn operations_keep_their_slots_and_types() {
    let mut list = String::new();
    for entry in &OPERATIONS {
        writeln!(list, "{} {entry}", entry.slot).unwrap();
    }
    let Some(new) = list.strip_prefix(LANDED) else {
        let changed = LANDED.lines().zip(list.lines()).find(|(landed, now)| landed != now);
        panic!("an operation that has landed is another now: {changed:?}");
    };
    assert!(new.is_empty(), "append to loader-abi/tests/operations.txt:\n{new}");
}

#[test]
fn operations_read_as_c() {
    let text = |name: &str| OPERATIONS.iter().find(|entry| entry.name == name).unwrap().to_string();
    assert_eq!(text("close"), "int64_t (XLOAD_CALL *close)(int32_t fd)");
    assert_eq!(text("exit"), "void (XLOAD_CALL *exit)(int32_t code)");
    assert_eq!(text("thread_id"), "int64_t (XLOAD_CALL *thread_id)(void)");
    assert_eq!(
        text("stat"),
        "int64_t (XLOAD_CALL *stat)(int32_t directory, struct xload_Bytes path, uint32_t flags, struct xload_Stat *out)"
    );
}

/// The simulation's table as a loader of another version would give it.
fn table(version: u32, bytes: usize) -> Host {
    // SAFETY: a table is plain data, and nothing of it is freed.
    let mut table = unsafe { std::ptr::read(platform_sim::table()) };
    (table.version, table.size) = (version, bytes as u32);
    table
}

#[test]
fn tables_with_what_every_host_has_are_usable() {
    let least = Host::LEAST_SIZE;
    for (version, bytes, usable) in [
        (VERSION, size_of::<Host>(), true),
        (VERSION, size_of::<Host>() + 8, true),
        (VERSION, u32::MAX as usize, true),
        (VERSION, least, true),
        (VERSION, least - 1, false),
        (VERSION, 0, false),
        (VERSION + 1, size_of::<Host>(), false),
        (VERSION - 1, size_of::<Host>(), false),
    ] {
        assert_eq!(table(version, bytes).is_usable(), usable, "{version} {bytes}");
    }
}

#[test]
fn an_older_loader_lacks_what_is_optional() {
    let old = table(VERSION, Host::LEAST_SIZE);
    let fd = old.open(at::CURRENT_DIRECTORY, b"file", open::CREATE | open::READ_WRITE, 0o600).unwrap();
    assert_eq!(old.write(fd, b"data"), Ok(4));
    assert_eq!(old.truncate(fd, 1), Err(Errno::NOSYS));
    assert_eq!(old.unlink(at::CURRENT_DIRECTORY, b"file", 0), Err(Errno::NOSYS));
    assert_eq!(old.remap(0, 1, 1, 0, 0), Err(Errno::NOSYS));
    assert_eq!(old.thread_stack(), Err(Errno::NOSYS));
    // What can be done with other operations is.
    assert_eq!(old.write_vector(fd, &[Piece::new(b""), Piece::new(b"second")], None), Ok(6));
    assert_eq!(old.write_vector(fd, &[Piece::new(b"x")], Some(0)), Err(Errno::NOSYS));
    assert_eq!(old.close(fd), Ok(()));
}

/// A table that ends between two operations has the first and lacks the second.
#[test]
fn a_table_has_what_it_is_long_enough_for() {
    let slot = |name: &str| OPERATIONS.iter().find(|entry| entry.name == name).unwrap().slot as usize;
    let whole = size_of::<Host>() - size_of::<usize>() * (OPERATIONS.len() - slot("truncate"));
    let cut = table(VERSION, whole);
    let fd = cut.open(at::CURRENT_DIRECTORY, b"file", open::CREATE | open::READ_WRITE, 0o600).unwrap();
    assert_eq!(cut.truncate(fd, 1), Err(Errno::NOSYS));
    let cut = table(VERSION, whole + size_of::<usize>());
    assert_eq!(cut.truncate(fd, 1), Ok(()));
}
