//! One program starts another: a file of our own kind comes up under this loader again, whether or not the host knows the kind.

mod kind;
mod shell;

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::convert::Infallible;
use core::ffi::CStr;

use platform::{Errno, Fd, Platform, Result, Spawn, SpawnAction, abi};

use crate::files::own_path;
use crate::payload::{self, is_packed};
use kind::is_ours;
use shell::Start;

/// `execve`, for programs of our own kind with the loader in front.
pub(crate) fn exec<P: Platform>(
    platform: &P,
    path: &[u8],
    arguments: &[&CStr],
    environment: &[&CStr],
) -> Result<Infallible> {
    match Changed::new(platform, abi::at::CURRENT_DIRECTORY, path, arguments, environment)? {
        Some(changed) => platform.exec(changed.path.as_bytes(), &changed.arguments(), environment),
        None => platform.exec(path, arguments, environment),
    }
}

/// `posix_spawn`, for programs of our own kind with the loader in front.
pub(crate) fn spawn<P: Platform>(platform: &P, spawn: Spawn<'_>) -> Result<i32> {
    let changed = {
        let folder = Folder::after(platform, spawn.actions)?;
        Changed::new(platform, folder.fd, spawn.path, spawn.arguments, spawn.environment)?
        // The folder is closed again before the child is made: an action may name any number.
    };
    match changed {
        Some(changed) => {
            platform.spawn(Spawn { path: changed.path.as_bytes(), arguments: &changed.arguments(), ..spawn })
        }
        None => platform.spawn(spawn),
    }
}

/// The folder that a child will be in, where its relative paths begin. Which paths are relative is the host's business.
struct Folder<'p, P: Platform> {
    platform: &'p P,
    fd: Fd,
}

impl<'p, P: Platform> Folder<'p, P> {
    fn after(platform: &'p P, actions: &[SpawnAction<'_>]) -> Result<Self> {
        let mut folder = Self { platform, fd: abi::at::CURRENT_DIRECTORY };
        for action in actions {
            if let SpawnAction::ChangeDirectory { path } = action {
                let flags = abi::open::PATH | abi::open::DIRECTORY | abi::open::CLOSE_ON_EXEC;
                folder = Self { platform, fd: platform.open(folder.fd, path, flags, 0)? };
            }
        }
        Ok(folder)
    }
}

impl<P: Platform> Drop for Folder<'_, P> {
    fn drop(&mut self) {
        if self.fd != abi::at::CURRENT_DIRECTORY {
            // The descriptor only named a place.
            let _ = self.platform.close(self.fd);
        }
    }
}

/// What is started instead of what was asked for.
struct Changed {
    path: CString,
    arguments: Vec<CString>,
}

impl Changed {
    /// `None` when all may stay as it is: the file is the host's business. Relative paths begin at `directory`.
    fn new<P: Platform>(
        platform: &P,
        directory: Fd,
        path: &[u8],
        arguments: &[&CStr],
        environment: &[&CStr],
    ) -> Result<Option<Self>> {
        if is_ours(platform, directory, path)? {
            return Self::loaded(platform, directory, path, arguments).map(Some);
        }
        // A packed loader is a plain one by its argv[0], which a shell does not pass on.
        let loader = || own_path(platform).ok().filter(|_| !is_packed());
        match shell::start(platform, directory, path, arguments, environment, loader) {
            None => Ok(None),
            Some(Start::Program { path, arguments }) => {
                let arguments: Vec<&CStr> = arguments.iter().map(CString::as_c_str).collect();
                Self::loaded(platform, directory, &path, &arguments).map(Some)
            }
            Some(Start::Command(command)) => {
                let mut arguments: Vec<CString> = arguments.iter().map(|argument| CString::from(*argument)).collect();
                if let Some(last) = arguments.last_mut() {
                    *last = string(command)?;
                }
                Ok(Some(Self { path: string(path)?, arguments }))
            }
        }
    }

    /// A program of our own kind. It will see its own arguments only.
    fn loaded<P: Platform>(platform: &P, directory: Fd, path: &[u8], arguments: &[&CStr]) -> Result<Self> {
        match platform.access(directory, path, abi::access::EXECUTE, abi::at::EFFECTIVE_ACCESS) {
            Ok(()) | Err(Errno::NOSYS) => {}
            Err(errno) => return Err(errno),
        }
        if is_packed() && platform.is_secure() {
            // The packed file would give the other program its rights.
            return Err(Errno::ACCES);
        }
        let loader = string(own_path(platform)?)?;
        let argv0 = arguments.first().copied().unwrap_or_default();
        let own = [if is_packed() { payload::PLAIN } else { &loader }, c"--argv0", argv0, c"--"];
        let mut list: Vec<CString> = own.into_iter().map(CString::from).collect();
        list.push(string(path)?);
        list.extend(arguments.iter().skip(1).map(|argument| CString::from(*argument)));
        Ok(Self { path: loader, arguments: list })
    }

    fn arguments(&self) -> Vec<&CStr> {
        self.arguments.iter().map(CString::as_c_str).collect()
    }
}

fn string(bytes: impl Into<Vec<u8>>) -> Result<CString> {
    CString::new(bytes).map_err(|_| Errno::INVAL)
}
