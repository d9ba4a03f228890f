//! What somebody else holds for a moment is asked for again, for a second; all else is answered at once.

use platform::abi::{at, mapping, open, protection};
use platform::{Errno, Fd, Files, Map, Memory, Names};
use platform_windows::injection::{Answer, Request, clear, inject, left};

use crate::cases::{Case, Outcome, Place, expect};

pub const CASES: &[Case] = &[
    ("a held file is opened later", opened_later),
    ("a file that stays held is busy", stays_held),
    ("a name on its way out is made later", made_later),
    ("a held file is removed and renamed later", moved_later),
    ("a held target is replaced later", replaced_later),
    ("a directory with a held file is renamed later", directory_later),
    ("a mapped file is truncated later", truncated_later),
    ("a missing right is told at once", at_once),
];

const HERE: Fd = at::CURRENT_DIRECTORY;
const OPEN: Request = Request::Open;
const RENAME: Request = Request::Set(10);
const RENAME_POSIX: Request = Request::Set(65);
const LINK: Request = Request::Set(11);
const SIZE: Request = Request::Set(20);
const SHARING_VIOLATION: Answer = Answer::Status(0xC000_0043_u32 as i32);
const ACCESS_DENIED: Answer = Answer::Status(0xC000_0022_u32 as i32);
const DELETE_PENDING: Answer = Answer::Status(0xC000_0056_u32 as i32);
const USER_MAPPED_FILE: Answer = Answer::Status(0xC000_0243_u32 as i32);
const LOCK_CONFLICT: Answer = Answer::Status(0xC000_0054_u32 as i32);
const MANY: u32 = 1000;
/// More tries than a second has.
const TRIES: u32 = 30;

fn rename(place: &Place, from: &str, to: &str) -> Result<(), Errno> {
    place.host.rename(HERE, &place.path(from), HERE, &place.path(to))
}

fn opened_later(place: &Place) -> Outcome {
    place.file("a", b"here")?;
    for flags in [open::READ_ONLY, open::READ_WRITE, open::WRITE_ONLY | open::CREATE, open::READ_ONLY | open::NON_BLOCK]
    {
        for held in [SHARING_VIOLATION, USER_MAPPED_FILE] {
            inject(OPEN, held, 3);
            let fd = place.open("a", flags)?;
            expect("tries that failed", left(OPEN), 0)?;
            place.close(fd)?;
        }
    }
    expect("content", place.content("a"), Ok(b"here".to_vec()))?;
    expect("unlink", place.unlink("a"), Ok(()))
}

