//! Listing directories.

use crate::report::Test;
use core::fmt::Write;
use platform::abi::{at, open, seek};
use platform::dirent::{DIRECTORY, REGULAR, Record};
use platform::{Errno, Platform};

/// The first record of `bytes` and what follows it; `None` for anything but a whole, aligned record.
fn first(bytes: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let (record, length) = Record::first(bytes)?;
    (length % 8 == 0).then_some((record, &bytes[length..]))
}

/// Calls `with` with each name of the directory but `.` and `..`.
pub(crate) fn each<P: Platform>(host: &P, path: &[u8], mut with: impl FnMut(&[u8])) {
    let Ok(fd) = host.open(at::CURRENT_DIRECTORY, path, open::READ_ONLY | open::DIRECTORY, 0) else { return };
    let mut buffer = [0; 2048];
    while let Ok(length @ 1..) = host.read_directory(fd, &mut buffer) {
        let mut rest = &buffer[..length];
        while let Some((record, more)) = first(rest) {
            if record.name != b"." && record.name != b".." {
                with(record.name);
            }
            rest = more;
        }
    }
    let _ = host.close(fd);
}

const COUNT: usize = 40;

/// `file-NN`.
fn name(number: usize) -> crate::report::Line {
    let mut line = crate::report::Line::new();
    let _ = write!(line, "list/file-{number:02}");
    line
}

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    let here = at::CURRENT_DIRECTORY;

    t.case("directories", "every name once", |t| {
        let path = t.path("list");
        t.need("make_directory", "new", host.make_directory(here, path.bytes(), 0o755))?;
        let below = t.path("list/sub");
        t.need("make_directory", "new", host.make_directory(here, below.bytes(), 0o755))?;
        for number in 0..COUNT {
            t.make_with(name(number).text(), b"")?;
        }
        let fd = t.open("list", open::READ_ONLY | open::DIRECTORY)?;
        let (mut seen, mut dots, mut others, mut whole, mut kinds) = ([0; COUNT], 0, 0, true, true);
        // Small: several requests are needed.
        let mut buffer = [0_u8; 256];
        loop {
            let length = t.need("read_directory", "records", host.read_directory(fd, &mut buffer))?;
            if length == 0 {
                break;
            }
            let mut rest = &buffer[..length];
            while !rest.is_empty() {
                let Some((record, more)) = first(rest) else {
                    whole = false;
                    break;
                };
                rest = more;
                let expected = match record.name {
                    b"." | b".." => {
                        dots += 1;
                        DIRECTORY
                    }
                    b"sub" => {
                        others += 1;
                        DIRECTORY
                    }
                    other => {
                        let digits = other.strip_prefix(b"file-").and_then(|digits| core::str::from_utf8(digits).ok());
                        match digits.and_then(|digits| digits.parse::<usize>().ok()).and_then(|n| seen.get_mut(n)) {
                            Some(count) => *count += 1,
                            None => others += 100,
                        }
                        REGULAR
                    }
                };
                // 0: the host does not know without asking.
                kinds &= record.kind == expected || record.kind == 0;
            }
        }
        t.fact("records are whole and padded to 8 bytes", whole);
        t.fact("types fit", kinds);
        t.equal("dot and dot-dot", dots, 2);
        t.equal("the directory below, and nothing else", others, 1);
        t.fact("each file once", seen.iter().all(|count| *count == 1));
        t.same("read_directory", "stays at the end", host.read_directory(fd, &mut buffer), Ok(0));
        t.same("seek", "back to the start", host.seek(fd, 0, seek::SET), Ok(0));
        let again = host.read_directory(fd, &mut buffer).map(|length| length > 0);
        t.same("read_directory", "from the start", again, Ok(true));
        t.close(fd);
        Ok(())
    });
    t.case("directories", "resuming at a record", |t| {
        let fd = t.open("list", open::READ_ONLY | open::DIRECTORY)?;
        let mut buffer = [0; 256];
        let length = t.need("read_directory", "records", host.read_directory(fd, &mut buffer))?;
        let Some((one, rest)) = first(&buffer[..length]) else { return Ok(()) };
        let Some((two, _)) = first(rest) else { return Ok(()) };
        let mut next = [0; 256];
        t.need("seek", "behind the first", host.seek(fd, one.next, seek::SET))?;
        let length = t.need("read_directory", "from there", host.read_directory(fd, &mut next))?;
        t.equal("the second", first(&next[..length]).map(|(record, _)| record.name), Some(two.name));
        t.close(fd);
        Ok(())
    });
    t.case("directories", "what cannot be listed", |t| {
        t.make_with("file", b"")?;
        let fd = t.open("file", open::READ_ONLY)?;
        t.error("read_directory", "a file", host.read_directory(fd, &mut [0; 256]), Errno::NOTDIR);
        t.close(fd);
        t.remove("file");
        let fd = t.open("list", open::READ_ONLY | open::DIRECTORY)?;
        t.error("read_directory", "no room for one record", host.read_directory(fd, &mut [0; 8]), Errno::INVAL);
        t.close(fd);
        t.error("read_directory", "closed", host.read_directory(fd, &mut [0; 256]), Errno::BADF);
        Ok(())
    });
    t.case("directories", "removing what was listed", |t| {
        for number in 0..COUNT {
            t.remove(name(number).text());
        }
        t.remove_directory("list/sub");
        t.remove_directory("list");
        Ok(())
    });
}
