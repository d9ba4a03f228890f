//! Archives as nobody means well with them, and damaged ones.

use std::collections::BTreeSet;

use lzma_rust2::{XzOptions, XzWriter};
use proptest::prelude::*;
use tar::Header;

use super::*;
use crate::archive::write::{self, Contents};

const KEY: &str = "a.b_pkg";

fn key() -> Key {
    Key::parse(KEY).expect("a key")
}

/// A tar file, member by member, without the checks of those who mean well.
#[derive(Clone, Default)]
struct Tar(Vec<u8>);

impl Tar {
    fn member(mut self, kind: EntryType, name: &str, link: &str, mode: u32, data: &[u8]) -> Tar {
        let mut header = Header::new_gnu();
        let fields = header.as_gnu_mut().expect("of GNU's kind");
        for (to, from) in fields.name.iter_mut().zip(name.bytes()) {
            *to = from;
        }
        for (to, from) in fields.linkname.iter_mut().zip(link.bytes()) {
            *to = from;
        }
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(data.len() as u64);
        header.set_cksum();
        self.0.extend(header.as_bytes());
        self.0.extend(data);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    fn file(self, name: &str, data: &[u8]) -> Tar {
        self.member(EntryType::Regular, name, "", 0o644, data)
    }

    fn folder(self, name: &str) -> Tar {
        self.member(EntryType::Directory, name, "", 0o755, b"")
    }

    fn link(self, name: &str, target: &str) -> Tar {
        self.member(EntryType::Symlink, name, target, 0o777, b"")
    }

    fn hard(self, name: &str, target: &str) -> Tar {
        self.member(EntryType::Link, name, target, 0o644, b"")
    }

    fn xz(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        let mut to = XzWriter::new(Vec::new(), XzOptions::with_preset(0)).expect("a writer");
        to.write_all(&self.0).expect("written");
        to.finish().expect("written")
    }
}

/// Everything below a folder: names, kinds, contents.
fn tree(folder: &Path) -> BTreeSet<(PathBuf, Vec<u8>)> {
    let mut all = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("read") {
        let path = entry.expect("read").path();
        let kind = fs::symlink_metadata(&path).expect("there").file_type();
        if kind.is_dir() {
            all.extend(tree(&path));
        }
        let contents = match () {
            () if kind.is_symlink() => fs::read_link(&path).expect("a link").into_os_string().into_encoded_bytes(),
            () if kind.is_file() => fs::read(&path).expect("read"),
            () => Vec::new(),
        };
        all.insert((path, contents));
    }
    all
}

/// Unpacks into a folder beside one with a file, which must stay the only other thing there.
fn try_unpack(archive: &[u8], limits: &Limits) -> (tempfile::TempDir, Result<()>) {
    let place = tempfile::tempdir().expect("a folder");
    fs::write(place.path().join("victim"), "as it was").expect("written");
    let result = unpack(&key(), &mut &*archive, &place.path().join("new"), limits);
    let names: BTreeSet<_> =
        fs::read_dir(place.path()).expect("read").map(|entry| entry.expect("read").file_name()).collect();
    assert_eq!(names, BTreeSet::from(["new".into(), "victim".into()]));
    assert_eq!(fs::read(place.path().join("victim")).expect("read"), b"as it was");
    (place, result)
}

fn refused(archive: &[u8], limits: &Limits, why: &str) {
    let (_place, result) = try_unpack(archive, limits);
    let error = format!("{:#}", result.expect_err(why));
    assert!(error.contains(why), "`{error}` does not say `{why}`");
}

fn tar() -> Tar {
    Tar::default().folder("a.b_pkg/").file("a.b_pkg/file", b"contents")
}

#[test]
fn what_was_packed_comes_back() {
    let from = tempfile::tempdir().expect("a folder");
    let at = |name: &str| from.path().join(name);
    fs::create_dir_all(at("lib/empty")).expect("made");
    fs::create_dir(at(&"d".repeat(120))).expect("made");
    fs::write(at(&"d".repeat(120)).join("e".repeat(120)), "long name").expect("written");
    fs::write(at("lib/a.so"), [&[0; 9000][..], b"end", &[0; 5000]].concat()).expect("written");
    fs::write(at(RECORD), "of another root").expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        fs::set_permissions(at("lib/a.so"), fs::Permissions::from_mode(0o4711)).expect("set");
        symlink("a.so", at("lib/b.so")).expect("made");
        symlink("../lib", at("lib/self")).expect("made");
    }
    let mut archive = Vec::new();
    let contents = write::write(&key(), from.path(), &mut archive).expect("packed");
    assert_eq!(contents.unpacked_bytes, 9000 + 3 + 5000 + 9);
    let (place, result) = try_unpack(&archive, &Limits::told(contents.unpacked_bytes));
    result.expect("unpacked");
    let new = place.path().join("new");
    fs::remove_file(at(RECORD)).expect("removed");
    let relative = |folder: &Path| -> BTreeSet<_> {
        tree(folder)
            .into_iter()
            .map(|(path, data)| (path.strip_prefix(folder).expect("below").to_owned(), data))
            .collect()
    };
    assert_eq!(relative(&new), relative(from.path()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| fs::metadata(new.join(name)).expect("there").permissions().mode() & 0o7777;
        // Less what the umask of this process takes.
        assert_eq!(mode("lib/a.so") & !0o022, 0o755 & !0o022);
    }
    refused(&archive, &Limits::told(contents.unpacked_bytes - 1), "larger than");
}

#[test]
fn two_builds_give_the_same_bytes() {
    let pack = |names: &[&str], time: u64| {
        let from = tempfile::tempdir().expect("a folder");
        for name in names {
            let file = from.path().join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            fs::write(&file, name.repeat(100_000)).expect("written");
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(time);
            File::options().append(true).open(&file).expect("open").set_modified(time).expect("set");
        }
        let mut archive = Vec::new();
        let contents = write::write(&key(), from.path(), &mut archive).expect("packed");
        (archive, contents)
    };
    let (first, contents) = pack(&["a/b", "a.b", "c", "a/a"], 1_000_000_000);
    assert_eq!((first, contents), pack(&["c", "a/a", "a/b", "a.b"], 1_700_000_000));
    assert_eq!(contents, Contents { unpacked_bytes: 1_000_000, members: 6 });
}

#[test]
fn blocks_do_not_depend_on_threads() {
    // More than one block of what does not compress well.
    let mut state = 1_u64;
    let data: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 60) as u8
    })
    .take(9 << 20)
    .collect();
    let from = tempfile::tempdir().expect("a folder");
    fs::write(from.path().join("data"), &data).expect("written");
    let mut archives = [Vec::new(), Vec::new()];
    for archive in &mut archives {
        write::write(&key(), from.path(), archive).expect("packed");
    }
    assert_eq!(archives[0], archives[1]);
    let (place, result) = try_unpack(&archives[0], &Limits::UNKNOWN);
    result.expect("unpacked");
    assert_eq!(fs::read(place.path().join("new/data")).expect("read"), data);
}

