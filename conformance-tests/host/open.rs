//! Opening and closing; descriptors and their flags.

use crate::report::{Path, Test};
use platform::abi::{at, descriptor, file_type, open, seek};
use platform::{Errno, Piece, PieceMut, Platform, SignalOwner};

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    let here = at::CURRENT_DIRECTORY;

    t.case("open", "what does not exist", |t| {
        let path = t.path("none");
        t.error("open", "no such file", host.open(here, path.bytes(), open::READ_ONLY, 0), Errno::NOENT);
        let inside = path.join(b"file");
        let make = open::WRITE_ONLY | open::CREATE;
        t.error("open", "no such directory", host.open(here, inside.bytes(), make, 0o644), Errno::NOENT);
        Ok(())
    });
    t.case("open", "exclusive creation", |t| {
        let path = t.path("new");
        let flags = open::WRITE_ONLY | open::CREATE | open::EXCLUSIVE;
        let fd = t.need("open", "not there yet", host.open(here, path.bytes(), flags, 0o644))?;
        t.error("open", "there already", host.open(here, path.bytes(), flags, 0o644), Errno::EXIST);
        t.close(fd);
        t.remove("new");
        Ok(())
    });
    t.case("open", "a file is no directory", |t| {
        t.make_with("file", b"x")?;
        let file = t.path("file");
        let inside = file.join(b"x");
        t.error("open", "below a file", host.open(here, inside.bytes(), open::READ_ONLY, 0), Errno::NOTDIR);
        let flags = open::READ_ONLY | open::DIRECTORY;
        t.error("open", "a file with O_DIRECTORY", host.open(here, file.bytes(), flags, 0), Errno::NOTDIR);
        t.remove("file");
        Ok(())
    });
    t.case("open", "a directory is no file", |t| {
        let path = t.path("dir");
        t.need("make_directory", "new", host.make_directory(here, path.bytes(), 0o755))?;
        for flags in [open::WRITE_ONLY, open::READ_WRITE, open::READ_WRITE | open::CREATE] {
            t.error("open", "a directory for writing", host.open(here, path.bytes(), flags, 0o644), Errno::ISDIR);
        }
        let fd = t.need("open", "a directory for reading", host.open(here, path.bytes(), open::READ_ONLY, 0))?;
        t.error("read", "a directory", host.read(fd, &mut [0; 8]), Errno::ISDIR);
        t.close(fd);
        t.remove_directory("dir");
        Ok(())
    });
    t.case("open", "names that are too long", |t| {
        let long = [b'n'; 256];
        let path = t.path("").join(&long);
        let opened = host.open(here, path.bytes(), open::WRITE_ONLY | open::CREATE, 0o644);
        t.error("open", "a name of 256 bytes", opened, Errno::NAMETOOLONG);
        Ok(())
    });
    t.case("open", "long paths", |t| {
        let mut path = [b'/'; 4096];
        path.iter_mut().skip(1).step_by(2).for_each(|byte| *byte = b'.');
        for length in [254, 255, 256, 257, 4094, 4095] {
            let kind = host.stat(here, &path[..length], 0).map(|stat| stat.mode & file_type::MASK);
            t.same("stat", "the top by a long path", kind, Ok(file_type::DIRECTORY));
        }
        // POSIX.1-2024 fstatat: above PATH_MAX it may fail.
        let longer = host.stat(here, &path, 0).map(drop);
        t.fact("a path of 4096 bytes", matches!(longer, Ok(()) | Err(Errno::NAMETOOLONG)));
        Ok(())
    });
    t.case("open", "truncation keeps the file", |t| {
        t.make_with("file", b"before")?;
        let fd = t.open("file", open::WRITE_ONLY | open::TRUNCATE)?;
        t.same("write", "after truncation", host.write(fd, b"new"), Ok(3));
        t.close(fd);
        t.holds("file", b"new");
        t.remove("file");
        Ok(())
    });
    t.case("open", "relative to a directory", |t| {
        let path = t.path("dir");
        t.need("make_directory", "new", host.make_directory(here, path.bytes(), 0o755))?;
        let directory = t.open("dir", open::READ_ONLY | open::DIRECTORY)?;
        let flags = open::READ_WRITE | open::CREATE;
        let fd = t.need("open", "below the directory", host.open(directory, b"file", flags, 0o644))?;
        t.same("write", "to it", host.write(fd, b"here"), Ok(4));
        t.close(fd);
        t.holds("dir/file", b"here");
        let absolute = t.path("dir/file");
        let fd =
            t.need("open", "absolute: the directory does not count", host.open(directory, absolute.bytes(), 0, 0))?;
        t.error("open", "relative to a file", host.open(fd, b"x", 0, 0), Errno::NOTDIR);
        t.close(fd);
        t.close(directory);
        t.error("open", "relative to a closed descriptor", host.open(directory, b"file", 0, 0), Errno::BADF);
        t.remove("dir/file");
        t.remove_directory("dir");
        Ok(())
    });
    t.case("open", "names beyond ASCII", |t| {
        for name in ["ümlaut-ß", "日本語", "🦀 with a space"] {
            t.make_with(name, name.as_bytes())?;
            t.holds(name, name.as_bytes());
            t.remove(name);
        }
        Ok(())
    });

    t.case("descriptors", "the lowest free one", |t| {
        let (a, b, c) = (t.make("a")?, t.make("b")?, t.make("c")?);
        t.fact("they count upwards", a < b && b < c);
        t.close(b);
        t.close(a);
        let again = t.make("a")?;
        t.equal("the lowest is used first", again, a);
        let next = t.make("b")?;
        t.equal("then the next", next, b);
        for fd in [a, b, c] {
            t.close(fd);
        }
        for name in ["a", "b", "c"] {
            t.remove(name);
        }
        Ok(())
    });
    t.case("descriptors", "a closed one", |t| {
        let fd = t.make("file")?;
        t.close(fd);
        let empty = Path::new(b"");
        for bad in [fd, -1, -7, 99_999] {
            t.error("close", "bad descriptor", host.close(bad), Errno::BADF);
            t.error("read", "bad descriptor", host.read(bad, &mut [0]), Errno::BADF);
            t.error("write", "bad descriptor", host.write(bad, b"x"), Errno::BADF);
            for offset in [None, Some(0)] {
                let written = host.write_vector(bad, &[Piece::new(b"x"), Piece::new(b"y")], offset);
                t.error("write_vector", "bad descriptor", written, Errno::BADF);
                let read = host.read_vector(bad, &mut [PieceMut::new(&mut [0]), PieceMut::new(&mut [0])], offset);
                t.error("read_vector", "bad descriptor", read, Errno::BADF);
            }
            t.error("read_at", "bad descriptor", host.read_at(bad, &mut [0], 0), Errno::BADF);
            t.error("write_at", "bad descriptor", host.write_at(bad, b"x", 0), Errno::BADF);
            t.error("seek", "bad descriptor", host.seek(bad, 0, seek::SET), Errno::BADF);
            t.error("stat", "bad descriptor", host.stat(bad, empty.bytes(), at::EMPTY_PATH), Errno::BADF);
            t.error("truncate", "bad descriptor", host.truncate(bad, 0), Errno::BADF);
            t.error("sync", "bad descriptor", host.sync(bad, false), Errno::BADF);
            t.error("duplicate", "bad descriptor", host.duplicate(bad, 0, false), Errno::BADF);
            t.error("duplicate_to", "bad descriptor", host.duplicate_to(bad, 50, false), Errno::BADF);
            t.error("descriptor_flags", "bad descriptor", host.descriptor_flags(bad), Errno::BADF);
            t.error("status_flags", "bad descriptor", host.status_flags(bad), Errno::BADF);
            t.error("signal_owner", "bad descriptor", host.signal_owner(bad), Errno::BADF);
            t.error(
                "set_signal_owner",
                "bad descriptor",
                host.set_signal_owner(bad, SignalOwner::default()),
                Errno::BADF,
            );
            t.error("terminal_size", "bad descriptor", host.terminal_size(bad), Errno::BADF);
        }
        t.remove("file");
        Ok(())
    });
    t.case("descriptors", "access modes", |t| {
        t.make_with("file", b"content")?;
        let fd = t.open("file", open::READ_ONLY)?;
        t.error("write", "to one for reading", host.write(fd, b"x"), Errno::BADF);
        t.error("write_at", "to one for reading", host.write_at(fd, b"x", 0), Errno::BADF);
        t.same("status_flags", "for reading", host.status_flags(fd), Ok(open::READ_ONLY));
        t.close(fd);
        let fd = t.open("file", open::WRITE_ONLY | open::APPEND)?;
        t.error("read", "from one for writing", host.read(fd, &mut [0]), Errno::BADF);
        t.error("read_at", "from one for writing", host.read_at(fd, &mut [0], 0), Errno::BADF);
        t.same("status_flags", "appending", host.status_flags(fd), Ok(open::WRITE_ONLY | open::APPEND));
        t.close(fd);
        t.remove("file");
        Ok(())
    });
    t.case("descriptors", "duplicates share the offset", |t| {
        let fd = t.make("file")?;
        let twin = t.need("duplicate", "lowest", host.duplicate(fd, 0, false))?;
        t.same("write", "through one", host.write(fd, b"abc"), Ok(3));
        t.same("seek", "the twin moved too", host.seek(twin, 0, seek::CURRENT), Ok(3));
        t.close(fd);
        t.same("write", "through the other, later", host.write(twin, b"def"), Ok(3));
        t.close(twin);
        t.holds("file", b"abcdef");
        t.remove("file");
        Ok(())
    });
    t.case("descriptors", "duplicates share flags and locks", |t| {
        /// `LOCK_EX | LOCK_NB` of `flock`.
        const EXCLUSIVE_NOW: u32 = 2 | 4;
        let fd = t.make("file")?;
        let twin = t.need("duplicate", "lowest", host.duplicate(fd, 0, false))?;
        let other = t.open("file", open::READ_WRITE)?;
        let flags = |fd| host.status_flags(fd).map(|flags| flags & (open::APPEND | open::NON_BLOCK));
        t.same("set_status_flags", "both", host.set_status_flags(fd, open::APPEND | open::NON_BLOCK), Ok(()));
        t.same("status_flags", "of the duplicate", flags(twin), Ok(open::APPEND | open::NON_BLOCK));
        t.same("status_flags", "of another open file", flags(other), Ok(0));
        t.same("write", "through the other", host.write(other, b"one"), Ok(3));
        t.same("write", "at the end", host.write(twin, b"two"), Ok(3));
        t.same("set_status_flags", "by the duplicate", host.set_status_flags(twin, 0), Ok(()));
        t.same("status_flags", "of the first", flags(fd), Ok(0));
        let locked = host.lock_file(fd, EXCLUSIVE_NOW);
        if locked != Err(Errno::NOSYS) {
            t.same("lock_file", "the first", locked, Ok(()));
            t.same("lock_file", "the duplicate has it", host.lock_file(twin, EXCLUSIVE_NOW), Ok(()));
            t.error("lock_file", "another open file", host.lock_file(other, EXCLUSIVE_NOW), Errno::AGAIN);
            t.close(fd);
            t.error("lock_file", "it stays with the duplicate", host.lock_file(other, EXCLUSIVE_NOW), Errno::AGAIN);
            t.close(twin);
            t.same("lock_file", "it went with the last", host.lock_file(other, EXCLUSIVE_NOW), Ok(()));
        } else {
            t.close(fd);
            t.close(twin);
        }
        t.close(other);
        t.holds("file", b"onetwo");
        t.remove("file");
        Ok(())
    });
    t.case("descriptors", "duplicates at a number", |t| {
        let fd = t.make("file")?;
        let high = t.need("duplicate", "at least 40", host.duplicate(fd, 40, true))?;
        t.fact("not below 40", high >= 40);
        t.same("descriptor_flags", "closed on exec", host.descriptor_flags(high), Ok(descriptor::CLOSE_ON_EXEC));
        t.error("duplicate", "below 0", host.duplicate(fd, -1, false), Errno::INVAL);
        let other = t.make("other")?;
        t.same("duplicate_to", "onto an open one", host.duplicate_to(fd, other, false), Ok(()));
        t.same("write", "reaches the first file", host.write(other, b"to file"), Ok(7));
        t.same("descriptor_flags", "not closed on exec", host.descriptor_flags(other), Ok(0));
        t.same("duplicate_to", "onto a free one", host.duplicate_to(fd, 61, true), Ok(()));
        t.same("descriptor_flags", "closed on exec", host.descriptor_flags(61), Ok(descriptor::CLOSE_ON_EXEC));
        t.error("duplicate_to", "onto itself", host.duplicate_to(fd, fd, false), Errno::INVAL);
        t.error("duplicate_to", "onto -1", host.duplicate_to(fd, -1, false), Errno::BADF);
        let limit = host.descriptor_limit();
        t.fact("some can be open", limit > 200 && i32::try_from(limit).is_ok());
        t.error("duplicate_to", "onto the limit", host.duplicate_to(fd, limit as i32, false), Errno::BADF);
        for fd in [fd, high, other, 61] {
            t.close(fd);
        }
        t.holds("file", b"to file");
        t.holds("other", b"");
        t.remove("file");
        t.remove("other");
        Ok(())
    });
    t.case("descriptors", "their flags", |t| {
        let fd = t.make("file")?;
        t.same("descriptor_flags", "at first", host.descriptor_flags(fd), Ok(0));
        let set = host.set_descriptor_flags(fd, descriptor::CLOSE_ON_EXEC);
        t.same("set_descriptor_flags", "close on exec", set, Ok(()));
        t.same("descriptor_flags", "afterwards", host.descriptor_flags(fd), Ok(descriptor::CLOSE_ON_EXEC));
        t.same("set_descriptor_flags", "none", host.set_descriptor_flags(fd, 0), Ok(()));
        t.same("descriptor_flags", "in the end", host.descriptor_flags(fd), Ok(0));
        t.close(fd);
        let fd = t.open("file", open::READ_ONLY | open::CLOSE_ON_EXEC)?;
        t.same("descriptor_flags", "O_CLOEXEC", host.descriptor_flags(fd), Ok(descriptor::CLOSE_ON_EXEC));
        t.close(fd);
        t.remove("file");
        Ok(())
    });
    t.case("descriptors", "status flags change", |t| {
        t.make_with("file", b"0123")?;
        let fd = t.open("file", open::READ_WRITE)?;
        t.same("set_status_flags", "append", host.set_status_flags(fd, open::APPEND), Ok(()));
        t.same("status_flags", "append", host.status_flags(fd), Ok(open::READ_WRITE | open::APPEND));
        t.same("write", "goes to the end", host.write(fd, b"4"), Ok(1));
        t.same("set_status_flags", "none", host.set_status_flags(fd, 0), Ok(()));
        t.same("seek", "to the start", host.seek(fd, 0, seek::SET), Ok(0));
        t.same("write", "goes to the start", host.write(fd, b"X"), Ok(1));
        t.close(fd);
        t.holds("file", b"X1234");
        t.remove("file");
        Ok(())
    });
    t.case("descriptors", "whom their signals reach", |t| {
        let (read, write) = t.need("pipe", "two ends", host.pipe(0))?;
        let (own, nobody) = (SignalOwner { process: host.process_id() }, SignalOwner::default());
        t.same("signal_owner", "nobody at first", host.signal_owner(read), Ok(nobody));
        t.same("set_signal_owner", "this process", host.set_signal_owner(read, own), Ok(()));
        t.same("signal_owner", "this process", host.signal_owner(read), Ok(own));
        t.same("signal_owner", "of the other end", host.signal_owner(write), Ok(nobody));
        let unknown = SignalOwner { process: 0x3fff_ffff };
        t.error("set_signal_owner", "nobody", host.set_signal_owner(read, unknown), Errno::SRCH);
        t.close(read);
        t.close(write);
        Ok(())
    });
    t.case("descriptors", "hundreds at once", |t| {
        let mut open_ones = [0; 200];
        t.make_with("file", b"x")?;
        for slot in &mut open_ones {
            *slot = t.open("file", open::READ_ONLY)?;
        }
        let distinct = open_ones.windows(2).all(|pair| pair[0] < pair[1]);
        t.fact("each has its own number", distinct);
        for fd in open_ones {
            t.close(fd);
        }
        t.remove("file");
        Ok(())
    });
}
