//! Hard and symbolic links.

use crate::report::Test;
use platform::abi::{at, file_type, open};
use platform::{Errno, Platform};

pub(crate) fn run<P: Platform>(t: &mut Test<'_, P>) {
    let host = t.host;
    let here = at::CURRENT_DIRECTORY;

    t.case("links", "hard", |t| {
        t.make_with("a", b"one file")?;
        let [a, b, c] = ["a", "b", "c"].map(|name| t.path(name));
        let made = host.link(here, a.bytes(), here, b.bytes(), 0);
        if made.is_err() {
            t.remove("a");
        }
        t.need("link", "a second name", made)?;
        let number = |name: &[u8]| host.stat(here, name, 0).map(|stat| (stat.dev, stat.ino, stat.nlink));
        let of_a = number(a.bytes());
        t.same("stat", "the same file", number(b.bytes()), of_a);
        t.same("stat", "two names", of_a.map(|(_, _, links)| links), Ok(2));
        t.error("link", "the name is taken", host.link(here, a.bytes(), here, b.bytes(), 0), Errno::EXIST);
        t.error("link", "no such file", host.link(here, c.bytes(), here, b.bytes(), 0), Errno::NOENT);
        t.same("rename", "onto the same file does nothing", host.rename(here, a.bytes(), here, b.bytes()), Ok(()));
        t.holds("a", b"one file");
        t.remove("a");
        t.holds("b", b"one file");
        t.remove("b");
        let directory = t.path("");
        let made = host.link(here, directory.bytes(), here, b.bytes(), 0);
        t.errors("link", "a directory", made, &[Errno::PERM, Errno::ACCES]);
        Ok(())
    });
    t.case("links", "symbolic", |t| {
        let [link, file] = ["link", "file"].map(|name| t.path(name));
        t.need("symlink", "to nothing yet", host.symlink(b"file", here, link.bytes()))?;
        let mut buffer = [b'.'; 16];
        t.same("read_link", "as stored", host.read_link(here, link.bytes(), &mut buffer), Ok(4));
        t.equal("the target", &buffer[..5], b"file.");
        t.same("read_link", "cut off", host.read_link(here, link.bytes(), &mut buffer[..2]), Ok(2));
        t.error("stat", "nothing behind it", host.stat(here, link.bytes(), 0), Errno::NOENT);
        let itself = host.stat(here, link.bytes(), at::SYMLINK_NOFOLLOW);
        let itself = itself.map(|stat| (stat.mode & file_type::MASK, stat.size));
        t.same("stat", "the link itself", itself, Ok((file_type::SYMLINK, 4)));
        t.error("symlink", "the name is taken", host.symlink(b"x", here, link.bytes()), Errno::EXIST);
        // Creating through a link makes what it names.
        let fd = t.need(
            "open",
            "creates the target",
            host.open(here, link.bytes(), open::WRITE_ONLY | open::CREATE, 0o644),
        )?;
        t.same("write", "through the link", host.write(fd, b"real"), Ok(4));
        t.close(fd);
        t.holds("file", b"real");
        let flags = open::WRITE_ONLY | open::CREATE | open::EXCLUSIVE;
        t.error("open", "a link counts as there", host.open(here, link.bytes(), flags, 0o644), Errno::EXIST);
        let opened = host.open(here, link.bytes(), open::READ_ONLY | open::NO_FOLLOW, 0);
        t.error("open", "with O_NOFOLLOW", opened, Errno::LOOP);
        t.error("read_link", "not a link", host.read_link(here, file.bytes(), &mut buffer), Errno::INVAL);
        t.remove("link");
        t.holds("file", b"real");
        t.remove("file");
        t.error("read_link", "no such link", host.read_link(here, link.bytes(), &mut buffer), Errno::NOENT);
        Ok(())
    });
    t.case("links", "symbolic, to directories and in circles", |t| {
        let [directory, link, circle] = ["dir", "link", "circle"].map(|name| t.path(name));
        t.need("symlink", "to a directory", host.symlink(b"dir", here, link.bytes()))?;
        t.need("make_directory", "new", host.make_directory(here, directory.bytes(), 0o755))?;
        t.make_with("link/file", b"below")?;
        t.holds("dir/file", b"below");
        let gone = host.unlink(here, link.bytes(), at::REMOVE_DIRECTORY);
        t.error("unlink", "a link is no directory", gone, Errno::NOTDIR);
        t.remove("link/file");
        t.remove("link");
        t.remove_directory("dir");
        t.need("symlink", "to itself", host.symlink(b"circle", here, circle.bytes()))?;
        t.error("open", "a circle", host.open(here, circle.bytes(), open::READ_ONLY, 0), Errno::LOOP);
        t.error("stat", "a circle", host.stat(here, circle.bytes(), 0), Errno::LOOP);
        t.remove("circle");
        Ok(())
    });
}