#[cfg(unix)]
#[test]
fn links_out_of_a_package_are_packed_as_files() {
    use std::os::unix::fs::symlink;
    let place = tempfile::tempdir().expect("a folder");
    let at = |name: &str| place.path().join(name);
    fs::create_dir_all(at("package/in")).expect("made");
    fs::create_dir_all(at("outside")).expect("made");
    fs::write(at("outside/header.h"), "header").expect("written");
    symlink("../outside", at("package/relative")).expect("made");
    symlink(at("outside/header.h"), at("package/absolute.h")).expect("made");
    symlink("../../package/absolute.h", at("package/in/around.h")).expect("made");
    let mut archive = Vec::new();
    write::write(&key(), &at("package"), &mut archive).expect("packed");
    let (unpacked, result) = try_unpack(&archive, &Limits::UNKNOWN);
    result.expect("unpacked");
    for name in ["relative/header.h", "absolute.h", "in/around.h"] {
        let file = unpacked.path().join("new").join(name);
        assert!(fs::symlink_metadata(&file).expect(name).is_file());
        assert_eq!(fs::read(&file).expect(name), b"header");
    }
    symlink("nowhere", at("package/dangling")).expect("made");
    let error = write::write(&key(), &at("package"), &mut Vec::new()).expect_err("refused");
    assert!(format!("{error:#}").contains("nowhere"), "{error:#}");
}

