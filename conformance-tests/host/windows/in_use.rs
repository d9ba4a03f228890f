//! Removing and replacing what others, or this process, have open or mapped; every step of it refused once.

use alloc::format;
use alloc::string::String;

use platform::abi::{at, mapping, open, protection};
use platform::{Errno, Fd, Files, Map, Memory, Names, Process};
use platform_windows::injection::{Answer, Request, clear, inject, left};

use crate::cases::{Case, Outcome, Place, expect};

pub const CASES: &[Case] = &[
    ("a mapped file is removed", remove_mapped),
    ("a mapped file is replaced", replace_mapped),
    ("a mapped file is renamed", rename_mapped),
    ("what cannot go stays as it was", refused_removal),
    ("a directory that cannot go stays", refused_directory),
    ("a file is replaced in two steps or not at all", replace_in_steps),
    ("what could not be put back stays", refused_folder),
    ("the other name of a read-only file keeps its mode", read_only_names),
    ("a directory is not moved below itself", below_itself),
    ("a directory is replaced in two steps or not at all", replace_directory_in_steps),
    ("a full directory is not replaced", full_directory),
];

const HERE: Fd = at::CURRENT_DIRECTORY;
const RENAME: Request = Request::Set(10);
const RENAME_POSIX: Request = Request::Set(65);
const DELETE: Request = Request::Set(13);
const DELETE_POSIX: Request = Request::Set(64);
const ACCESS_DENIED: Answer = Answer::Status(0xC000_0022_u32 as i32);
const CANNOT_DELETE: Answer = Answer::Status(0xC000_0121_u32 as i32);
const SHARING_VIOLATION: Answer = Answer::Status(0xC000_0043_u32 as i32);
const MANY: u32 = 1000;
/// A file that keeps the folder for hidden files.
const IN_USE: &[u8] = b"/tmp/.xload-gone/in use";

/// A file that this process has mapped, which Wine too lets nobody delete.
struct Mapped {
    fd: Fd,
    address: usize,
}

impl Mapped {
    fn new(place: &Place, name: &str) -> Result<Self, String> {
        let fd = place.open(name, open::READ_WRITE)?;
        let (length, flags) = (4, mapping::SHARED);
        let protection = protection::READ | protection::WRITE;
        let address = place.host.map(Map { address: 0, length, protection, flags, fd, offset: 0 });
        Ok(Self { fd, address: address.map_err(|errno| format!("map: {errno:?}"))? })
    }

    /// It still has this content. Then it goes, and nothing is left of it.
    fn end(self, place: &Place, content: &[u8; 4]) -> Outcome {
        // SAFETY: four bytes are mapped.
        expect("what is mapped", unsafe { *(self.address as *const [u8; 4]) }, *content)?;
        place.close(self.fd)?;
        expect("unmap", place.host.unmap(self.address, 4), Ok(()))?;
        expect("hidden files", hidden(place), 0)
    }
}

/// How many files of this process are hidden among temporary ones.
pub fn hidden(place: &Place) -> usize {
    let own = format!(".xload-{}-", place.host.process_id() as u32);
    let mut buffer = [0; 4096];
    let Ok(fd) = place.host.open(HERE, b"/tmp/.xload-gone", open::READ_ONLY | open::DIRECTORY, 0) else { return 0 };
    let length = place.host.read_directory(fd, &mut buffer).unwrap_or(0);
    _ = place.host.close(fd);
    let listed = buffer.get(..length).unwrap_or_default();
    listed.windows(own.len()).filter(|window| *window == own.as_bytes()).count()
}

fn rename(place: &Place, from: &str, to: &str) -> Result<(), Errno> {
    place.host.rename(HERE, &place.path(from), HERE, &place.path(to))
}

/// Nobody may say that a request succeeded which did not, and the other way round.
fn holds(place: &Place, name: &str, content: &[u8]) -> Outcome {
    expect(name, place.content(name).as_deref(), Ok(content))
}

fn is_gone(place: &Place, name: &str) -> Outcome {
    expect(name, place.content(name).err(), Some(Errno::NOENT))
}