fn stays_held(place: &Place) -> Outcome {
    place.file("a", b"here")?;
    let path = place.path("a");
    type Step<'a> = &'a dyn Fn() -> Result<(), Errno>;
    let requests: [(&str, Step<'_>); 3] = [
        ("open", &|| place.host.open(HERE, &path, open::READ_ONLY, 0).map(drop)),
        ("unlink", &|| place.unlink("a")),
        ("rename", &|| rename(place, "a", "b")),
    ];
    for (name, request) in requests {
        inject(OPEN, SHARING_VIOLATION, MANY);
        expect(name, request(), Err(Errno::BUSY))?;
        expect("more than one try", left(OPEN) < MANY - 5, true)?;
        expect("not for ever", left(OPEN) > MANY - TRIES, true)?;
        clear();
    }
    expect("content", place.content("a"), Ok(b"here".to_vec()))?;
    expect("unlink", place.unlink("a"), Ok(()))
}

fn made_later(place: &Place) -> Outcome {
    let path = place.path("a");
    inject(OPEN, DELETE_PENDING, 3);
    place.file("a", b"made")?;
    expect("tries that failed", left(OPEN), 0)?;
    expect("content", place.content("a"), Ok(b"made".to_vec()))?;

    inject(OPEN, DELETE_PENDING, 2);
    expect("what goes is not there", place.content("a").err(), Some(Errno::NOENT))?;
    expect("and nobody waits for it", left(OPEN), 1)?;
    clear();

    inject(LINK, ACCESS_DENIED, 2);
    inject(OPEN, Answer::Kernel, 1);
    inject(OPEN, DELETE_PENDING, 2);
    expect("link", place.host.link(HERE, &path, HERE, &place.path("b"), 0), Ok(()))?;
    clear();
    for name in ["a", "b"] {
        expect("unlink", place.unlink(name), Ok(()))?;
    }

    inject(OPEN, DELETE_PENDING, 3);
    expect("mkdir", place.host.make_directory(HERE, &path, 0o755), Ok(()))?;
    expect("rmdir", place.host.unlink(HERE, &path, at::REMOVE_DIRECTORY), Ok(()))
}

fn moved_later(place: &Place) -> Outcome {
    place.file("a", b"here")?;
    inject(OPEN, SHARING_VIOLATION, 3);
    expect("rename", rename(place, "a", "b"), Ok(()))?;
    expect("tries that failed", left(OPEN), 0)?;
    inject(OPEN, SHARING_VIOLATION, 3);
    expect("unlink", place.unlink("b"), Ok(()))?;
    expect("tries that failed", left(OPEN), 0)
}

fn replaced_later(place: &Place) -> Outcome {
    // How many files are opened before the first request to rename.
    const BEFORE: u32 = 2;
    for held in [SHARING_VIOLATION, DELETE_PENDING] {
        place.file("a", b"new")?;
        place.file("b", b"old")?;
        inject(RENAME_POSIX, ACCESS_DENIED, 3);
        inject(RENAME, ACCESS_DENIED, 3);
        inject(OPEN, Answer::Kernel, BEFORE);
        inject(OPEN, held, 3);
        expect("rename", rename(place, "a", "b"), Ok(()))?;
        expect("tries that failed", (left(RENAME), left(OPEN)), (0, 0))?;
        expect("content", place.content("b"), Ok(b"new".to_vec()))?;
        expect("unlink", place.unlink("b"), Ok(()))?;
        expect("a", place.content("a").err(), Some(Errno::NOENT))?;
    }
    place.file("a", b"new")?;
    place.file("b", b"old")?;
    inject(RENAME_POSIX, ACCESS_DENIED, MANY);
    inject(RENAME, ACCESS_DENIED, MANY);
    inject(OPEN, Answer::Kernel, BEFORE);
    inject(OPEN, SHARING_VIOLATION, MANY);
    expect("rename", rename(place, "a", "b"), Err(Errno::BUSY))?;
    expect("not for ever", left(OPEN) > MANY - TRIES, true)?;
    clear();
    for (name, content) in [("a", b"new"), ("b", b"old")] {
        expect("content", place.content(name), Ok(content.to_vec()))?;
        expect("unlink", place.unlink(name), Ok(()))?;
    }
    Ok(())
}

fn directory_later(place: &Place) -> Outcome {
    let [from, to] = ["from", "to"].map(|name| place.path(name));
    expect("mkdir", place.host.make_directory(HERE, &from, 0o755), Ok(()))?;
    place.file("from/file", b"here")?;
    inject(RENAME_POSIX, ACCESS_DENIED, 3);
    inject(RENAME, ACCESS_DENIED, 3);
    expect("rename", rename(place, "from", "to"), Ok(()))?;
    expect("tries that failed", left(RENAME), 0)?;
    let fd = place.open("to/file", open::READ_ONLY)?;
    inject(RENAME_POSIX, ACCESS_DENIED, MANY);
    inject(RENAME, ACCESS_DENIED, MANY);
    expect("what is open here stays open", rename(place, "to", "from"), Err(Errno::ACCES))?;
    expect("one try", left(RENAME), MANY - 1)?;
    clear();
    place.close(fd)?;
    expect("unlink", place.unlink("to/file"), Ok(()))?;
    expect("rmdir", place.host.unlink(HERE, &to, at::REMOVE_DIRECTORY), Ok(()))
}

fn truncated_later(place: &Place) -> Outcome {
    place.file("a", b"longer")?;
    let fd = place.open("a", open::READ_WRITE)?;
    inject(SIZE, USER_MAPPED_FILE, 3);
    expect("ftruncate", place.host.truncate(fd, 4), Ok(()))?;
    expect("tries that failed", left(SIZE), 0)?;
    inject(SIZE, USER_MAPPED_FILE, 3);
    place.close(place.open("a", open::WRITE_ONLY | open::TRUNCATE)?)?;
    expect("tries that failed", left(SIZE), 0)?;
    expect("write", place.host.write(fd, b"four"), Ok(4))?;

    let (flags, protection) = (mapping::SHARED, protection::READ);
    let address = place.host.map(Map { address: 0, length: 4, protection, flags, fd, offset: 0 });
    let address = address.map_err(|errno| alloc::format!("map: {errno:?}"))?;
    inject(SIZE, USER_MAPPED_FILE, MANY);
    expect("what is mapped here stays mapped", place.host.truncate(fd, 0), Err(Errno::TXTBSY))?;
    expect("one try", left(SIZE), MANY - 1)?;
    clear();
    expect("unmap", place.host.unmap(address, 4), Ok(()))?;
    place.close(fd)?;
    expect("unlink", place.unlink("a"), Ok(()))
}

fn at_once(place: &Place) -> Outcome {
    place.file("a", b"here")?;
    let path = place.path("a");
    inject(OPEN, ACCESS_DENIED, MANY);
    expect("open", place.host.open(HERE, &path, open::WRITE_ONLY, 0), Err(Errno::ACCES))?;
    expect("one try", left(OPEN), MANY - 1)?;
    expect("unlink", place.unlink("a"), Err(Errno::ACCES))?;
    expect("one try", left(OPEN), MANY - 2)?;
    clear();
    inject(RENAME_POSIX, ACCESS_DENIED, MANY);
    inject(RENAME, ACCESS_DENIED, MANY);
    expect("rename", rename(place, "a", "b"), Err(Errno::ACCES))?;
    expect("one try", left(RENAME), MANY - 1)?;
    clear();
    inject(LINK, ACCESS_DENIED, MANY);
    expect("link", place.host.link(HERE, &path, HERE, &place.path("b"), 0), Err(Errno::ACCES))?;
    expect("one try", left(LINK), MANY - 1)?;
    clear();
    let fd = place.open("a", open::READ_ONLY)?;
    inject(Request::Read, LOCK_CONFLICT, MANY);
    expect("read", place.host.read(fd, &mut [0; 4]), Err(Errno::AGAIN))?;
    expect("one try", left(Request::Read), MANY - 1)?;
    clear();
    place.close(fd)?;
    expect("unlink", place.unlink("a"), Ok(()))
}