#[test]
fn names_outside_of_the_package_are_refused() {
    for name in
        ["../victim", "a.b_pkg/../victim", "/victim", "a.b_pkg/../../victim", "C:/victim", "a.b_pkg\\..\\victim"]
    {
        let (_place, result) = try_unpack(&tar().file(name, b"changed").xz(), &Limits::UNKNOWN);
        result.expect_err(name);
    }
    refused(&tar().file("victim", b"").xz(), &Limits::UNKNOWN, "not in the folder a.b_pkg");
    refused(&tar().file("A.b_pkg/f", b"").xz(), &Limits::UNKNOWN, "not in the folder a.b_pkg");
    refused(&tar().file("a.b_pkg/nul", b"").xz(), &Limits::UNKNOWN, "device on Windows");
    refused(&tar().file("a.b_pkg/file:stream", b"").xz(), &Limits::UNKNOWN, "`:` in a name");
    refused(&tar().file("a.b_pkg/file.", b"").xz(), &Limits::UNKNOWN, "which Windows drops");
    refused(&tar().file("a.b_pkg/.distx-package.json", b"").xz(), &Limits::UNKNOWN, "our own record");
    let long = tar().member(EntryType::GNULongName, "././@LongLink", "", 0o644, b"../victim\0").file("a.b_pkg/x", b"");
    refused(&long.xz(), &Limits::UNKNOWN, "`..` in a path");
    let hidden =
        tar().member(EntryType::GNULongName, "././@LongLink", "", 0o644, b"a.b_pkg/x\0/y\0").file("a.b_pkg/x", b"");
    refused(&hidden.xz(), &Limits::UNKNOWN, "`\\0` in a name");
    let pax = tar().member(EntryType::XHeader, "pax", "", 0o644, b"18 path=../victim\n").file("a.b_pkg/x", b"");
    refused(&pax.xz(), &Limits::UNKNOWN, "`..` in a path");
    let sparse = tar().member(EntryType::XHeader, "pax", "", 0o644, b"21 GNU.sparse.name=x\n").file("a.b_pkg/x", b"");
    refused(&sparse.xz(), &Limits::UNKNOWN, "a sparse file");
    let huge = tar().member(EntryType::GNULongName, "././@LongLink", "", 0o644, &[b'x'; 9000]);
    refused(&huge.xz(), &Limits::UNKNOWN, "a name or header of 9000 bytes");
}

#[test]
fn links_outside_of_the_package_are_refused() {
    for target in ["/etc/passwd", "../victim", "../../../../etc/passwd", "nothing", "C:/x", "..\\victim"] {
        let (place, result) = try_unpack(&tar().link("a.b_pkg/l", target).xz(), &Limits::UNKNOWN);
        result.expect_err(target);
        assert!(fs::symlink_metadata(place.path().join("new/l")).is_err(), "{target}");
    }
    let chain = tar().folder("a.b_pkg/d").link("a.b_pkg/d/up", "..").link("a.b_pkg/l", "d/up/../victim");
    refused(&chain.xz(), &Limits::UNKNOWN, "out of the package");
    let circle = tar().link("a.b_pkg/l", "m").link("a.b_pkg/m", "l");
    refused(&circle.xz(), &Limits::UNKNOWN, "never ends");
}

#[test]
fn nothing_is_written_through_a_link() {
    let through = tar().link("a.b_pkg/l", "..").file("a.b_pkg/l/victim", b"changed");
    refused(&through.xz(), &Limits::UNKNOWN, "which is no folder");
    let over = tar().link("a.b_pkg/l", "../victim").file("a.b_pkg/l", b"changed");
    refused(&over.xz(), &Limits::UNKNOWN, "twice");
    let folder = tar().link("a.b_pkg/l", "..").folder("a.b_pkg/l");
    refused(&folder.xz(), &Limits::UNKNOWN, "twice");
    let below_file = tar().file("a.b_pkg/file/x", b"");
    refused(&below_file.xz(), &Limits::UNKNOWN, "which is no folder");
}

#[test]
fn hard_links_name_earlier_files_of_the_package() {
    let (place, result) = try_unpack(&tar().hard("a.b_pkg/same", "a.b_pkg/file").xz(), &Limits::UNKNOWN);
    result.expect("unpacked");
    assert_eq!(fs::read(place.path().join("new/same")).expect("read"), b"contents");
    for target in ["victim", "../victim", "/etc/passwd", "a.b_pkg", "a.b_pkg/later", "a.b_pkg/l", ""] {
        let archive = tar().link("a.b_pkg/l", "file").hard("a.b_pkg/h", target).file("a.b_pkg/later", b"");
        try_unpack(&archive.xz(), &Limits::UNKNOWN).1.expect_err(target);
    }
}

#[test]
fn devices_and_odd_kinds_are_refused() {
    for kind in [EntryType::Char, EntryType::Block, EntryType::Fifo] {
        refused(&tar().member(kind, "a.b_pkg/x", "", 0o666, b"").xz(), &Limits::UNKNOWN, "a device or pipe");
    }
    for kind in [EntryType::Continuous, EntryType::GNUSparse, EntryType::new(b'V')] {
        refused(&tar().member(kind, "a.b_pkg/x", "", 0o666, b"").xz(), &Limits::UNKNOWN, "of kind");
    }
}

