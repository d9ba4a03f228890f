//! The open file as a type. What it can do depends on what is open: each kind of object implements [`Object`].

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use platform::abi::{file_type, open};
use platform::{Errno, Result, Stat, WindowSize};

use crate::pure::inherit::RuntimeKind;
use crate::sys::native::nt::Handle;
use crate::sys::native::sync::Mutex;
use crate::sys::native::{file_id, guest, volume};
use crate::sys::process::identity;

/// What is open, as children are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// A file on a disk.
    File = 1,
    /// A directory.
    Directory = 2,
    /// A pipe.
    Pipe = 3,
    /// A console's input or output.
    Console = 4,
    /// Another character device: `/dev/null`.
    Null = 5,
    /// `/dev/zero`; no handle.
    Zero = 6,
    /// `/dev/urandom`; no handle.
    Random = 7,
    /// A pipe that leads to a terminal of Cygwin or MSYS.
    Terminal = 8,
    /// A pipe of which nobody asked yet whether it leads to such a terminal.
    ForeignPipe = 9,
}

impl Kind {
    /// The kind with this number.
    pub const fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            1 => Self::File,
            2 => Self::Directory,
            3 => Self::Pipe,
            4 => Self::Console,
            5 => Self::Null,
            6 => Self::Zero,
            7 => Self::Random,
            8 => Self::Terminal,
            9 => Self::ForeignPipe,
            _ => return None,
        })
    }
}

/// What `mmap` makes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// A view of it.
    File,
    /// New memory.
    Zeros,
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

    /// `writev` of two pieces that are too long to be joined.
    fn write_two(&self, file: &OpenFile, first: &[u8], second: &[u8]) -> Result<usize> {
        let done = self.write(file, first)?;
        if done < first.len() {
            return Ok(done);
        }
        Ok(done + self.write(file, second).unwrap_or(0))
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

    /// A descriptor of the file goes.
    fn descriptor_closed(&self, _file: &OpenFile) {}

    /// Its word for C runtimes of children.
    fn runtime_kind(&self) -> RuntimeKind {
        RuntimeKind::Device
    }
}

/// `stat` of anything but a file on a disk.
pub fn device(kind: Kind) -> Stat {
    let ids = identity::ids();
    // Linux' numbers of the memory devices and the terminal.
    let rdev = match kind {
        Kind::Zero => 0x105,
        Kind::Random => 0x109,
        Kind::Console | Kind::Terminal => 0x500,
        _ => 0x103,
    };
    let mode = if kind == Kind::Pipe { file_type::FIFO | 0o600 } else { file_type::CHARACTER | 0o666 };
    Stat {
        dev: 5,
        ino: kind as u64,
        rdev: if kind == Kind::Pipe { 0 } else { rdev },
        nlink: 1,
        mode,
        uid: ids.uid,
        gid: ids.gid,
        blksize: 4096,
        ..Stat::default()
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

    /// `writev` of two pieces. Pipes and consoles get them in one request, so that writers do not mix.
    pub fn write_two(&self, first: &[u8], second: &[u8]) -> Result<usize> {
        /// Above this a copy costs more than the request.
        const SMALL: usize = 4 << 10;
        if first.is_empty() || second.is_empty() {
            return self.write(if first.is_empty() { second } else { first });
        }
        if first.len() + second.len() <= SMALL {
            let mut joined = [0; SMALL];
            let (start, end) = joined.split_at_mut(first.len());
            guest::copy(start, first)?;
            guest::copy(end, second)?;
            let length = first.len() + second.len();
            return self.write(joined.get(..length).unwrap_or_default());
        }
        if self.writable() { self.object.write_two(self, first, second) } else { Err(Errno::BADF) }
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

/// An answer that stays as it is; 0 until it is known.
fn kept(word: &AtomicU64, ask: impl FnOnce() -> Option<u64>) -> Option<u64> {
    match word.load(Ordering::Relaxed) {
        0 => ask().inspect(|answer| word.store(*answer, Ordering::Relaxed)),
        known => Some(known),
    }
}
