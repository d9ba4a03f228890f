//! The open file as a type. What it can do depends on what is open: each kind of object implements [`Object`].

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use platform::abi::{open, poll};
use platform::{Errno, Piece, PieceMut, Result, Stat, WindowSize};
use windows_sys::Win32::Foundation::HANDLE;

use super::kind::{Kind, device};
use super::vectors;
use crate::pure::inherit::RuntimeKind;
use crate::sys::native::nt::Handle;
use crate::sys::native::sync::Mutex;
use crate::sys::native::{file_id, volume};

/// What `mmap` makes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// A view of it.
    File,
    /// New memory.
    Zeros,
}

/// How to know that a look at an open file may find something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// It never does.
    Constant,
    /// When this handle is signalled, which it stays until somebody reads, writes or looks.
    Handle(HANDLE),
    /// Only by a look.
    Unknown,
}

/// What a kind of object does. The requests come from [`OpenFile`], which has tested that the file is open for them; where an object
/// does not have one, the answer is that of POSIX for such an object.
pub trait Object: Send + Sync {
    /// Its kind.
    fn kind(&self) -> Kind;

    /// `read` of at least one byte.
    fn read(&self, file: &OpenFile, buffer: &mut [u8]) -> Result<usize>;

    /// `write` of at least one byte.
    fn write(&self, file: &OpenFile, data: &[u8]) -> Result<usize>;

