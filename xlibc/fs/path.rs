//! Paths: the current directory as a growing buffer, and canonical names.

use alloc::vec::Vec;

use super::deep::{self, PATH_MAX};
use super::directory::DIR;
use crate::rt::abi::{at, file_type, open};
use crate::rt::{Errno, Platform, Result, blocking, c_bytes};
use crate::types::c_int;
use platform::Stat;

/// The program's own file.
const OWN_FILE: &[u8] = b"/proc/self/exe";
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
fn append(path: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
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
            Err(Errno::RANGE) if length < 1 << 20 => length *= 2,
            // A host may not tell paths beyond its own limit.
            Err(Errno::NAMETOOLONG) => return climbed(host),
            Err(errno) => return Err(errno),
        }
    }
}

/// A directory on the way up, and the descriptor that keeps it open.
struct Step<'h, P: Platform> {
    host: &'h P,
    fd: c_int,
    stat: Stat,
}

impl<'h, P: Platform> Step<'h, P> {
    fn open(host: &'h P, below: c_int, name: &[u8]) -> Result<Self> {
        let flags = open::READ_ONLY | open::DIRECTORY | open::CLOSE_ON_EXEC;
        let fd = blocking(|| host.open(below, name, flags, 0))?;
        // Closed by the drop where the question fails.
        let mut step = Self { host, fd, stat: Stat::default() };
        step.stat = host.stat(fd, b"", at::EMPTY_PATH)?;
        Ok(step)
    }

    /// What a directory in this one is called.
    fn name_of(&self, directory: &Stat) -> Result<Vec<u8>> {
        let entries = DIR::new(self.host, self.fd)?;
        loop {
            // SAFETY: the stream is this function's own.
            let entry = unsafe { entries.read(self.host) }?;
            if entry.is_null() {
                return Err(Errno::NOENT);
            }
            // SAFETY: `DIR::read` gives whole records, with a NUL behind the name.
            let (ino, name) = unsafe { ((*entry).d_ino, c_bytes((&raw const (*entry).d_name).cast())) };
            // Where another file system is mounted, the record has the number of what lies below it.
            let may_be = ino == directory.ino || directory.dev != self.stat.dev;
            if !may_be || name == b"." || name == b".." {
                continue;
            }
            if self.host.stat(self.fd, name, at::SYMLINK_NOFOLLOW).is_ok_and(|found| is_same(&found, directory)) {
                let mut copy = Vec::new();
                append(&mut copy, name)?;
                return Ok(copy);
            }
        }
    }
}

impl<P: Platform> Drop for Step<'_, P> {
    fn drop(&mut self) {
        // It was only read from.
        let _ = self.host.close(self.fd);
    }
}

fn is_same(one: &Stat, other: &Stat) -> bool {
    (one.dev, one.ino) == (other.dev, other.ino)
}

/// The current directory, found by looking for each directory in the one above it.
fn climbed(host: &impl Platform) -> Result<Vec<u8>> {
    let mut here = Step::open(host, at::CURRENT_DIRECTORY, b".")?;
    let mut names = Vec::new();
    loop {
        let above = Step::open(host, here.fd, b"..")?;
        if is_same(&above.stat, &here.stat) {
            break;
        }
        names.try_reserve(1).map_err(|_| Errno::NOMEM)?;
        names.push(above.name_of(&here.stat)?);
        here = above;
    }
    let mut path = Vec::new();
    for name in names.iter().rev() {
        append(&mut path, b"/")?;
        append(&mut path, name)?;
    }
    if path.is_empty() {
        append(&mut path, b"/")?;
    }
    Ok(path)
}

