//! Paths: the current directory as a growing buffer, and canonical names.

use alloc::vec::Vec;

use super::deep;
use crate::rt::abi::{at, file_type};
use crate::rt::{Errno, Platform, Result};

/// `PATH_MAX` of the ABI, with the NUL.
pub const PATH_MAX: usize = 4096;
/// Links followed before `ELOOP`, as on Linux.
const LINKS_MAX: usize = 40;

/// A buffer of `length` zero bytes; `ENOMEM`.
fn buffer(length: usize) -> Result<Vec<u8>> {
    let mut buffer = Vec::new();
    buffer.try_reserve_exact(length).map_err(|_| Errno::NOMEM)?;
    buffer.resize(length, 0);
    Ok(buffer)
}

/// Appends; `ENOMEM`.
pub(super) fn append(path: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    path.try_reserve(bytes.len()).map_err(|_| Errno::NOMEM)?;
    path.extend_from_slice(bytes);
    Ok(())
}

/// The current directory, without NUL.
pub fn current(host: &impl Platform) -> Result<Vec<u8>> {
    let mut length = 256;
    loop {
        let mut path = buffer(length)?;
        match host.current_directory(&mut path) {
            Ok(n) => {
                path.truncate(n);
                return Ok(path);
            }
            Err(Errno::RANGE) if length < 1 << 16 => length *= 2,
            Err(Errno::NAMETOOLONG) => return deep::climb(host),
            Err(errno) => return Err(errno),
        }
    }
}

/// POSIX.1-2024 `realpath`: absolute, without `.`, `..`, double slashes and symbolic links. `ENOENT` for a missing part,
/// `ENOTDIR`, `ELOOP`, `ENAMETOOLONG` for a name. The result may be longer than `PATH_MAX`.
pub fn canonical(host: &impl Platform, path: &[u8]) -> Result<Vec<u8>> {
    if path.is_empty() {
        return Err(Errno::NOENT);
    }
    // The names still to follow, last first; what they lead to is in `found`.
    let mut rest = Vec::new();
    push_names(&mut rest, path)?;
    let mut found = if path.starts_with(b"/") { Vec::new() } else { current(host)? };
    if found == b"/" {
        found.clear();
    }
    let mut directory_wanted = path.ends_with(b"/");
    let mut links = 0;
    while let Some(name) = rest.pop() {
        if name == b"." {
            continue;
        }
        if name == b".." {
            let parent = found.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
            found.truncate(parent);
            continue;
        }
        let parent = found.len();
        append(&mut found, b"/")?;
        append(&mut found, &name)?;
        let stat = deep::resolve(host, &found, |from, rest| host.stat(from, rest, at::SYMLINK_NOFOLLOW))?;
        let mode = stat.mode & file_type::MASK;
        if mode == file_type::SYMLINK {
            links += 1;
            if links > LINKS_MAX {
                return Err(Errno::LOOP);
            }
            let mut target = buffer(PATH_MAX)?;
            let n = deep::resolve(host, &found, |from, rest| host.read_link(from, rest, &mut target))?;
            let target = target.get(..n).ok_or(Errno::IO)?;
            found.truncate(if target.starts_with(b"/") { 0 } else { parent });
            directory_wanted |= rest.is_empty() && target.ends_with(b"/");
            push_names(&mut rest, target)?;
        } else if mode != file_type::DIRECTORY && (!rest.is_empty() || directory_wanted) {
            return Err(Errno::NOTDIR);
        }
    }
    if found.is_empty() {
        append(&mut found, b"/")?;
    }
    Ok(found)
}

/// Pushes the names of a path so that the first is popped first.
fn push_names(rest: &mut Vec<Vec<u8>>, path: &[u8]) -> Result<()> {
    for name in path.split(|byte| *byte == b'/').rev().filter(|name| !name.is_empty()) {
        let mut copy = Vec::new();
        append(&mut copy, name)?;
        rest.try_reserve(1).map_err(|_| Errno::NOMEM)?;
        rest.push(copy);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform_sim::Sim;

    #[test]
    fn canonical_names_have_no_links_dots_or_double_slashes() {
        let sim = Sim::new();
        sim.make_directory(at::CURRENT_DIRECTORY, b"/tmp/a", 0o755).unwrap();
        sim.make_directory(at::CURRENT_DIRECTORY, b"/tmp/a/b", 0o755).unwrap();
        sim.put_file(b"/tmp/a/b/file", b"");
        sim.symlink(b"a//b/", at::CURRENT_DIRECTORY, b"/tmp/link").unwrap();
        sim.symlink(b"/tmp/link/../b/file", at::CURRENT_DIRECTORY, b"deep").unwrap();
        sim.symlink(b"loop", at::CURRENT_DIRECTORY, b"loop").unwrap();
        for (path, expected) in [
            (b"/".as_slice(), Ok(b"/".as_slice())),
            (b"..//..", Ok(b"/")),
            (b".", Ok(b"/home")),
            (b"/tmp//link/./file", Ok(b"/tmp/a/b/file")),
            (b"/tmp/link", Ok(b"/tmp/a/b")),
            (b"deep", Ok(b"/tmp/a/b/file")),
            (b"", Err(Errno::NOENT)),
            (b"/tmp/none", Err(Errno::NOENT)),
            (b"deep/", Err(Errno::NOTDIR)),
            (b"deep/x", Err(Errno::NOTDIR)),
            (b"loop", Err(Errno::LOOP)),
        ] {
            assert_eq!(canonical(&sim, path).as_deref(), expected.as_ref().map(|p| *p), "{path:?}");
        }
    }
}