    /// `readv`, and `preadv` with an offset.
    fn read_vector(&self, file: &OpenFile, pieces: &mut [PieceMut<'_>], offset: Option<u64>) -> Result<usize> {
        match offset {
            None => vectors::read_once(pieces, |bytes| if bytes.is_empty() { Ok(0) } else { self.read(file, bytes) }),
            Some(offset) => vectors::read_each(pieces, |bytes, done| self.read_at(file, bytes, offset + done as u64)),
        }
    }

    /// `writev`, and `pwritev` with an offset. Pipes and consoles get the pieces in one request where it takes them, so that
    /// writers do not mix.
    fn write_vector(&self, file: &OpenFile, pieces: &[Piece<'_>], offset: Option<u64>) -> Result<usize> {
        vectors::write(pieces, |data, done| match offset {
            None if data.is_empty() => Ok(0),
            None => self.write(file, data),
            Some(offset) => self.write_at(file, data, offset + done as u64),
        })
    }

    /// `pread`.
    fn read_at(&self, _file: &OpenFile, _buffer: &mut [u8], _offset: u64) -> Result<usize> {
        Err(Errno::SPIPE)
    }

    /// `pwrite`.
    fn write_at(&self, _file: &OpenFile, _data: &[u8], _offset: u64) -> Result<usize> {
        Err(Errno::SPIPE)
    }

    /// `lseek`.
    fn seek(&self, _file: &OpenFile, _offset: i64, _whence: u32) -> Result<u64> {
        Err(Errno::SPIPE)
    }

    /// `ftruncate`.
    fn truncate(&self, _file: &OpenFile, _length: u64) -> Result<()> {
        Err(Errno::INVAL)
    }

    /// `posix_fallocate`.
    fn allocate(&self, _file: &OpenFile, _offset: u64, _length: u64) -> Result<()> {
        Err(Errno::NODEV)
    }

    /// `fsync`.
    fn sync(&self, _file: &OpenFile) -> Result<()> {
        Err(Errno::INVAL)
    }

    /// `getdents`.
    fn list(&self, _file: &OpenFile, _buffer: &mut [u8]) -> Result<usize> {
        Err(Errno::NOTDIR)
    }

    /// `isatty` and the window's size.
    fn window_size(&self, _file: &OpenFile) -> Result<WindowSize> {
        Err(Errno::NOTTY)
    }

    /// `fstat`.
    fn stat(&self, _file: &OpenFile) -> Result<Stat> {
        Ok(device(self.kind()))
    }

    /// What `mmap` makes of it.
    fn memory(&self) -> Result<Memory> {
        Err(Errno::NODEV)
    }

    /// The events of `poll` that are there now, asked for or not.
    fn look(&self, _file: &OpenFile) -> u16 {
        poll::IN | poll::OUT | poll::IN_NORMAL | poll::OUT_NORMAL
    }

    /// How to know that a look may find something else.
    fn readiness(&self, _file: &OpenFile) -> Readiness {
        Readiness::Constant
    }

    /// A descriptor of the file goes.
    fn descriptor_closed(&self, _file: &OpenFile) {}

    /// Its word for C runtimes of children.
    fn runtime_kind(&self) -> RuntimeKind {
        RuntimeKind::Device
    }
}

/// An open file description (POSIX.1-2024 3.229): what duplicates share.
pub struct OpenFile {
    /// The kernel's object, which holds the offset, so that children share it too.
    pub handle: Option<Handle>,
    /// What it is.
    pub object: Box<dyn Object>,
    /// `open::READ_ONLY`, `WRITE_ONLY`, `READ_WRITE` or `PATH`.
    pub mode: u32,
    /// `open::APPEND` and `NON_BLOCK`.
    status: AtomicU32,
    /// The guest's absolute path that it was opened by; empty where another way led to it.
    name: Vec<u8>,
    /// The number of its volume and its own there, once asked for; 0 until then.
    volume: AtomicU64,
    number: AtomicU64,
    /// What record locks know of the file: see there.
    pub locks: AtomicU64,
    /// Names that went while it was open, and that Windows still counts.
    pub gone: AtomicU32,
    /// Held by requests that use or move the offset.
    pub offset: Mutex<()>,
    /// `flock` in force: 0, 1 shared, 2 exclusive.
    pub flock: Mutex<u32>,
}

impl OpenFile {
    /// An open file with `open` flags.
    pub fn new(handle: Option<Handle>, object: impl Object + 'static, flags: u32) -> Self {
        let mode = if flags & open::PATH != 0 { open::PATH } else { flags & open::ACCESS_MODE };
        let status = AtomicU32::new(flags & (open::APPEND | open::NON_BLOCK));
        Self {
            handle,
            object: Box::new(object),
            mode,
            status,
            name: Vec::new(),
            volume: AtomicU64::new(0),
            number: AtomicU64::new(0),
            locks: AtomicU64::new(0),
            gone: AtomicU32::new(0),
            offset: Mutex::new(()),
            flock: Mutex::new(0),
        }
    }

    /// With the path that led to it.
    pub fn named(self, name: Vec<u8>) -> Self {
        Self { name, ..self }
    }

    /// The path that led to it, where one did.
    pub fn name(&self) -> Option<&[u8]> {
        if self.name.is_empty() { None } else { Some(&self.name) }
    }

    /// The file's number on its volume, 0 for none. One that the path gives is not kept: the file may get another name.
    pub fn number(&self) -> u64 {
        let ask = || self.handle().ok().and_then(file_id::own);
        kept(&self.number, ask).unwrap_or_else(|| self.handle().map_or(0, file_id::by_path))
    }

    /// The number of its volume.
    pub fn volume(&self) -> u64 {
        kept(&self.volume, || self.handle().ok().map(volume::of)).unwrap_or(0)
    }

    /// The handle of a kind that has one.
    pub fn handle(&self) -> Result<&Handle> {
        self.handle.as_ref().ok_or(Errno::INVAL)
    }

    /// Whether it was opened for reading.
    pub fn readable(&self) -> bool {
        matches!(self.mode, open::READ_ONLY | open::READ_WRITE)
    }

    /// Whether it was opened for writing.
    pub fn writable(&self) -> bool {
        matches!(self.mode, open::WRITE_ONLY | open::READ_WRITE)
    }

    /// Called when a descriptor of the file goes. POSIX drops the process's record locks with any of them.
    pub fn descriptor_closed(&self) {
        self.object.descriptor_closed(self);
    }

    /// `fcntl` F_GETFL.
    pub fn status_flags(&self) -> u32 {
        self.mode | self.status.load(Ordering::Relaxed)
    }

    /// `fcntl` F_SETFL.
    pub fn set_status_flags(&self, flags: u32) {
        self.status.store(flags & (open::APPEND | open::NON_BLOCK), Ordering::Relaxed);
    }

    /// Whether `O_NONBLOCK` is set.
    pub fn non_blocking(&self) -> bool {
        self.status.load(Ordering::Relaxed) & open::NON_BLOCK != 0
    }

    /// Whether `O_APPEND` is set.
    pub fn appends(&self) -> bool {
        self.status.load(Ordering::Relaxed) & open::APPEND != 0
    }

    /// What is open.
    pub fn kind(&self) -> Kind {
        self.object.kind()
    }

    /// `read`.
    pub fn read(&self, buffer: &mut [u8]) -> Result<usize> {
        match self.kind() {
            _ if !self.readable() => Err(Errno::BADF),
            Kind::Directory => Err(Errno::ISDIR),
            _ if buffer.is_empty() => Ok(0),
            _ => self.object.read(self, buffer),
        }
    }

    /// `write`.
    pub fn write(&self, data: &[u8]) -> Result<usize> {
        match self.kind() {
            _ if !self.writable() => Err(Errno::BADF),
            Kind::Directory => Err(Errno::BADF),
            _ if data.is_empty() => Ok(0),
            _ => self.object.write(self, data),
        }
    }

    /// `readv`, and `preadv` with an offset.
    pub fn read_vector(&self, pieces: &mut [PieceMut<'_>], offset: Option<u64>) -> Result<usize> {
        match self.kind() {
            _ if !self.readable() => Err(Errno::BADF),
            Kind::Directory => Err(Errno::ISDIR),
            _ => self.object.read_vector(self, pieces, checked(offset)?),
        }
    }

    /// `writev`, and `pwritev` with an offset.
    pub fn write_vector(&self, pieces: &[Piece<'_>], offset: Option<u64>) -> Result<usize> {
        match self.kind() {
            _ if !self.writable() => Err(Errno::BADF),
            Kind::Directory => Err(Errno::BADF),
            _ => self.object.write_vector(self, pieces, checked(offset)?),
        }
    }

    /// `pread`.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize> {
        if self.readable() { self.object.read_at(self, buffer, offset) } else { Err(Errno::BADF) }
    }

    /// `pwrite`. With `O_APPEND` POSIX still means the offset.
    pub fn write_at(&self, data: &[u8], offset: u64) -> Result<usize> {
        if self.writable() { self.object.write_at(self, data, offset) } else { Err(Errno::BADF) }
    }

    /// `lseek`.
    pub fn seek(&self, offset: i64, whence: u32) -> Result<u64> {
        self.object.seek(self, offset, whence)
    }

    /// The events of `poll` that are there now, asked for or not.
    pub fn look(&self) -> u16 {
        if self.mode == open::PATH { poll::INVALID } else { self.object.look(self) }
    }

    /// How to know that a look may find something else.
    pub fn readiness(&self) -> Readiness {
        self.object.readiness(self)
    }

    /// `ftruncate`.
    pub fn truncate(&self, length: u64) -> Result<()> {
        if self.writable() { self.object.truncate(self, length) } else { Err(Errno::INVAL) }
    }

    /// `posix_fallocate`.
    pub fn allocate(&self, offset: u64, length: u64) -> Result<()> {
        if self.writable() { self.object.allocate(self, offset, length) } else { Err(Errno::BADF) }
    }

    /// `fsync`.
    pub fn sync(&self) -> Result<()> {
        self.object.sync(self)
    }

    /// `getdents`.
    pub fn list(&self, buffer: &mut [u8]) -> Result<usize> {
        self.object.list(self, buffer)
    }

    /// `isatty` and the window's size.
    pub fn window_size(&self) -> Result<WindowSize> {
        self.object.window_size(self)
    }

    /// `fstat`.
    pub fn stat(&self) -> Result<Stat> {
        self.object.stat(self)
    }
}

/// An offset that may be one of a file; a request adds no more than that to it.
fn checked(offset: Option<u64>) -> Result<Option<u64>> {
    if offset.is_some_and(|offset| i64::try_from(offset).is_err()) { Err(Errno::INVAL) } else { Ok(offset) }
}

/// An answer that stays as it is; 0 until it is known.
fn kept(word: &AtomicU64, ask: impl FnOnce() -> Option<u64>) -> Option<u64> {
    match word.load(Ordering::Relaxed) {
        0 => ask().inspect(|answer| word.store(*answer, Ordering::Relaxed)),
        known => Some(known),
    }
}
