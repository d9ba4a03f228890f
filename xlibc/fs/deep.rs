//! Paths that are longer than a request takes (`PATH_MAX`): step by step.

use crate::rt::abi::{at, open};
use crate::rt::{Errno, Platform, Result, blocking};
use crate::types::c_int;

/// `PATH_MAX` of the ABI, with the NUL.
pub const PATH_MAX: usize = 4096;

/// A descriptor of the library's own.
struct Handle<'a, P: Platform> {
    host: &'a P,
    fd: c_int,
}

impl<'a, P: Platform> Handle<'a, P> {
    fn open(host: &'a P, directory: c_int, path: &[u8]) -> Result<Self> {
        blocking(|| host.open(directory, path, open::PATH | open::DIRECTORY | open::CLOSE_ON_EXEC, 0))
            .map(|fd| Self { host, fd })
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
        directory = Some(Handle::open(host, from(&directory), head)?);
        rest = tail;
    }
    request(from(&directory), rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::Files;
    use platform::Names;
    use platform_sim::Sim;

    const HERE: c_int = at::CURRENT_DIRECTORY;

    #[test]
    fn long_paths_are_taken_in_pieces() {
        let sim = Sim::default();
        sim.change_directory(HERE, b"/tmp").unwrap();
        let mut path = b"/tmp".to_vec();
        for _ in 0..60 {
            let name = [b'n'; 200];
            sim.make_directory(HERE, &name, 0o755).unwrap();
            sim.change_directory(HERE, &name).unwrap();
            path.push(b'/');
            path.extend(name);
        }
        let here = sim.stat(HERE, b".", 0).unwrap();
        let before = sim.open_descriptors();
        for length in [path.len(), PATH_MAX + 2 * 201, 4 + 20 * 201, 4 + 21 * 201, 4 + 41 * 201] {
            let path = &path[..4 + (length - 4) / 201 * 201];
            let found = resolve(&sim, path, |directory, rest| sim.stat(directory, rest, 0)).unwrap();
            assert_eq!((found.dev, found.ino) == (here.dev, here.ino), path.len() == 4 + 60 * 201);
        }
        path[4 + 40 * 201 + 1] = b'x';
        assert_eq!(resolve(&sim, &path, |directory, rest| sim.stat(directory, rest, 0)), Err(Errno::NOENT));
        assert_eq!(resolve(&sim, &[b'x'; 5000], |_, _| Ok(())), Err(Errno::NAMETOOLONG));
        assert_eq!(sim.open_descriptors(), before);
    }
}