/// POSIX.1-2024 `realpath`: absolute, without `.`, `..`, double slashes and symbolic links. `ENOENT` for a missing part,
/// `ENOTDIR`, `ELOOP`, `ENAMETOOLONG` for a name. The result may be longer than `PATH_MAX`.
pub fn canonical(host: &impl Platform, path: &[u8]) -> Result<Vec<u8>> {
    if path.is_empty() {
        return Err(Errno::NOENT);
    }
    if path == OWN_FILE {
        // On a host without `/proc` it is the only name there.
        let mut own = buffer(PATH_MAX)?;
        let length = host.read_link(at::CURRENT_DIRECTORY, path, &mut own)?;
        own.truncate(length);
        return Ok(own);
    }
    // The names still to follow, last first; what they lead to is in `found`.
    let mut rest = Vec::new();
    let mut found = Vec::new();
    if path.starts_with(b"/") {
        push_below(host, &mut rest, &mut found, path)?;
    } else {
        push_names(&mut rest, path)?;
        found = current(host)?;
    }
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
            found.truncate(parent.max(machine(&found).len()));
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
            directory_wanted |= rest.is_empty() && target.ends_with(b"/");
            if target.starts_with(b"/") {
                found.clear();
                push_below(host, &mut rest, &mut found, target)?;
            } else {
                found.truncate(parent);
                push_names(&mut rest, target)?;
            }
        } else if mode != file_type::DIRECTORY && (!rest.is_empty() || directory_wanted) {
            return Err(Errno::NOTDIR);
        }
    }
    if found.is_empty() {
        append(&mut found, b"/")?;
    }
    Ok(found)
}

/// The machine and its folder in a path that begins with exactly two slashes; else nothing.
fn machine(path: &[u8]) -> &[u8] {
    let mut names = path.strip_prefix(b"//").unwrap_or_default().split(|byte| *byte == b'/');
    match (names.next(), names.next()) {
        (Some(machine @ [_, ..]), Some(folder @ [_, ..])) => {
            path.get(..machine.len() + folder.len() + 3).unwrap_or_default()
        }
        _ => &[],
    }
}

/// Pushes the names of an absolute path, and puts into `found` what comes before them: the machine, where two slashes lead the host
/// elsewhere than one (POSIX.1-2024 XBD 4.16).
fn push_below(host: &impl Platform, rest: &mut Vec<Vec<u8>>, found: &mut Vec<u8>, path: &[u8]) -> Result<()> {
    let machine = machine(path);
    let stat = |path: &[u8]| host.stat(at::CURRENT_DIRECTORY, path, 0);
    let elsewhere =
        |there: Stat| stat(machine.get(1..)?).map_or(Some(()), |here| (!is_same(&here, &there)).then_some(()));
    let start = if !machine.is_empty() && stat(machine).ok().and_then(elsewhere).is_some() { machine } else { &[] };
    append(found, start)?;
    push_names(rest, path.get(start.len()..).unwrap_or_default())
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
    use platform::Names;
    use platform_sim::Sim;

    #[test]
    fn a_path_that_the_host_does_not_tell_is_found() {
        let sim = Sim::default();
        for folder in [&b"/tmp/a"[..], b"/tmp/a/b", b"/tmp/a/c", b"/tmp/a/c/d"] {
            sim.make_directory(at::CURRENT_DIRECTORY, folder, 0o755).unwrap();
        }
        sim.hook.fail_always("current_directory", 0, Errno::NAMETOOLONG);
        for folder in [&b"/"[..], b"/tmp", b"/tmp/a/c/d"] {
            sim.change_directory(at::CURRENT_DIRECTORY, folder).unwrap();
            assert_eq!(current(&sim).as_deref(), Ok(folder));
        }
    }

    #[test]
    fn a_machine_and_its_folder_are_one_beginning() {
        for (path, expected) in [
            (&b"//nas/share/x/y"[..], &b"//nas/share"[..]),
            (b"//nas/share", b"//nas/share"),
            (b"//nas/share/", b"//nas/share"),
            (b"//nas", b""),
            (b"///nas/share", b""),
            (b"/nas/share", b""),
            (b"//", b""),
            (b"", b""),
        ] {
            assert_eq!(machine(path), expected, "{path:?}");
        }
    }

    #[test]
    fn canonical_names_have_no_links_dots_or_double_slashes() {
        let sim = Sim::default();
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
            (b"//tmp/a/b/file", Ok(b"/tmp/a/b/file")),
            (b"//tmp", Ok(b"/tmp")),
            (b"//tmp/none", Err(Errno::NOENT)),
            (b"deep/x", Err(Errno::NOTDIR)),
            (b"loop", Err(Errno::LOOP)),
        ] {
            assert_eq!(canonical(&sim, path).as_deref(), expected.as_ref().map(|p| *p), "{path:?}");
        }
    }
}
