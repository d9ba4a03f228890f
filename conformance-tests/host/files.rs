//! Reading, writing and what is true of an open file.

use crate::report::Test;
use platform::abi::{at, clock, file_type, open, seek};
use platform::{Errno, Platform};

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    let here = at::CURRENT_DIRECTORY;

    t.case("files", "reading back what was written", |t| {
        let fd = t.make("file")?;
        t.same("write", "five bytes", host.write(fd, b"hello"), Ok(5));
        t.same("write", "nothing", host.write(fd, b""), Ok(0));
        t.same("seek", "back", host.seek(fd, 0, seek::SET), Ok(0));
        let mut buffer = [b'.'; 8];
        t.same("read", "less than asked", host.read(fd, &mut buffer), Ok(5));
        t.equal("bytes behind the answer are untouched", &buffer, b"hello...");
        t.same("read", "at the end", host.read(fd, &mut buffer), Ok(0));
        t.same("read", "into nothing", host.read(fd, &mut []), Ok(0));
        t.close(fd);
        t.remove("file");
        Ok(())
    });
    t.case("files", "bytes are bytes", |t| {
        // No line end or encoding may be translated, on any host.
        let data = b"\r\n\n\r\x1a\x00\xff\xfe";
        t.make_with("file", data)?;
        t.holds("file", data);
        t.remove("file");
        Ok(())
    });
    t.case("files", "appending", |t| {
        t.make_with("file", b"one")?;
        let fd = t.open("file", open::READ_WRITE | open::APPEND)?;
        t.same("seek", "to the start", host.seek(fd, 0, seek::SET), Ok(0));
        t.same("write", "goes to the end all the same", host.write(fd, b"two"), Ok(3));
        t.same("seek", "the offset is behind it", host.seek(fd, 0, seek::CURRENT), Ok(6));
        let other = t.open("file", open::WRITE_ONLY | open::APPEND)?;
        t.same("write", "through another descriptor", host.write(other, b"three"), Ok(5));
        t.same("write", "behind what the other wrote", host.write(fd, b"!"), Ok(1));
        t.close(fd);
        t.close(other);
        t.holds("file", b"onetwothree!");
        t.remove("file");
        Ok(())
    });
    t.case("files", "offsets", |t| {
        let fd = t.make("file")?;
        t.same("write", "ten bytes", host.write(fd, b"0123456789"), Ok(10));
        t.same("seek", "from the start", host.seek(fd, 4, seek::SET), Ok(4));
        t.same("seek", "forward", host.seek(fd, 3, seek::CURRENT), Ok(7));
        t.same("seek", "backward", host.seek(fd, -5, seek::CURRENT), Ok(2));
        t.same("seek", "from the end", host.seek(fd, -1, seek::END), Ok(9));
        t.same("seek", "beyond the end", host.seek(fd, 5, seek::END), Ok(15));
        t.error("seek", "before the start", host.seek(fd, -1, seek::SET), Errno::INVAL);
        t.error("seek", "before the start, relative", host.seek(fd, -16, seek::CURRENT), Errno::INVAL);
        t.error("seek", "no such origin", host.seek(fd, 0, 77), Errno::INVAL);
        t.same("seek", "a refused one does not move", host.seek(fd, 0, seek::CURRENT), Ok(15));
        t.same("read", "beyond the end", host.read(fd, &mut [0]), Ok(0));
        t.same("write", "beyond the end", host.write(fd, b"x"), Ok(1));
        t.close(fd);
        t.holds("file", b"0123456789\0\0\0\0\0x");
        t.remove("file");
        Ok(())
    });
    t.case("files", "reading and writing at an offset", |t| {
        let fd = t.make("file")?;
        t.same("write", "content", host.write(fd, b"abcdef"), Ok(6));
        let mut buffer = [0; 3];
        t.same("read_at", "inside", host.read_at(fd, &mut buffer, 2), Ok(3));
        t.equal("what was read", &buffer, b"cde");
        t.same("read_at", "at the end", host.read_at(fd, &mut buffer, 6), Ok(0));
        t.same("read_at", "beyond the end", host.read_at(fd, &mut buffer, 60), Ok(0));
        t.same("write_at", "inside", host.write_at(fd, b"XY", 1), Ok(2));
        t.same("write_at", "beyond the end", host.write_at(fd, b"Z", 8), Ok(1));
        t.errors("read_at", "an offset beyond i64", host.read_at(fd, &mut buffer, u64::MAX), &[Errno::INVAL]);
        t.same("seek", "the offset did not move", host.seek(fd, 0, seek::CURRENT), Ok(6));
        t.close(fd);
        t.holds("file", b"aXYdef\0\0Z");
        t.remove("file");
        Ok(())
    });
    t.case("files", "length", |t| {
        let fd = t.make("file")?;
        t.same("write", "content", host.write(fd, b"abcdef"), Ok(6));
        t.same("truncate", "shorter", host.truncate(fd, 3), Ok(()));
        t.same("truncate", "longer", host.truncate(fd, 5), Ok(()));
        t.same("seek", "the offset did not move", host.seek(fd, 0, seek::CURRENT), Ok(6));
        t.error("truncate", "to a negative length", host.truncate(fd, u64::MAX), Errno::INVAL);
        t.close(fd);
        t.holds("file", b"abc\0\0");
        let fd = t.open("file", open::READ_ONLY)?;
        // POSIX.1-2024 ftruncate: EBADF or EINVAL.
        t.errors("truncate", "opened for reading", host.truncate(fd, 0), &[Errno::INVAL, Errno::BADF]);
        t.close(fd);
        t.remove("file");
        Ok(())
    });
    t.case("files", "space ahead", |t| {
        let fd = t.make("file")?;
        // A file system may be unable to (POSIX.1-2024 posix_fallocate: EOPNOTSUPP).
        let got = host.allocate(fd, 10, 90);
        if got == Err(Errno::OPNOTSUPP) {
            t.close(fd);
            t.remove("file");
            return Ok(());
        }
        t.same("allocate", "behind the end", got, Ok(()));
        t.same("seek", "the file has grown", host.seek(fd, 0, seek::END), Ok(100));
        t.same("allocate", "inside", host.allocate(fd, 0, 10), Ok(()));
        t.same("seek", "it has not shrunk", host.seek(fd, 0, seek::END), Ok(100));
        t.error("allocate", "no bytes", host.allocate(fd, 0, 0), Errno::INVAL);
        t.close(fd);
        t.remove("file");
        Ok(())
    });
    t.case("files", "to the disk", |t| {
        let fd = t.make("file")?;
        t.same("write", "content", host.write(fd, b"x"), Ok(1));
        t.same("sync", "all", host.sync(fd, false), Ok(()));
        t.same("sync", "data only", host.sync(fd, true), Ok(()));
        t.close(fd);
        t.remove("file");
        Ok(())
    });
    t.case("files", "what stat tells", |t| {
        let before = host.clock(clock::REALTIME).map_or(0, |now| now.seconds);
        let (one, two) = (t.make("one")?, t.make("two")?);
        t.same("write", "content", host.write(one, &[7; 1000]), Ok(1000));
        let of_one = t.need("stat", "open file", host.stat(one, b"", at::EMPTY_PATH))?;
        let of_two = t.need("stat", "open file", host.stat(two, b"", at::EMPTY_PATH))?;
        t.equal("size", of_one.size, 1000);
        t.equal("type", of_one.mode & file_type::MASK, file_type::REGULAR);
        t.equal("links", of_one.nlink, 1);
        t.fact("block size is not zero", of_one.blksize > 0);
        t.fact("different files have different numbers", (of_one.dev, of_one.ino) != (of_two.dev, of_two.ino));
        // File systems round times; a wrong epoch or unit is much further off.
        t.fact("modification time is now", (before - 5..before + 300).contains(&of_one.modified.seconds));
        for time in [of_one.accessed, of_one.modified, of_one.changed] {
            t.fact("nanoseconds are below a second", (0..1_000_000_000).contains(&time.nanoseconds));
        }
        t.close(one);
        let path = t.path("one");
        let by_name = t.need("stat", "by name", host.stat(here, path.bytes(), 0))?;
        t.equal("the same file by name", (by_name.dev, by_name.ino, by_name.size), (of_one.dev, of_one.ino, 1000));
        t.close(two);
        t.remove("one");
        t.error("stat", "no longer there", host.stat(here, path.bytes(), 0), Errno::NOENT);
        t.remove("two");
        let directory = t.path("");
        let directory = t.need("stat", "a directory", host.stat(here, directory.bytes(), 0))?;
        t.equal("a directory's type", directory.mode & file_type::MASK, file_type::DIRECTORY);
        Ok(())
    });
    t.case("files", "unlinked while open", |t| {
        let fd = t.make("file")?;
        t.same("write", "before", host.write(fd, b"still"), Ok(5));
        t.remove("file");
        let path = t.path("file");
        t.error("open", "the name is free", host.open(here, path.bytes(), open::READ_ONLY, 0), Errno::NOENT);
        t.make_with("file", b"another")?;
        t.same("write", "after", host.write(fd, b" here"), Ok(5));
        let mut buffer = [0; 16];
        t.same("read_at", "all of it", host.read_at(fd, &mut buffer, 0), Ok(10));
        t.equal("what was read", &buffer[..10], b"still here");
        if let Ok(stat) = host.stat(fd, b"", at::EMPTY_PATH) {
            t.equal("no name is left", stat.nlink, 0);
        }
        t.close(fd);
        t.holds("file", b"another");
        t.remove("file");
        Ok(())
    });
    t.case("files", "renamed while open", |t| {
        let fd = t.make("old")?;
        let (old, new) = (t.path("old"), t.path("new"));
        t.same("write", "before", host.write(fd, b"mo"), Ok(2));
        t.same("rename", "an open file", host.rename(here, old.bytes(), here, new.bytes()), Ok(()));
        t.same("write", "after", host.write(fd, b"ved"), Ok(3));
        let target = t.make("target")?;
        let onto = t.path("target");
        t.same("rename", "onto an open file", host.rename(here, new.bytes(), here, onto.bytes()), Ok(()));
        t.same("write", "to the replaced one", host.write(target, b"lost"), Ok(4));
        t.close(target);
        t.close(fd);
        t.holds("target", b"moved");
        t.remove("target");
        Ok(())
    });
    t.case("files", "pipes", |t| {
        let (read, write) = t.need("pipe", "new", host.pipe(open::CLOSE_ON_EXEC))?;
        t.same("descriptor_flags", "close on exec", host.descriptor_flags(read), Ok(1));
        t.same("write", "into it", host.write(write, b"through"), Ok(7));
        let mut buffer = [0; 16];
        t.same("read", "out of it", host.read(read, &mut buffer), Ok(7));
        t.equal("what came out", &buffer[..7], b"through");
        t.error("seek", "a pipe has no offset", host.seek(read, 0, seek::CURRENT), Errno::SPIPE);
        t.error("read_at", "a pipe has no offset", host.read_at(read, &mut buffer, 0), Errno::SPIPE);
        let stat = host.stat(read, b"", at::EMPTY_PATH).map(|stat| stat.mode & file_type::MASK);
        t.same("stat", "its type", stat, Ok(file_type::FIFO));
        if host.set_status_flags(read, open::NON_BLOCK).is_ok() {
            t.error("read", "nothing there, without waiting", host.read(read, &mut buffer), Errno::AGAIN);
            t.same("set_status_flags", "waiting again", host.set_status_flags(read, 0), Ok(()));
        }
        t.same("write", "the last", host.write(write, b"end"), Ok(3));
        t.close(write);
        t.same("read", "what is left", host.read(read, &mut buffer), Ok(3));
        t.same("read", "no writer left: the end", host.read(read, &mut buffer), Ok(0));
        t.close(read);
        Ok(())
    });
    t.case("files", "no terminal", |t| {
        let fd = t.make("file")?;
        t.error("terminal_size", "a file", host.terminal_size(fd), Errno::NOTTY);
        t.close(fd);
        t.remove("file");
        Ok(())
    });
    t.case("files", "copying between descriptors", |t| {
        t.make_with("from", b"0123456789")?;
        let (source, target) = (t.open("from", open::READ_ONLY)?, t.make("to")?);
        t.same("copy", "from the offset", host.copy(target, source, None, 4), Ok(4));
        t.same("seek", "which has moved", host.seek(source, 0, seek::CURRENT), Ok(4));
        t.same("copy", "from another place", host.copy(target, source, Some(8), 100), Ok(2));
        t.same("seek", "the offset has not", host.seek(source, 0, seek::CURRENT), Ok(4));
        t.same("copy", "at the end", host.copy(target, source, Some(10), 1), Ok(0));
        t.close(source);
        t.close(target);
        t.holds("to", b"012389");
        t.remove("from");
        t.remove("to");
        Ok(())
    });
}
