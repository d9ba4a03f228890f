//! Putting packages in place, and what a process that was killed leaves.

use super::*;

fn key(name: &str) -> Key {
    Key::parse(&format!("a.b_{name}")).expect("a key")
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(file, text).expect("written");
}

fn record() -> Record {
    Record { version: "1".into(), sha256: Hash::of(&b""[..]).expect("read"), needs: Vec::new() }
}

fn archive(key: &Key, text: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join("file"), text);
    let mut archive = Vec::new();
    crate::archive::write::write(key, folder.path(), &mut archive).expect("packed");
    archive
}

fn read(file: PathBuf) -> String {
    fs::read_to_string(&file).unwrap_or_else(|_| panic!("{} is not there", file.display()))
}

fn unexpected() {
    panic!("nobody else has the root");
}

#[test]
fn a_package_is_replaced_as_a_whole() {
    let root = tempfile::tempdir().expect("a folder");
    write(&root.path().join("a.b_x/old"), "old");
    let held = Held::take(root.path(), unexpected).expect("taken");
    held.unpack(&key("x"), &mut &*archive(&key("x"), "new"), &Limits::UNKNOWN, &record()).expect("unpacked");
    assert_eq!(read(root.path().join("a.b_x/old")), "old", "nothing changes before all is there");
    held.place(&[key("x")]).expect("placed");
    assert_eq!(read(root.path().join("a.b_x/file")), "new");
    assert!(!root.path().join("a.b_x/old").exists());
    assert_eq!(state(root.path(), &key("x")), State::Installed(record()));
    held.remove(&key("x")).expect("removed");
    assert_eq!(state(root.path(), &key("x")), State::Absent);
}

#[test]
fn one_that_cannot_be_placed_takes_the_others_back() {
    let root = tempfile::tempdir().expect("a folder");
    write(&root.path().join("a.b_x/old"), "old x");
    write(&root.path().join("a.b_z/old"), "old z");
    let held = Held::take(root.path(), unexpected).expect("taken");
    for name in ["x", "y"] {
        held.unpack(&key(name), &mut &*archive(&key(name), "new"), &Limits::UNKNOWN, &record()).expect("unpacked");
    }
    // Nothing was unpacked for z.
    let error = held.place(&[key("x"), key("y"), key("z")]).expect_err("refused");
    assert!(format!("{error:#}").contains("everything is as it was"), "{error:#}");
    assert_eq!(read(root.path().join("a.b_x/old")), "old x");
    assert_eq!(read(root.path().join("a.b_z/old")), "old z");
    assert_eq!(state(root.path(), &key("y")), State::Absent);
}

#[test]
fn what_a_killed_process_left_is_put_right() {
    let root = tempfile::tempdir().expect("a folder");
    // Killed between the two renames of x, and after those of y.
    write(&root.path().join(".distx/old/a.b_x/file"), "x");
    write(&root.path().join(".distx/new/a.b_x/file"), "half");
    write(&root.path().join(".distx/old/a.b_y/file"), "old y");
    write(&root.path().join("a.b_y/file"), "new y");
    drop(Held::take(root.path(), unexpected).expect("taken"));
    assert_eq!(read(root.path().join("a.b_x/file")), "x");
    assert_eq!(read(root.path().join("a.b_y/file")), "new y");
    let left: Vec<_> =
        fs::read_dir(root.path().join(".distx")).expect("read").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["lock"]);
}

#[test]
fn only_packages_are_listed() {
    let root = tempfile::tempdir().expect("a folder");
    write(&root.path().join("a.b_x/file"), "x");
    write(&root.path().join("bin/distx"), "x");
    write(&root.path().join(".distx/lock"), "");
    assert_eq!(packages(root.path()).expect("read"), [(key("x"), State::Foreign)]);
    assert!(packages(&root.path().join("nothing")).expect("read").is_empty());
}
