//! Directories so deep that a request does not take their paths, which are longer than `PATH_MAX`: step by step.

use alloc::vec::Vec;
use core::ffi::CStr;

use super::directory::DIR;
use super::path::{PATH_MAX, append};
use crate::rt::abi::{at, open};
use crate::rt::{Errno, Platform, Result};
use crate::types::c_int;
use platform::Stat;

/// A descriptor of the library's own.
struct Handle<'a, P: Platform> {
    host: &'a P,
    fd: c_int,
}

impl<'a, P: Platform> Handle<'a, P> {
    fn open(host: &'a P, directory: c_int, path: &[u8], access: u32) -> Result<Self> {
        host.open(directory, path, access | open::DIRECTORY | open::CLOSE_ON_EXEC, 0).map(|fd| Self { host, fd })
    }
}

impl<P: Platform> Drop for Handle<'_, P> {
    fn drop(&mut self) {
        // It was open, and nothing was written.
        let _ = self.host.close(self.fd);
    }
}

/// Runs a request on a path of any length: on the directory from which the rest is short enough, and that rest.
/// `ENAMETOOLONG` for a name that is too long itself.
pub fn resolve<T>(host: &impl Platform, path: &[u8], request: impl FnOnce(c_int, &[u8]) -> Result<T>) -> Result<T> {
    let mut directory = None;
    let mut rest = path;
    let from = |directory: &Option<Handle<'_, _>>| directory.as_ref().map_or(at::CURRENT_DIRECTORY, |handle| handle.fd);
    while rest.len() >= PATH_MAX {
        let head = rest.get(..PATH_MAX - 1).unwrap_or(rest);
        let cut = head.iter().rposition(|byte| *byte == b'/').filter(|cut| *cut > 0).ok_or(Errno::NAMETOOLONG)?;
        let (head, tail) = (rest.get(..cut).unwrap_or(&[]), rest.get(cut + 1..).unwrap_or(&[]));
        directory = Some(Handle::open(host, from(&directory), head, open::PATH)?);
        rest = tail;
    }
    request(from(&directory), rest)
}

/// The current directory, found by climbing to the root and looking up each name in the directory above it. `EACCES` where
/// one of them cannot be read, `ENOENT` where the directory was removed.
pub fn climb(host: &impl Platform) -> Result<Vec<u8>> {
    let mut path = Vec::new();
    let mut below = Handle::open(host, at::CURRENT_DIRECTORY, b".", open::PATH)?;
    let mut stat = host.stat(below.fd, b"", at::EMPTY_PATH)?;
    loop {
        let above = Handle::open(host, below.fd, b"..", open::READ_ONLY)?;
        let stat_above = host.stat(above.fd, b"", at::EMPTY_PATH)?;
        if is_same(&stat, &stat_above) {
            break;
        }
        let mut longer = name_of(host, above.fd, &stat)?;
        append(&mut longer, &path)?;
        path = longer;
        (below, stat) = (above, stat_above);
    }
    if path.is_empty() {
        append(&mut path, b"/")?;
    }
    Ok(path)
}

fn is_same(one: &Stat, other: &Stat) -> bool {
    (one.dev, one.ino) == (other.dev, other.ino)
}

/// The name of a directory, found in the one above it, behind a slash.
fn name_of(host: &impl Platform, above: c_int, wanted: &Stat) -> Result<Vec<u8>> {
    let list = DIR::new(host, above)?;
    loop {
        // SAFETY: only this thread has the stream.
        let entry = unsafe { list.read(host)? };
        if entry.is_null() {
            return Err(Errno::NOENT);
        }
        // SAFETY: a record that was just read, with the NUL that `read` looked for.
        let name = unsafe { CStr::from_ptr((&raw const (*entry).d_name).cast()) }.to_bytes();
        let found = host.stat(above, name, at::SYMLINK_NOFOLLOW);
        if name != b"." && name != b".." && found.is_ok_and(|found| is_same(&found, wanted)) {
            let mut found = Vec::new();
            append(&mut found, b"/")?;
            append(&mut found, name)?;
            return Ok(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform_sim::Sim;

    const HERE: c_int = at::CURRENT_DIRECTORY;

    #[test]
    fn climbing_finds_what_the_host_would_say() {
        let sim = Sim::new();
        for path in [&b"/"[..], b"/home", b"/home/a", b"/home/a/b", b"/home/a/b/c"] {
            let _ = sim.make_directory(HERE, path, 0o755);
            sim.put_file(b"/home/file", b"");
            sim.change_directory(HERE, path).unwrap();
            assert_eq!(climb(&sim).as_deref(), Ok(path));
        }
        let before = sim.open_descriptors();
        sim.fail_once("read_directory", 1, Errno::ACCES);
        assert_eq!(climb(&sim), Err(Errno::ACCES));
        assert_eq!(sim.open_descriptors(), before);
    }

    #[test]
    fn long_paths_are_taken_in_pieces() {
        let sim = Sim::new();
        sim.change_directory(HERE, b"/tmp").unwrap();
        let mut path = b"/tmp".to_vec();
        for _ in 0..60 {
            let name = [b'n'; 200];
            sim.make_directory(HERE, &name, 0o755).unwrap();
            sim.change_directory(HERE, &name).unwrap();
            path.push(b'/');
            path.extend(name);
        }
        assert_eq!(climb(&sim).as_deref(), Ok(&path[..]));
        let here = sim.stat(HERE, b".", 0).unwrap();
        let before = sim.open_descriptors();
        for length in [path.len(), PATH_MAX + 2 * 201, 4 + 20 * 201, 4 + 21 * 201, 4 + 41 * 201] {
            let path = &path[..4 + (length - 4) / 201 * 201];
            let found = resolve(&sim, path, |directory, rest| sim.stat(directory, rest, 0)).unwrap();
            assert_eq!(is_same(&found, &here), path.len() == 4 + 60 * 201);
        }
        path[4 + 40 * 201 + 1] = b'x';
        assert_eq!(resolve(&sim, &path, |directory, rest| sim.stat(directory, rest, 0)), Err(Errno::NOENT));
        assert_eq!(resolve(&sim, &[b'x'; 5000], |_, _| Ok(())), Err(Errno::NAMETOOLONG));
        assert_eq!(sim.open_descriptors(), before);
    }
}
