//! Packed files that are opened without being run.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::string::ToString;
use std::{format, vec};

use loader_abi::payload::{ALIGN, Contents, checksum};

use super::*;
use crate::files::read_exact;
use crate::hosted::Hosted;

static PLATFORM: Hosted = Hosted::new();

/// A file with three members behind something else.
struct Packed {
    path: PathBuf,
    mark: Mark,
    bytes: Vec<u8>,
}

impl Packed {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("xload-packed-{test}-{}", std::process::id()));
        let names = ["lib/libc.so", "plugins/one.so", "program"];
        let member = |(number, name): (u8, &&str)| (name.as_bytes().to_vec(), name.len() as u64, [number; 32]);
        let contents = Contents { members: (0..).zip(&names).map(member).collect(), program: 2 };
        let directory = contents.directory().unwrap();
        let mark = Mark { offset: ALIGN, directory_bytes: directory.len() as u64, checksum: checksum(&directory) };
        let mut bytes = vec![1; ALIGN as usize];
        bytes.extend(directory);
        for name in names {
            bytes.resize(bytes.len().next_multiple_of(ALIGN as usize), 0);
            bytes.extend(name.as_bytes());
        }
        let packed = Self { path, mark, bytes };
        packed.write(&packed.bytes);
        packed
    }

    fn write(&self, bytes: &[u8]) {
        fs::write(&self.path, bytes).unwrap();
    }

    fn read(&self, mark: &Mark, is_running: bool) -> core::result::Result<Payload, Error> {
        let path = self.path.as_os_str().as_encoded_bytes().to_vec();
        let (payload, opened) = Payload::of(&PLATFORM, path, None, mark, is_running)?;
        close(&opened);
        Ok(payload)
    }
}

impl Drop for Packed {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn close(opened: &Opened) {
    use platform::Files as _;
    PLATFORM.close(opened.fd).unwrap();
}

/// Path and contents.
fn contents(opened: Option<Result<Opened>>) -> Option<(Vec<u8>, Vec<u8>)> {
    let opened = opened?.unwrap();
    let mut bytes = vec![0; opened.stat.size as usize];
    read_exact(&PLATFORM, opened.fd, &mut bytes, opened.offset).unwrap();
    close(&opened);
    Some((opened.path, bytes))
}

#[test]
fn members_are_found_by_path_and_by_name() {
    let packed = Packed::new("found");
    let payload = packed.read(&packed.mark, true).unwrap();
    let own = packed.path.to_str().unwrap().to_string();
    let found = |name: &str| contents(payload.library(&PLATFORM, name.as_bytes()));
    let expected = |name: &str| Some((format!("{own}/{name}").into_bytes(), name.as_bytes().to_vec()));
    let beside = packed.path.parent().unwrap().join("plugins/one.so");
    for name in ["/lib/libc.so", "libc.so", "lib/libc.so", &format!("{own}/lib/libc.so")] {
        assert_eq!(found(name), expected("lib/libc.so"), "{name}");
    }
    for name in ["one.so", "plugins/one.so", "./plugins/one.so", beside.to_str().unwrap()] {
        assert_eq!(found(name), expected("plugins/one.so"), "{name}");
    }
    for name in ["program", "/program", "other/libc.so", "/x/lib/libc.so", "plugins/../lib/libc.so", "", "/"] {
        assert_eq!(found(name), None, "{name}");
    }
    // The program has the path of the file, where it runs.
    assert_eq!(found(&own), Some((own.clone().into_bytes(), b"program".to_vec())));
    let plain = packed.read(&packed.mark, false).unwrap();
    assert!(plain.library(&PLATFORM, own.as_bytes()).is_none());
    assert_eq!(contents(plain.library(&PLATFORM, b"libc.so")), expected("lib/libc.so"));
}

#[test]
fn members_are_different_files() {
    let packed = Packed::new("different");
    let payload = packed.read(&packed.mark, true).unwrap();
    let identity = |name: &str| {
        let opened = payload.library(&PLATFORM, name.as_bytes()).unwrap().unwrap();
        close(&opened);
        opened.identity()
    };
    assert_eq!(identity("libc.so"), identity("/lib/libc.so"));
    assert_ne!(identity("libc.so"), identity("one.so"));
}

/// The running program is the old file, whatever lies under its name now.
#[test]
fn another_file_under_the_same_path_is_not_taken_for_it() {
    let packed = Packed::new("replaced");
    let payload = packed.read(&packed.mark, true).unwrap();
    let before = payload.own.identity;
    let other = Path::new(&packed.path).with_extension("new");
    fs::File::create(&other).unwrap().write_all(&packed.bytes).unwrap();
    fs::rename(&other, &packed.path).unwrap();
    assert!(before.is_some());
    assert_eq!(payload.library(&PLATFORM, b"libc.so").and_then(Result::err), Some(Errno::NOENT));
}

#[test]
fn damage_is_told_and_leads_nowhere() {
    let packed = Packed::new("damage");
    let what = |mark: &Mark| packed.read(mark, true).err().map(|error| error.what).unwrap_or_default();
    for end in [0, 1, ALIGN as usize, ALIGN as usize + 30, packed.bytes.len() - 1] {
        packed.write(&packed.bytes[..end]);
        assert!(what(&packed.mark).contains("the file ends before its payload does"), "{end}");
    }
    let directory = packed.mark.directory_bytes as usize;
    for at in 0..directory {
        let mut bad = packed.bytes.clone();
        bad[ALIGN as usize + at] ^= 1 << (at % 8);
        packed.write(&bad);
        assert!(what(&packed.mark).contains("checksum"), "{at}");
        // As if the checksum had been made for it: what is accepted lies in the file.
        let mark = Mark { checksum: checksum(&bad[ALIGN as usize..][..directory]), ..packed.mark };
        let Ok(payload) = packed.read(&mark, true) else { continue };
        for name in ["libc.so", "one.so"] {
            contents(payload.library(&PLATFORM, name.as_bytes()));
        }
    }
    fs::remove_file(&packed.path).unwrap();
    assert!(what(&packed.mark).contains("cannot be opened: ENOENT"));
    packed.write(&packed.bytes);
    assert_eq!(what(&packed.mark), "");
}
