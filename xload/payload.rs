//! A packed program: the loader's own file holds the program and its libraries (`distx pack`, `loader_abi::payload`).
//!
//! Members lie in a small virtual root before the real ones. A member has the path of the packed file with its name behind it, the
//! program that of the packed file itself.

use alloc::vec::Vec;
use core::ffi::CStr;

use loader_abi::payload::{Directory, MARK, Mark, Member};
use platform::{Errno, Fd, Platform, Result, Stat};

use crate::error::Error;
use crate::files::{absolute, folder, own_path, read_exact};
use crate::link::{Identity, Opened};

/// argv[0] by which a packed loader tells itself to be a plain loader: its own program starts another one of our kind.
pub(crate) const PLAIN: &CStr = c"xload:plain";

/// What `distx pack` writes into the file.
#[repr(C)]
struct Place {
    mark: [u8; 16],
    numbers: [u8; 24],
}

#[used]
static PLACE: Place = Place { mark: MARK, numbers: [0; 24] };

/// What the own file says of its payload.
fn mark() -> Mark {
    // SAFETY: a static; the compiler must not take its value from here, as another program changes the file.
    let place = unsafe { (&raw const PLACE).read_volatile() };
    Mark::from_bytes(&place.numbers)
}

/// Whether this loader has a payload. It takes no request.
#[must_use]
pub fn is_packed() -> bool {
    mark() != Mark::default()
}

/// The payload of the own file.
pub(crate) struct Payload {
    /// Where it begins in the file.
    offset: u64,
    directory: Directory<'static>,
    /// The file.
    own: Own,
    /// Its program is the one that runs: its libraries go before all others, else behind them.
    pub is_running: bool,
}

impl Payload {
    /// Reads the directory of the own file's payload, and leaves the file open.
    pub(crate) fn read<P: Platform>(
        platform: &P,
        executed: Option<fn() -> Result<Fd>>,
        is_running: bool,
    ) -> core::result::Result<(Self, Opened), Error> {
        Self::of(platform, own_path(platform).unwrap_or_default(), executed, &mark(), is_running)
    }

    /// The payload of the file at `path`, which `executed` opens more surely.
    pub(crate) fn of<P: Platform>(
        platform: &P,
        path: Vec<u8>,
        executed: Option<fn() -> Result<Fd>>,
        mark: &Mark,
        is_running: bool,
    ) -> core::result::Result<(Self, Opened), Error> {
        let mut own = Own { path, executed, identity: None };
        let opened =
            own.open(platform).map_err(|errno| Error::new(&own.path, format_args!("cannot be opened: {errno:?}")))?;
        own.identity = opened.identity();
        match directory(platform, &opened, mark) {
            Ok(directory) => Ok((Self { offset: mark.offset, directory, own, is_running }, opened)),
            Err(error) => {
                // The descriptor was only read from.
                let _ = platform.close(opened.fd);
                Err(error)
            }
        }
    }

    /// The program of the open file.
    pub(crate) fn program(&self, opened: Opened) -> Result<Opened> {
        self.part(opened, &self.directory.program().ok_or(Errno::NOENT)?, self.own.path.clone())
    }

    /// Opens the member with this path, as files of the payload are called once they are open; `None` for all other paths.
    pub(crate) fn reopen<P: Platform>(&self, platform: &P, path: &[u8]) -> Option<Result<Opened>> {
        if self.is_running && path == self.own.path {
            return Some(self.own.open(platform).and_then(|opened| self.program(opened)));
        }
        let name = path.strip_prefix(&self.own.path[..])?.strip_prefix(b"/")?;
        let member = self.directory.members().find(|member| member.name == name)?;
        Some(self.open(platform, &member))
    }

    /// Opens the library that a file asks for by this name: a path in the root or beside the packed file, wherever the process is, or
    /// a name.
    pub(crate) fn library<P: Platform>(&self, platform: &P, name: &[u8]) -> Option<Result<Opened>> {
        if !name.contains(&b'/') {
            return self.directory.library(name).map(|member| self.open(platform, &member));
        }
        if let Some(opened) = self.reopen(platform, name) {
            return Some(opened);
        }
        let exact = |name: &[u8]| self.directory.library(name).filter(|member| member.name == name);
        let below = name.strip_prefix(b"/").or_else(|| name.strip_prefix(b"./")).unwrap_or(name);
        let beside = || {
            let full = absolute(platform, name)?;
            exact(full.strip_prefix(folder(&self.own.path))?.strip_prefix(b"/")?)
        };
        exact(below).or_else(beside).map(|member| self.open(platform, &member))
    }

    fn open<P: Platform>(&self, platform: &P, member: &Member<'_>) -> Result<Opened> {
        let opened = self.own.open(platform)?;
        self.part(opened, member, [&self.own.path, &b"/"[..], member.name].concat())
    }

    /// A member of the open file. Both were checked to lie in it.
    fn part(&self, opened: Opened, member: &Member<'_>, path: Vec<u8>) -> Result<Opened> {
        let size = i64::try_from(member.bytes).map_err(|_| Errno::OVERFLOW)?;
        let stat = Stat { size, ..opened.stat };
        Ok(Opened { path, stat, offset: self.offset + member.offset, ..opened })
    }
}

/// The loader's own file.
struct Own {
    path: Vec<u8>,
    /// Opens it whatever its path leads to by now, where there is such a way.
    executed: Option<fn() -> Result<Fd>>,
    /// Once it is known.
    identity: Identity,
}

impl Own {
    /// Only the host's own way to the file is to be trusted where its starter may do less than the process; after that, the path is
    /// as good as long as it leads to the same file, and takes less time.
    fn open<P: Platform>(&self, platform: &P) -> Result<Opened> {
        if self.identity.is_some()
            && let Ok(opened) = Opened::open(platform, &self.path)
            && let Some(same) = self.same(platform, opened)
        {
            return Ok(same);
        }
        let opened = match self.executed.map(|open| open()) {
            Some(Ok(fd)) => Opened::adopt(platform, fd, &self.path),
            Some(Err(errno)) if platform.is_secure() => Err(errno),
            _ => Opened::open(platform, &self.path),
        };
        self.same(platform, opened?).ok_or(Errno::NOENT)
    }

    /// The open file where it is the one that was opened first.
    fn same<P: Platform>(&self, platform: &P, opened: Opened) -> Option<Opened> {
        if self.identity.is_none() || self.identity == opened.identity() {
            return Some(opened);
        }
        // The descriptor was only looked at.
        let _ = platform.close(opened.fd);
        None
    }
}

/// Reads and checks the directory; it stays for the life of the process.
fn directory<P: Platform>(platform: &P, file: &Opened, mark: &Mark) -> core::result::Result<Directory<'static>, Error> {
    let damaged = |what| Error::new(&file.path, format_args!("damaged packed program: {what}; pack it again"));
    let file_bytes = u64::try_from(file.stat.size).unwrap_or(0);
    mark.check(file_bytes).map_err(damaged)?;
    let mut bytes = alloc::vec![0; mark.directory_bytes as usize];
    read_exact(platform, file.fd, &mut bytes, mark.offset)
        .map_err(|errno| Error::new(&file.path, format_args!("cannot be read: {errno:?}")))?;
    Directory::parse(bytes.leak(), mark, file_bytes).map_err(damaged)
}

#[cfg(test)]
#[path = "payload_tests.rs"]
mod tests;