fn remove_mapped(place: &Place) -> Outcome {
    place.file("a", b"old ")?;
    let mapped = Mapped::new(place, "a")?;
    expect("unlink", place.unlink("a"), Ok(()))?;
    is_gone(place, "a")?;
    let links = place.host.stat(mapped.fd, b"", at::EMPTY_PATH).map(|found| found.nlink);
    expect("links", links, Ok(0))?;
    place.file("a", b"new ")?;
    mapped.end(place, b"old ")?;
    holds(place, "a", b"new ")?;
    expect("unlink", place.unlink("a"), Ok(()))
}

fn replace_mapped(place: &Place) -> Outcome {
    place.file("new", b"new ")?;
    place.file("target", b"old ")?;
    let mapped = Mapped::new(place, "target")?;
    expect("rename", rename(place, "new", "target"), Ok(()))?;
    holds(place, "target", b"new ")?;
    is_gone(place, "new")?;
    mapped.end(place, b"old ")?;
    holds(place, "target", b"new ")?;
    expect("unlink", place.unlink("target"), Ok(()))
}

fn rename_mapped(place: &Place) -> Outcome {
    place.file("a", b"here")?;
    place.file("b", b"lost")?;
    let mapped = Mapped::new(place, "a")?;
    expect("rename", rename(place, "a", "b"), Ok(()))?;
    is_gone(place, "a")?;
    holds(place, "b", b"here")?;
    mapped.end(place, b"here")?;
    expect("unlink", place.unlink("b"), Ok(()))
}

fn refused_removal(place: &Place) -> Outcome {
    for (answer, errno) in [(CANNOT_DELETE, Errno::BUSY), (ACCESS_DENIED, Errno::ACCES)] {
        place.file("a", b"stay")?;
        let path = place.path("a");
        expect("chmod", place.host.set_mode(HERE, &path, 0o444, 0), Ok(()))?;
        for request in [DELETE_POSIX, DELETE] {
            inject(request, answer, MANY);
        }
        inject(RENAME, ACCESS_DENIED, MANY);
        expect("unlink", place.unlink("a"), Err(errno))?;
        clear();
        holds(place, "a", b"stay")?;
        let mode = place.host.stat(HERE, &path, 0).map(|found| found.mode & 0o222);
        expect("nobody may write", mode, Ok(0))?;
        expect("unlink", place.unlink("a"), Ok(()))?;
    }
    // Marked at first, then moved, then refused: it is hidden until it can go.
    place.file("a", b"stay")?;
    inject(DELETE_POSIX, CANNOT_DELETE, 1);
    inject(DELETE, Answer::Kernel, 2);
    inject(DELETE, CANNOT_DELETE, 2);
    expect("unlink", place.unlink("a"), Ok(()))?;
    clear();
    is_gone(place, "a")?;
    unmap_something(place)
}

/// The end of any view is the time for what is hidden.
pub fn unmap_something(place: &Place) -> Outcome {
    place.file("any", b"any ")?;
    Mapped::new(place, "any")?.end(place, b"any ")?;
    expect("unlink", place.unlink("any"), Ok(()))
}

fn refused_directory(place: &Place) -> Outcome {
    let path = place.path("d");
    let remove = || place.host.unlink(HERE, &path, at::REMOVE_DIRECTORY);
    expect("mkdir", place.host.make_directory(HERE, &path, 0o755), Ok(()))?;
    place.file("d/inside", b"stay")?;
    for request in [DELETE_POSIX, DELETE] {
        inject(request, ACCESS_DENIED, MANY);
    }
    expect("rmdir of a full one", remove(), Err(Errno::NOTEMPTY))?;
    holds(place, "d/inside", b"stay")?;
    expect("unlink", place.unlink("d/inside"), Ok(()))?;
    inject(RENAME, ACCESS_DENIED, MANY);
    expect("rmdir", remove(), Err(Errno::ACCES))?;
    clear();
    expect("rmdir", remove(), Ok(()))?;
    unmap_something(place)
}