#[test]
fn names_that_are_one_on_another_host_are_refused() {
    refused(&tar().file("a.b_pkg/file", b"").xz(), &Limits::UNKNOWN, "twice");
    refused(&tar().file("a.b_pkg/FILE", b"").xz(), &Limits::UNKNOWN, "upper and lower case");
    let folders = tar().file("a.b_pkg/dir/a", b"").file("a.b_pkg/Dir/b", b"");
    refused(&folders.xz(), &Limits::UNKNOWN, "upper and lower case");
    let late = tar().file("a.b_pkg/d/a", b"").folder("a.b_pkg/d").folder("a.b_pkg/");
    try_unpack(&late.xz(), &Limits::UNKNOWN).1.expect("a folder may be named behind its files");
}

#[cfg(unix)]
#[test]
fn only_who_may_run_a_file_is_taken_from_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let archive = tar().member(EntryType::Regular, "a.b_pkg/su", "", 0o6777, b"");
    let archive = archive.member(EntryType::Regular, "a.b_pkg/open", "", 0o666, b"");
    let (place, result) = try_unpack(&archive.xz(), &Limits::UNKNOWN);
    result.expect("unpacked");
    let mode = |name: &str| fs::metadata(place.path().join(name)).expect("there").permissions().mode() & 0o7777;
    assert_eq!(mode("new/su") | 0o055, 0o755);
    assert_eq!(mode("new/open") | 0o044, 0o644);
}

#[test]
fn limits_hold() {
    let few = Limits { members: 2, ..Limits::UNKNOWN };
    refused(&tar().file("a.b_pkg/third", b"").xz(), &few, "more than 2 members");
    refused(&tar().xz(), &Limits { unpacked_bytes: 7, ..Limits::UNKNOWN }, "larger than the 7 bytes");
    let zeros = Tar::default().file("a.b_pkg/zeros", &vec![0; 80 << 20]).xz();
    refused(&zeros, &Limits::UNKNOWN, "made to fill a disk");
    try_unpack(&zeros, &Limits::told(80 << 20)).1.expect("as large as the index tells");
    refused(&Tar::default().xz(), &Limits::UNKNOWN, "holds nothing");
}

#[test]
fn cut_and_changed_archives_are_refused() {
    let archive = tar().file("a.b_pkg/data", &[7; 5000]).xz();
    for end in 0..archive.len() {
        let (_place, result) = try_unpack(&archive[..end], &Limits::UNKNOWN);
        result.expect_err("cut");
    }
    refused(b"not an archive at all", &Limits::UNKNOWN, "the archive is damaged");
}

#[test]
fn folders_copy_where_links_cannot_be() {
    let place = tempfile::tempdir().expect("a folder");
    let at = |name: &str| place.path().join(name);
    fs::create_dir_all(at("from/deep")).expect("made");
    fs::write(at("from/deep/file"), "x").expect("written");
    copy_tree(&at("from"), &at("to")).expect("copied");
    assert_eq!(fs::read(at("to/deep/file")).expect("read"), b"x");
    copy_tree(&at("from/deep/file"), &at("other")).expect("copied");
    assert_eq!(fs::read(at("other")).expect("read"), b"x");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Changed bytes inside the tar file, with the checksums of headers made right again, so that changes reach our own code.
    #[test]
    fn changed_members_stay_inside(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut tar = tar()
            .folder("a.b_pkg/d")
            .link("a.b_pkg/d/l", "../file")
            .hard("a.b_pkg/h", "a.b_pkg/file")
            .member(EntryType::GNULongName, "././@LongLink", "", 0o644, b"a.b_pkg/d/long\0")
            .file("a.b_pkg/x", b"more")
            .member(EntryType::XHeader, "pax", "", 0o644, b"20 path=a.b_pkg/pax\n")
            .file("a.b_pkg/y", b"");
        for (at, value) in &changes {
            // What is at the front of a block says most: names, sizes, kinds.
            let at = at.index(tar.0.len());
            tar.0[at] = *value;
        }
        for block in tar.0.as_chunks_mut::<512>().0 {
            let (front, rest) = block.split_at_mut(148);
            let (_, back) = rest.split_at(8);
            let sum = front.iter().chain(back.iter()).map(|byte| u32::from(*byte)).sum::<u32>() + 8 * 32;
            if back.get(101..106) == Some(b"ustar") {
                rest[..8].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            }
        }
        let _ = try_unpack(&tar.xz(), &Limits::UNKNOWN);
    }

    #[test]
    fn changed_archives_stay_inside(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut archive = tar().link("a.b_pkg/l", "file").file("a.b_pkg/data", &[7; 3000]).xz();
        for (at, value) in &changes {
            let at = at.index(archive.len());
            archive[at] = *value;
        }
        let _ = try_unpack(&archive, &Limits::UNKNOWN);
    }
}
