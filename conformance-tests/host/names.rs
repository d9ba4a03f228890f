//! Names of files and directories: making, removing, renaming; modes, times and the current directory.

use crate::report::{Path, Test};
use platform::abi::{access, at, clock, file_time, file_type, open};
use platform::{Errno, Platform, Timespec};

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    let here = at::CURRENT_DIRECTORY;
    let not_empty = [Errno::NOTEMPTY, Errno::EXIST]; // POSIX.1-2024 rename, unlinkat: either

    t.case("names", "directories", |t| {
        let path = t.path("dir");
        t.same("make_directory", "new", host.make_directory(here, path.bytes(), 0o755), Ok(()));
        t.error("make_directory", "there already", host.make_directory(here, path.bytes(), 0o755), Errno::EXIST);
        let deep = t.path("none/dir");
        t.error("make_directory", "no parent", host.make_directory(here, deep.bytes(), 0o755), Errno::NOENT);
        t.make_with("dir/file", b"x")?;
        let inside = t.path("dir/file/dir");
        t.error("make_directory", "below a file", host.make_directory(here, inside.bytes(), 0o755), Errno::NOTDIR);
        let taken = t.path("dir/file");
        t.error("make_directory", "a file is there", host.make_directory(here, taken.bytes(), 0o755), Errno::EXIST);
        let gone = host.unlink(here, path.bytes(), at::REMOVE_DIRECTORY);
        t.errors("unlink", "a directory with a file in it", gone, &not_empty);
        // Linux says EISDIR, POSIX EPERM.
        t.errors("unlink", "a directory as a file", host.unlink(here, path.bytes(), 0), &[Errno::ISDIR, Errno::PERM]);
        let gone = host.unlink(here, taken.bytes(), at::REMOVE_DIRECTORY);
        t.error("unlink", "a file as a directory", gone, Errno::NOTDIR);
        t.remove("dir/file");
        t.remove_directory("dir");
        t.error("unlink", "no such file", host.unlink(here, path.bytes(), 0), Errno::NOENT);
        let gone = host.unlink(here, path.bytes(), at::REMOVE_DIRECTORY);
        t.error("unlink", "no such directory", gone, Errno::NOENT);
        Ok(())
    });
    t.case("names", "renaming files", |t| {
        let [a, b] = ["a", "b"].map(|name| t.path(name));
        t.make_with("a", b"from a")?;
        t.same("rename", "to a new name", host.rename(here, a.bytes(), here, b.bytes()), Ok(()));
        t.holds("b", b"from b".map(|byte| if byte == b'b' { b'a' } else { byte }).as_slice());
        t.error("rename", "the old name is gone", host.rename(here, a.bytes(), here, b.bytes()), Errno::NOENT);
        t.make_with("a", b"second")?;
        t.same("rename", "onto a file", host.rename(here, a.bytes(), here, b.bytes()), Ok(()));
        t.holds("b", b"second");
        t.same("rename", "onto itself", host.rename(here, b.bytes(), here, b.bytes()), Ok(()));
        let nowhere = t.path("none/c");
        t.error("rename", "no parent", host.rename(here, b.bytes(), here, nowhere.bytes()), Errno::NOENT);
        let below = t.path("b/c");
        t.make_with("c", b"")?;
        let c = t.path("c");
        t.error("rename", "below a file", host.rename(here, c.bytes(), here, below.bytes()), Errno::NOTDIR);
        t.remove("b");
        t.remove("c");
        Ok(())
    });
    t.case("names", "renaming directories", |t| {
        let [one, two, file] = ["one", "two", "file"].map(|name| t.path(name));
        for path in [&one, &two] {
            t.need("make_directory", "new", host.make_directory(here, path.bytes(), 0o755))?;
        }
        t.make_with("one/inside", b"x")?;
        t.make_with("file", b"y")?;
        t.same("rename", "onto an empty directory", host.rename(here, one.bytes(), here, two.bytes()), Ok(()));
        t.holds("two/inside", b"x");
        t.need("make_directory", "the name is free", host.make_directory(here, one.bytes(), 0o755))?;
        t.errors("rename", "onto a full one", host.rename(here, one.bytes(), here, two.bytes()), &not_empty);
        t.error("rename", "directory onto file", host.rename(here, one.bytes(), here, file.bytes()), Errno::NOTDIR);
        t.error("rename", "file onto directory", host.rename(here, file.bytes(), here, one.bytes()), Errno::ISDIR);
        let below = t.path("two/below");
        t.error("rename", "into itself", host.rename(here, two.bytes(), here, below.bytes()), Errno::INVAL);
        t.remove("two/inside");
        t.remove("file");
        t.remove_directory("one");
        t.remove_directory("two");
        Ok(())
    });
    t.case("names", "access", |t| {
        t.make_with("file", b"x")?;
        let (file, none) = (t.path("file"), t.path("none"));
        t.same("access", "exists", host.access(here, file.bytes(), access::EXISTS, 0), Ok(()));
        t.same("access", "read, write", host.access(here, file.bytes(), access::READ | access::WRITE, 0), Ok(()));
        t.error("access", "does not exist", host.access(here, none.bytes(), access::EXISTS, 0), Errno::NOENT);
        t.error("access", "no such mode", host.access(here, file.bytes(), 0o100, 0), Errno::INVAL);
        let directory = t.path("");
        t.same("access", "search a directory", host.access(here, directory.bytes(), access::EXECUTE, 0), Ok(()));
        t.remove("file");
        Ok(())
    });
    t.case("names", "modes", |t| {
        t.make_with("file", b"x")?;
        let path = t.path("file");
        let mode = |path: &Path| host.stat(here, path.bytes(), 0).map(|stat| stat.mode & 0o7777);
        // All that a host without owner and group can keep is whether writing is allowed.
        t.same("set_mode", "read-only", host.set_mode(here, path.bytes(), 0o444, 0), Ok(()));
        t.same("stat", "nobody may write", mode(&path).map(|mode| mode & 0o222), Ok(0));
        t.same("set_mode", "writable", host.set_mode(here, path.bytes(), 0o644, 0), Ok(()));
        t.same("stat", "the owner may write", mode(&path).map(|mode| mode & 0o600), Ok(0o600));
        let fd = t.open("file", open::READ_ONLY)?;
        t.same("set_mode", "of an open file", host.set_mode(fd, b"", 0o444, at::EMPTY_PATH), Ok(()));
        t.same("stat", "nobody may write", mode(&path).map(|mode| mode & 0o222), Ok(0));
        t.same("set_mode", "and back", host.set_mode(fd, b"", 0o600, at::EMPTY_PATH), Ok(()));
        t.close(fd);
        t.remove("file");
        t.error("set_mode", "no such file", host.set_mode(here, path.bytes(), 0o644, 0), Errno::NOENT);
        Ok(())
    });
    t.case("names", "read-only files can be removed", |t| {
        // The directory's permissions count, not the file's (POSIX.1-2024 unlink).
        t.make_with("file", b"x")?;
        let path = t.path("file");
        t.same("set_mode", "read-only", host.set_mode(here, path.bytes(), 0o444, 0), Ok(()));
        t.remove("file");
        Ok(())
    });
    t.case("names", "owners", |t| {
        t.make_with("file", b"x")?;
        let path = t.path("file");
        let ids = host.ids();
        let same = host.set_owner(here, path.bytes(), ids.euid, ids.egid, 0);
        t.same("set_owner", "to the owner itself", same, Ok(()));
        let same = host.set_owner(here, path.bytes(), u32::MAX, u32::MAX, 0);
        t.same("set_owner", "unchanged", same, Ok(()));
        t.remove("file");
        t.error("set_owner", "no such file", host.set_owner(here, path.bytes(), ids.euid, ids.egid, 0), Errno::NOENT);
        Ok(())
    });
    t.case("names", "times", |t| {
        t.make_with("file", b"x")?;
        let path = t.path("file");
        let times = || host.stat(here, path.bytes(), 0).map(|stat| (stat.accessed, stat.modified));
        // Nanoseconds that also file systems with 100 ns can keep.
        let (old, older) = (
            Timespec { seconds: 1_000_000_000, nanoseconds: 123_456_700 },
            Timespec { seconds: 86_400, nanoseconds: 0 },
        );
        let set = host.set_times(here, path.bytes(), [old, older], 0);
        t.same("set_times", "both", set, Ok(()));
        t.same("stat", "both", times(), Ok((old, older)));
        let (now, omit) = (
            Timespec { seconds: 0, nanoseconds: file_time::NOW },
            Timespec { seconds: 0, nanoseconds: file_time::OMIT },
        );
        t.same("set_times", "one only", host.set_times(here, path.bytes(), [omit, old], 0), Ok(()));
        t.same("stat", "one only", times(), Ok((old, old)));
        let before = host.clock(clock::REALTIME).map_or(0, |now| now.seconds);
        t.same("set_times", "now", host.set_times(here, path.bytes(), [omit, now], 0), Ok(()));
        let recent = times().map(|(_, modified)| (before - 5..before + 300).contains(&modified.seconds));
        t.same("stat", "now", recent, Ok(true));
        let fd = t.open("file", open::READ_WRITE)?;
        t.same("set_times", "of an open file", host.set_times(fd, b"", [older, old], at::EMPTY_PATH), Ok(()));
        t.same("stat", "of an open file", times(), Ok((older, old)));
        t.close(fd);
        let wrong = Timespec { seconds: 0, nanoseconds: 1_000_000_000 };
        t.error(
            "set_times",
            "too many nanoseconds",
            host.set_times(here, path.bytes(), [wrong, omit], 0),
            Errno::INVAL,
        );
        t.remove("file");
        t.error("set_times", "no such file", host.set_times(here, path.bytes(), [old, old], 0), Errno::NOENT);
        Ok(())
    });
    t.case("names", "umask", |t| {
        let before = t.need("set_umask", "set", host.set_umask(0o222))?;
        t.same("set_umask", "answers the one before", host.set_umask(0o222), Ok(0o222));
        let path = t.path("file");
        let fd = t.need("open", "a new file", host.open(here, path.bytes(), open::WRITE_ONLY | open::CREATE, 0o666))?;
        t.same("write", "the descriptor may", host.write(fd, b"x"), Ok(1));
        t.close(fd);
        let mode = host.stat(here, path.bytes(), 0).map(|stat| stat.mode & 0o222);
        t.same("stat", "masked", mode, Ok(0));
        t.same("set_umask", "back", host.set_umask(before), Ok(0o222));
        t.remove("file");
        Ok(())
    });
    t.case("names", "the current directory", |t| {
        let mut buffer = [0; 512];
        let length = t.need("current_directory", "at first", host.current_directory(&mut buffer))?;
        let first = Path::new(&buffer[..length]);
        t.fact("it is absolute", first.bytes().starts_with(b"/"));
        let path = t.path("dir");
        t.need("make_directory", "new", host.make_directory(here, path.bytes(), 0o755))?;
        t.need("change_directory", "into it", host.change_directory(here, path.bytes()))?;
        let length = t.need("current_directory", "inside", host.current_directory(&mut buffer))?;
        t.fact("it ends with the name", buffer[..length].ends_with(b"/dir"));
        t.error("current_directory", "no room", host.current_directory(&mut [0; 2]), Errno::RANGE);
        let fd = t.need("open", "relative", host.open(here, b"file", open::WRITE_ONLY | open::CREATE, 0o644))?;
        t.same("write", "to it", host.write(fd, b"here"), Ok(4));
        t.close(fd);
        t.holds("dir/file", b"here");
        t.same("stat", "dots", host.stat(here, b"./../dir/./file", 0).map(|stat| stat.size), Ok(4));
        t.error("change_directory", "a file", host.change_directory(here, b"file"), Errno::NOTDIR);
        t.error("change_directory", "nothing there", host.change_directory(here, b"none"), Errno::NOENT);
        t.same("change_directory", "up", host.change_directory(here, b".."), Ok(()));
        t.same("stat", "below", host.stat(here, b"dir/file", 0).map(|stat| stat.size), Ok(4));
        let fd = t.open("dir", open::READ_ONLY | open::DIRECTORY)?;
        t.same("change_directory", "by descriptor", host.change_directory(fd, b""), Ok(()));
        t.same("stat", "inside", host.stat(here, b"file", 0).map(|stat| stat.size), Ok(4));
        t.close(fd);
        t.same("change_directory", "back", host.change_directory(here, first.bytes()), Ok(()));
        t.remove("dir/file");
        t.remove_directory("dir");
        Ok(())
    });
    t.case("names", "absolute paths", |t| {
        let mut folder = [0; 512];
        let length = t.need("current_directory", "a path", host.current_directory(&mut folder))?;
        let folder = &folder[..length];
        let mut buffer = [0; 512];
        let length = t.need("absolute_path", "a name", host.absolute_path(b"name/../x", &mut buffer))?;
        let rest = buffer[..length].strip_prefix(folder);
        t.equal("it begins here", rest.map(|rest| rest.strip_prefix(b"/").unwrap_or(rest)), Some(&b"name/../x"[..]));
        t.same("absolute_path", "of its own", host.absolute_path(b"/a//b", &mut buffer), Ok(5));
        t.equal("it stays", &buffer[..5], b"/a//b");
        t.error("absolute_path", "no room", host.absolute_path(b"/a//b", &mut buffer[..4]), Errno::RANGE);
        Ok(())
    });
    t.case("names", "where a descriptor is", |t| {
        let fd = t.make("file")?;
        let mut buffer = [0; 512];
        let length = host.descriptor_path(fd, &mut buffer);
        if t.have("descriptor_path", &length) {
            let length = t.need("descriptor_path", "of a file", length)?;
            let path = &buffer[..length];
            t.fact("absolute, with the file's name", path.starts_with(b"/") && path.ends_with(b"/file"));
            let (size, own) = (host.stat(here, path, 0), host.stat(fd, b"", at::EMPTY_PATH));
            t.same(
                "stat",
                "it leads to the file",
                size.map(|stat| (stat.dev, stat.ino)),
                own.map(|stat| (stat.dev, stat.ino)),
            );
            t.error("descriptor_path", "no room", host.descriptor_path(fd, &mut [0; 4]), Errno::RANGE);
        }
        t.close(fd);
        t.error("descriptor_path", "closed", host.descriptor_path(fd, &mut buffer), Errno::BADF);
        t.remove("file");
        Ok(())
    });
    t.case("names", "file systems", |t| {
        let path = t.path("");
        let found = t.need("file_system", "of a directory", host.file_system(here, path.bytes(), 0))?;
        t.fact("sizes are not zero", found.block_size > 0 && found.fragment_size > 0 && found.blocks > 0);
        t.fact("not more free than there is", found.blocks_available <= found.blocks);
        t.fact("names may have 255 bytes", found.name_max >= 255);
        let fd = t.make("file")?;
        let same = host.file_system(fd, b"", at::EMPTY_PATH).map(|other| (other.blocks, other.id));
        t.same("file_system", "of an open file", same, Ok((found.blocks, found.id)));
        t.close(fd);
        t.remove("file");
        let none = t.path("none");
        t.error("file_system", "no such file", host.file_system(here, none.bytes(), 0), Errno::NOENT);
        Ok(())
    });
    t.case("names", "devices", |t| {
        let fd = t.need("open", "/dev/null", host.open(here, b"/dev/null", open::READ_WRITE, 0))?;
        t.same("write", "is taken", host.write(fd, b"gone"), Ok(4));
        t.same("read", "is empty", host.read(fd, &mut [0; 4]), Ok(0));
        let kind = host.stat(fd, b"", at::EMPTY_PATH).map(|stat| stat.mode & file_type::MASK);
        t.same("stat", "its type", kind, Ok(file_type::CHARACTER));
        t.close(fd);
        Ok(())
    });
}