/// The first request of a rename is refused both ways.
fn refuse_one_step() {
    inject(RENAME_POSIX, ACCESS_DENIED, 1);
    inject(RENAME, ACCESS_DENIED, 1);
}

/// How many requests hide a file: as many as there are places before one takes it.
fn requests_to_hide(place: &Place) -> Result<u32, String> {
    hide(place)?;
    // The folder for hidden files is there after the first. Other programs that start must not remove it meanwhile.
    let keep = place.host.open(HERE, IN_USE, open::WRITE_ONLY | open::CREATE, 0o644);
    place.close(keep.map_err(|errno| format!("keep the folder: {errno:?}"))?)?;
    inject(RENAME, Answer::Kernel, MANY);
    hide(place)?;
    let count = MANY - left(RENAME);
    clear();
    Ok(count)
}

/// Removes a file that the kernel does not let go in POSIX' way.
fn hide(place: &Place) -> Outcome {
    place.file("a", b"    ")?;
    inject(DELETE_POSIX, CANNOT_DELETE, 1);
    expect("unlink", place.unlink("a"), Ok(()))
}

/// Other programs may remove the folder for hidden files again.
fn end_of_steps(place: &Place) -> Outcome {
    expect("unlink", place.host.unlink(HERE, IN_USE, 0), Ok(()))
}

fn replace_in_steps(place: &Place) -> Outcome {
    let hide = requests_to_hide(place)?;
    place.file("new", b"new ")?;
    place.file("target", b"old ")?;
    let both_stay = || holds(place, "new", b"new ").and_then(|()| holds(place, "target", b"old "));

    refuse_one_step();
    inject(RENAME, ACCESS_DENIED, hide + 50);
    expect("no place to hide", rename(place, "new", "target"), Err(Errno::ACCES))?;
    clear();
    both_stay()?;

    refuse_one_step();
    inject(RENAME, Answer::Kernel, hide);
    inject(RENAME, ACCESS_DENIED, 1);
    expect("the new name is refused", rename(place, "new", "target"), Err(Errno::ACCES))?;
    clear();
    both_stay()?;

    refuse_one_step();
    inject(RENAME, Answer::Kernel, hide);
    inject(RENAME, ACCESS_DENIED, 4);
    expect("and the way back for a while", rename(place, "new", "target"), Err(Errno::ACCES))?;
    clear();
    both_stay()?;

    refuse_one_step();
    inject(DELETE_POSIX, CANNOT_DELETE, 1);
    inject(DELETE, CANNOT_DELETE, 1);
    expect("the old file does not go", rename(place, "new", "target"), Ok(()))?;
    clear();
    is_gone(place, "new")?;
    holds(place, "target", b"new ")?;
    expect("unlink", place.unlink("target"), Ok(()))?;
    end_of_steps(place)?;
    unmap_something(place)
}

/// The old file may go, but this user may make none in its folder: neither the new one nor the old one once more.
fn refused_folder(place: &Place) -> Outcome {
    place.file("new", b"new ")?;
    place.file("target", b"old ")?;
    inject(RENAME_POSIX, ACCESS_DENIED, 1);
    inject(RENAME, ACCESS_DENIED, 1);
    inject(RENAME, Answer::Kernel, 1);
    inject(RENAME, ACCESS_DENIED, MANY);
    // The new file, the old one, whether it is held, the old one to move; the folder.
    inject(Request::Open, Answer::Kernel, 4);
    inject(Request::Open, ACCESS_DENIED, 1);
    expect("rename", rename(place, "new", "target"), Err(Errno::ACCES))?;
    expect("requests to open", left(Request::Open), 0)?;
    clear();
    holds(place, "new", b"new ")?;
    holds(place, "target", b"old ")?;
    expect("unlink", place.unlink("new"), Ok(()))?;
    expect("unlink", place.unlink("target"), Ok(()))
}

