//! What Windows answers elsewhere is put in the kernel's place, and the platform asked by its public operations.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;

use platform::abi::{at, open};
use platform::{Errno, Fd, Files, Names};
use platform_windows::{Windows, injection};

/// A case, and its name.
pub type Case = (&'static str, fn(&Place) -> Outcome);
/// `Err` says what did not hold.
pub type Outcome = Result<(), String>;

/// Runs every case in a directory of its own; whether one failed.
pub fn run(host: &'static Windows, scratch: &[u8], lists: &[&[Case]], print: &mut dyn FnMut(&str)) -> bool {
    let (mut count, mut failed) = (0, 0);
    for (name, case) in lists.iter().copied().flatten() {
        let outcome = Place::make(host, scratch, name).and_then(|place| {
            let outcome = case(&place);
            injection::clear();
            // Everything that a case made must be gone, also what the platform hid.
            outcome.and(place.remove())
        });
        count += 1;
        if let Err(reason) = outcome {
            failed += 1;
            print(&format!("{name}: {reason}"));
        }
    }
    print(&format!("{count} injected cases, {failed} failed"));
    failed != 0
}

/// The directory of a case.
pub struct Place {
    /// The platform.
    pub host: &'static Windows,
    path: Vec<u8>,
}

impl Place {
    fn make(host: &'static Windows, scratch: &[u8], name: &str) -> Result<Self, String> {
        let mut random = [0; 4];
        platform::Random::random(host, &mut random).map_err(|errno| format!("random: {errno:?}"))?;
        let name = format!("{}-{:08x}", name.replace(' ', "-"), u32::from_ne_bytes(random));
        let path = [scratch, b"/", name.as_bytes()].concat();
        expect("make the directory", host.make_directory(at::CURRENT_DIRECTORY, &path, 0o755), Ok(()))?;
        Ok(Self { host, path })
    }

    fn remove(self) -> Outcome {
        let gone = self.host.unlink(at::CURRENT_DIRECTORY, &self.path, at::REMOVE_DIRECTORY);
        expect("remove the empty directory", gone, Ok(()))
    }

    /// The path of a file in it.
    pub fn path(&self, name: &str) -> Vec<u8> {
        [&self.path, b"/".as_slice(), name.as_bytes()].concat()
    }

    /// Makes a file with this content.
    pub fn file(&self, name: &str, content: &[u8]) -> Outcome {
        let fd = self.open(name, open::WRITE_ONLY | open::CREATE | open::TRUNCATE)?;
        expect("write", self.host.write(fd, content), Ok(content.len()))?;
        self.close(fd)
    }

    /// Opens a file.
    pub fn open(&self, name: &str, flags: u32) -> Result<Fd, String> {
        let opened = self.host.open(at::CURRENT_DIRECTORY, &self.path(name), flags, 0o644);
        opened.map_err(|errno| format!("open {name}: {errno:?}"))
    }

    /// Closes a file.
    pub fn close(&self, fd: Fd) -> Outcome {
        expect("close", self.host.close(fd), Ok(()))
    }

    /// The content of a file of up to 100 bytes, or why it cannot be opened.
    pub fn content(&self, name: &str) -> Result<Vec<u8>, Errno> {
        let fd = self.host.open(at::CURRENT_DIRECTORY, &self.path(name), open::READ_ONLY, 0)?;
        let mut bytes = [0; 100];
        let read = self.host.read(fd, &mut bytes);
        self.host.close(fd)?;
        Ok(bytes.get(..read?).unwrap_or_default().to_vec())
    }

    /// Removes a file.
    pub fn unlink(&self, name: &str) -> Result<(), Errno> {
        self.host.unlink(at::CURRENT_DIRECTORY, &self.path(name), 0)
    }
}

/// `Err` unless they are equal.
pub fn expect<T: PartialEq + Debug>(what: &str, found: T, wanted: T) -> Outcome {
    if found == wanted { Ok(()) } else { Err(format!("{what}: {found:?}, not {wanted:?}")) }
}
