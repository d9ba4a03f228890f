//! A packed program: the loader's own file holds the program and its libraries (`distx pack`, `loader_abi::payload`).
//!
//! Members lie in a small virtual root before the real ones. A member has the path of the packed file with its name behind it, the
//! program that of the packed file itself.

use alloc::vec::Vec;
use core::ffi::CStr;

use loader_abi::payload::{Directory, MARK, Mark, Member};
use platform::{Errno, Fd, Platform, Result};

use crate::error::Error;
use crate::files::{absolute, folder, own_path, read_exact};
use crate::link::Opened;

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
    /// Path of the file.
    path: Vec<u8>,
    /// Opens the file whatever its path leads to by now, where there is such a way.
    executed: Option<fn() -> Result<Fd>>,
    /// Its program is the one that runs: its libraries go before all others, else behind them.
    pub is_running: bool,
}

impl Payload {
    /// Reads the directory of the own file's payload.
    pub(crate) fn read<P: Platform>(
        platform: &P,
        executed: Option<fn() -> Result<Fd>>,
        is_running: bool,
    ) -> core::result::Result<Self, Error> {
        let path = own_path(platform).unwrap_or_default();
        let opened = open_own(platform, executed, &path)
            .map_err(|errno| Error::new(&path, format_args!("cannot be opened: {errno:?}")))?;
        let directory = directory(platform, &opened, &mark());
        // The descriptor was only read from.
        let _ = platform.close(opened.fd);
        Ok(Self { offset: mark().offset, directory: directory?, path, executed, is_running })
    }

    /// Path of the packed file, which is that of its program.
    pub(crate) fn path(&self) -> &[u8] {
        &self.path
    }

    /// Opens the program.
    pub(crate) fn program<P: Platform>(&self, platform: &P) -> Result<Opened> {
        self.open(platform, &self.directory.program().ok_or(Errno::NOENT)?, self.path.clone())
    }

    /// Opens the member with this path, as files of the payload are called once they are open; `None` for all other paths.
    pub(crate) fn reopen<P: Platform>(&self, platform: &P, path: &[u8]) -> Option<Result<Opened>> {
        if self.is_running && path == self.path {
            return Some(self.program(platform));
        }
        let name = path.strip_prefix(&self.path[..])?.strip_prefix(b"/")?;
        let member = self.directory.members().find(|member| member.name == name)?;
        Some(self.open(platform, &member, path.to_vec()))
    }

    /// Opens the library that a file asks for by this name: a path in the root or beside the packed file, wherever the process is, or
    /// a name.
    pub(crate) fn library<P: Platform>(&self, platform: &P, name: &[u8]) -> Option<Result<Opened>> {
        if !name.contains(&b'/') {
            return self.directory.library(name).map(|member| self.open_library(platform, &member));
        }
        if let Some(opened) = self.reopen(platform, name) {
            return Some(opened);
        }
        let exact = |name: &[u8]| self.directory.library(name).filter(|member| member.name == name);
        let below = name.strip_prefix(b"/").or_else(|| name.strip_prefix(b"./")).unwrap_or(name);
        let beside = || {
            let full = absolute(platform, name)?;
            exact(full.strip_prefix(folder(&self.path))?.strip_prefix(b"/")?)
        };
        exact(below).or_else(beside).map(|member| self.open_library(platform, &member))
    }

    fn open_library<P: Platform>(&self, platform: &P, member: &Member<'_>) -> Result<Opened> {
        self.open(platform, member, [&self.path, &b"/"[..], member.name].concat())
    }

    fn open<P: Platform>(&self, platform: &P, member: &Member<'_>, path: Vec<u8>) -> Result<Opened> {
        let mut opened = open_own(platform, self.executed, &self.path)?;
        opened.path = path;
        // Both were checked to lie in the file.
        opened.offset = self.offset + member.offset;
        opened.stat.size = i64::try_from(member.bytes).map_err(|_| Errno::OVERFLOW)?;
        Ok(opened)
    }
}

/// Opens the loader's own file. Only the host's own way to it is to be trusted where the starter may do less than the process.
fn open_own<P: Platform>(platform: &P, executed: Option<fn() -> Result<Fd>>, path: &[u8]) -> Result<Opened> {
    match executed.map(|open| open()) {
        Some(Ok(fd)) => Opened::adopt(platform, fd, path),
        Some(Err(errno)) if platform.is_secure() => Err(errno),
        _ => Opened::open(platform, path),
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