fn read_only_names(place: &Place) -> Outcome {
    let [one, other] = ["one", "other"].map(|name| place.path(name));
    place.file("one", b"stay")?;
    expect("link", place.host.link(HERE, &one, HERE, &other, 0), Ok(()))?;
    expect("chmod", place.host.set_mode(HERE, &one, 0o444, 0), Ok(()))?;
    inject(DELETE_POSIX, CANNOT_DELETE, 1);
    expect("unlink", place.unlink("one"), Ok(()))?;
    clear();
    let mode = || place.host.stat(HERE, &other, 0).map(|found| found.mode & 0o222);
    expect("nobody may write", mode(), Ok(0))?;
    expect("unlink", place.unlink("other"), Ok(()))
}

fn below_itself(place: &Place) -> Outcome {
    let path = place.path("dir");
    expect("mkdir", place.host.make_directory(HERE, &path, 0o755), Ok(()))?;
    for request in [RENAME_POSIX, RENAME] {
        inject(request, SHARING_VIOLATION, MANY);
    }
    for target in ["dir/x", "DIR/x"] {
        expect(target, rename(place, "dir", target), Err(Errno::INVAL))?;
    }
    clear();
    expect("rmdir", place.host.unlink(HERE, &path, at::REMOVE_DIRECTORY), Ok(()))
}

fn replace_directory_in_steps(place: &Place) -> Outcome {
    let hide = requests_to_hide(place)?;
    let [from, to] = ["from", "to"].map(|name| place.path(name));
    for path in [&from, &to] {
        expect("mkdir", place.host.make_directory(HERE, path, 0o755), Ok(()))?;
    }
    place.file("from/inside", b"here")?;
    let both_stay = || {
        holds(place, "from/inside", b"here")?;
        let there = place.host.stat(HERE, &to, 0).map(|found| found.mode & 0o170_000);
        expect("the empty directory", there, Ok(0o040_000))
    };

    refuse_one_step();
    inject(RENAME, ACCESS_DENIED, hide + 50);
    expect("no place to hide", rename(place, "from", "to"), Err(Errno::ACCES))?;
    clear();
    both_stay()?;

    let open = place.open("from/inside", open::READ_ONLY)?;
    refuse_one_step();
    inject(RENAME, Answer::Kernel, hide);
    inject(RENAME, ACCESS_DENIED, 1);
    expect("the new name is refused", rename(place, "from", "to"), Err(Errno::ACCES))?;
    clear();
    place.close(open)?;
    both_stay()?;

    refuse_one_step();
    inject(DELETE_POSIX, Answer::Status(DIRECTORY_NOT_EMPTY), 1);
    expect("somebody uses the old one", rename(place, "from", "to"), Err(Errno::NOTEMPTY))?;
    clear();
    both_stay()?;

    refuse_one_step();
    inject(RENAME, Answer::Kernel, hide);
    inject(RENAME, ACCESS_DENIED, 3);
    expect("what is open inside is closed soon", rename(place, "from", "to"), Ok(()))?;
    clear();
    holds(place, "to/inside", b"here")?;
    expect("unlink", place.unlink("to/inside"), Ok(()))?;
    expect("rmdir", place.host.unlink(HERE, &to, at::REMOVE_DIRECTORY), Ok(()))?;
    expect("from", place.host.stat(HERE, &from, 0).err(), Some(Errno::NOENT))?;
    end_of_steps(place)
}

const DIRECTORY_NOT_EMPTY: i32 = 0xC000_0101_u32 as i32;

fn full_directory(place: &Place) -> Outcome {
    let [from, to] = ["from", "to"].map(|name| place.path(name));
    for path in [&from, &to] {
        expect("mkdir", place.host.make_directory(HERE, path, 0o755), Ok(()))?;
    }
    place.file("to/inside", b"stay")?;
    expect("rename", rename(place, "from", "to"), Err(Errno::NOTEMPTY))?;
    holds(place, "to/inside", b"stay")?;
    expect("unlink", place.unlink("to/inside"), Ok(()))?;
    expect("rename", rename(place, "from", "to"), Ok(()))?;
    expect("rmdir", place.host.unlink(HERE, &to, at::REMOVE_DIRECTORY), Ok(()))
}
