//! One program starts another: a file of our own kind comes up under this loader again, whether or not the host knows the kind.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

use platform::{Errno, Platform, Result, Spawn, SpawnAction, abi};

use super::shell;
use crate::elf::{HEADER_BYTES, Header, Machine};
use crate::link::read_some;

/// `execve`, for programs of our own kind with the loader in front.
pub(crate) fn exec<P: Platform>(platform: &P, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Errno {
    match Loaded::new(platform, path, path, arguments) {
        Ok(Some(loaded)) => platform.exec(loaded.loader.as_bytes(), &loaded.arguments(arguments), environment),
        Ok(None) => match for_shell(platform, path, arguments, environment) {
            Some(command) => platform.exec(path, &with_last(arguments, &command), environment),
            None => platform.exec(path, arguments, environment),
        },
        Err(errno) => errno,
    }
}

/// The command for a shell, where it names programs of our own kind.
fn for_shell<P: Platform>(platform: &P, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Option<CString> {
    let command = shell::command(platform, path, arguments, environment, || loader_path(platform).ok())?;
    CString::new(command).ok()
}

/// The arguments with another one at the end.
fn with_last<'a>(arguments: &[&'a CStr], last: &'a CStr) -> Vec<&'a CStr> {
    let mut list = arguments.to_vec();
    if let Some(place) = list.last_mut() {
        *place = last;
    }
    list
}

/// The path of the loader's own file.
fn loader_path<P: Platform>(platform: &P) -> Result<Vec<u8>> {
    let mut path = alloc::vec![0; 4096];
    let length = platform.executable_path(&mut path)?;
    path.truncate(length);
    Ok(path)
}

/// `posix_spawn`, for programs of our own kind with the loader in front.
pub(crate) fn spawn<P: Platform>(platform: &P, spawn: Spawn<'_>) -> Result<i32> {
    // A path without a root is taken from the folder that the child will be in.
    let mut seen_from_here = Vec::new();
    for action in spawn.actions {
        if let SpawnAction::ChangeDirectory { path } = action {
            if path.starts_with(b"/") {
                seen_from_here.clear();
            }
            seen_from_here.extend_from_slice(path);
            seen_from_here.push(b'/');
        }
    }
    if spawn.path.starts_with(b"/") {
        seen_from_here.clear();
    }
    seen_from_here.extend_from_slice(spawn.path);
    let loaded = match Loaded::new(platform, &seen_from_here, spawn.path, spawn.arguments) {
        Err(Errno::NOENT) if has_drive(spawn.path) => Loaded::new(platform, spawn.path, spawn.path, spawn.arguments),
        other => other,
    };
    match loaded? {
        Some(loaded) => platform.spawn(Spawn {
            path: loaded.loader.as_bytes(),
            arguments: &loaded.arguments(spawn.arguments),
            ..spawn
        }),
        // In another folder the command's paths mean other files.
        None if spawn.actions.iter().any(|action| matches!(action, SpawnAction::ChangeDirectory { .. })) => {
            platform.spawn(spawn)
        }
        None => match for_shell(platform, spawn.path, spawn.arguments, spawn.environment) {
            Some(command) => platform.spawn(Spawn { arguments: &with_last(spawn.arguments, &command), ..spawn }),
            None => platform.spawn(spawn),
        },
    }
}

/// `C:/file`: a path with a root for some hosts and a plain name for others.
fn has_drive(path: &[u8]) -> bool {
    matches!(path, [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic())
}

/// A program of our own kind, to be started.
struct Loaded {
    loader: CString,
    argv0: CString,
    path: CString,
}

impl Loaded {
    /// `None` when the file is the host's business: other kinds, and what cannot be read. `found` is the path from here, `path` the
    /// one that the new process shall open.
    fn new<P: Platform>(platform: &P, found: &[u8], path: &[u8], arguments: &[&CStr]) -> Result<Option<Self>> {
        if !is_ours(platform, found)? {
            return Ok(None);
        }
        match platform.access(abi::at::CURRENT_DIRECTORY, found, abi::access::EXECUTE, abi::at::EFFECTIVE_ACCESS) {
            Ok(()) | Err(Errno::NOSYS) => {}
            Err(errno) => return Err(errno),
        }
        let string = |bytes: &[u8]| CString::new(bytes).map_err(|_| Errno::INVAL);
        let argv0 = arguments.first().map_or(&b""[..], |argv0| argv0.to_bytes());
        Ok(Some(Self { loader: string(&loader_path(platform)?)?, argv0: string(argv0)?, path: string(path)? }))
    }

    /// The loader's arguments; the program will see its own.
    fn arguments<'a>(&'a self, arguments: &[&'a CStr]) -> Vec<&'a CStr> {
        let mut list: Vec<&CStr> = alloc::vec![&self.loader, c"--argv0", &self.argv0, c"--", &self.path];
        list.extend(arguments.iter().skip(1));
        list
    }
}

/// Whether the file is a program of our own kind for this CPU.
pub(super) fn is_ours<P: Platform>(platform: &P, path: &[u8]) -> Result<bool> {
    let flags = abi::open::READ_ONLY | abi::open::CLOSE_ON_EXEC | abi::open::NON_BLOCK;
    let fd = match platform.open(abi::at::CURRENT_DIRECTORY, path, flags, 0) {
        Ok(fd) => fd,
        // May be executable all the same.
        Err(Errno::ACCES | Errno::ISDIR) => return Ok(false),
        Err(errno) => return Err(errno),
    };
    let mut start = [0; HEADER_BYTES];
    let length = read_some(platform, fd, &mut start, 0).unwrap_or(0);
    // The descriptor was only read from.
    let _ = platform.close(fd);
    let header = Header::parse(start.get(..length).unwrap_or_default(), u64::MAX);
    Ok(header.is_ok_and(|header| header.marked && header.machine == Machine::HOST))
}
