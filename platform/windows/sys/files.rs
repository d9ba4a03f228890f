//! Open files: reading, writing, offsets, sizes.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use platform::abi::{open, seek};
use platform::{Errno, Result};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_POSITION_INFORMATION, FILE_STANDARD_INFORMATION, FileEndOfFileInformation, FilePositionInformation,
    FileStandardInformation,
};
use windows_sys::Win32::Storage::FileSystem::FlushFileBuffers;
use windows_sys::Win32::System::Pipes::{PIPE_NOWAIT, PIPE_WAIT, PeekNamedPipe, SetNamedPipeHandleState};

use super::nt::{self, Handle, last_error};
use super::sync::Mutex;
use super::{console, guest, stat, volume};
use crate::pure::console_text::Carry;
use crate::pure::dirent::Entry;
use crate::pure::status::{self, from_status};

/// What is open.
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
            _ => return None,
        })
    }
}

/// An open file description (POSIX.1-2024 3.229): what duplicates share.
pub struct OpenFile {
    /// The kernel's object, which holds the offset, so that children share it too.
    pub handle: Option<Handle>,
    /// What it is.
    pub kind: Kind,
    /// `open::READ_ONLY`, `WRITE_ONLY`, `READ_WRITE` or `PATH`.
    pub mode: u32,
    /// `open::APPEND` and `NON_BLOCK`.
    status: AtomicU32,
    /// The guest's absolute path that it was opened by; empty where another way led to it.
    name: Vec<u8>,
    /// File number and volume, once asked for; 0 until then.
    index: AtomicU64,
    volume: AtomicU64,
    /// Names that went while it was open, and that Windows still counts.
    pub gone: AtomicU32,
    /// Held by requests that use or move the offset.
    pub state: Mutex<State>,
}

/// What changes while a file is open.
#[derive(Default)]
pub struct State {
    /// A directory's names, read when first asked for.
    pub entries: Option<Vec<Entry>>,
    /// Index of the entry that comes next.
    pub next: usize,
    /// The names were read before.
    pub listed: bool,
    /// A console's output: the start of an unfinished character.
    pub carry: Carry,
    /// A console's input: bytes of a line that were not asked for yet.
    pub typed: Vec<u8>,
    /// `flock` in force: 0, 1 shared, 2 exclusive.
    pub flock: u32,
}

impl OpenFile {
    /// An open file with `open` flags.
    pub fn new(handle: Option<Handle>, kind: Kind, flags: u32) -> Self {
        let mode = if flags & open::PATH != 0 { open::PATH } else { flags & open::ACCESS_MODE };
        let status = AtomicU32::new(flags & (open::APPEND | open::NON_BLOCK));
        Self {
            handle,
            kind,
            mode,
            status,
            name: Vec::new(),
            index: AtomicU64::new(0),
            volume: AtomicU64::new(0),
            gone: AtomicU32::new(0),
            state: Mutex::new(State::default()),
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

    /// The file's number on its volume.
    pub fn index(&self) -> Result<u64> {
        kept(&self.index, || stat::index(self.handle()?))
    }

    /// The number of its volume.
    pub fn volume(&self) -> u64 {
        kept(&self.volume, || self.handle().map(volume::of)).unwrap_or(0)
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
        super::record_locks::forget(self);
    }

    /// `fcntl` F_GETFL.
    pub fn status_flags(&self) -> u32 {
        self.mode | self.status.load(Ordering::Relaxed)
    }

    /// `fcntl` F_SETFL.
    pub fn set_status_flags(&self, flags: u32) -> Result<()> {
        let flags = flags & (open::APPEND | open::NON_BLOCK);
        let old = self.status.swap(flags, Ordering::Relaxed);
        if self.kind == Kind::Pipe && self.writable() && (old ^ flags) & open::NON_BLOCK != 0 {
            self.set_pipe_mode(flags & open::NON_BLOCK != 0)?;
        }
        Ok(())
    }

    /// A full pipe makes writers wait, or not. Readers look first instead.
    fn set_pipe_mode(&self, no_wait: bool) -> Result<()> {
        let mode = if no_wait { PIPE_NOWAIT } else { PIPE_WAIT };
        // SAFETY: one word is read.
        let done =
            unsafe { SetNamedPipeHandleState(self.handle()?.raw(), &mode, core::ptr::null(), core::ptr::null()) };
        if done == 0 { Err(last_error()) } else { Ok(()) }
    }

    fn non_blocking(&self) -> bool {
        self.status.load(Ordering::Relaxed) & open::NON_BLOCK != 0
    }

    /// `read`.
    pub fn read(&self, buffer: &mut [u8]) -> Result<usize> {
        if !self.readable() {
            return Err(Errno::BADF);
        }
        match self.kind {
            Kind::Directory => return Err(Errno::ISDIR),
            Kind::Zero => return guest::fill(buffer, |_| Ok(())).map(|()| buffer.len()),
            Kind::Random => return super::process::random(buffer).map(|()| buffer.len()),
            _ if buffer.is_empty() => return Ok(0),
            Kind::Console => return console::read(self, buffer),
            Kind::File => {
                let _offset = self.state.lock();
                return nt::read(self.handle()?, buffer, None).map_err(from_status);
            }
            Kind::Pipe | Kind::Null => {}
        }
        loop {
            if self.kind == Kind::Pipe && self.non_blocking() && self.pipe_is_empty()? {
                return Err(Errno::AGAIN);
            }
            let handle = self.handle()?;
            match super::signals::in_request(|| nt::read(handle, buffer, None)) {
                // A writer's empty message is not the end: look whether the other side is still there.
                Ok(0) if self.kind == Kind::Pipe && self.pipe_is_empty().is_ok_and(|empty| empty) => {}
                Err(status::nt::PIPE_EMPTY) => return Err(Errno::AGAIN),
                Err(status::nt::CANCELLED) => super::signals::interrupted()?,
                other => return other.map_err(from_status),
            }
        }
    }

    /// True when nothing waits in the pipe and a writer is left.
    fn pipe_is_empty(&self) -> Result<bool> {
        let mut waiting = 0;
        // SAFETY: only the count is asked for.
        let alive = unsafe {
            PeekNamedPipe(
                self.handle()?.raw(),
                core::ptr::null_mut(),
                0,
                core::ptr::null_mut(),
                &mut waiting,
                core::ptr::null_mut(),
            )
        };
        Ok(alive != 0 && waiting == 0)
    }

    /// `write`.
    pub fn write(&self, data: &[u8]) -> Result<usize> {
        if !self.writable() {
            return Err(Errno::BADF);
        }
        match self.kind {
            Kind::Directory => Err(Errno::BADF),
            Kind::Zero | Kind::Random => Ok(data.len()),
            _ if data.is_empty() => Ok(0),
            Kind::Console => console::write(self, data),
            Kind::File => {
                let _offset = self.state.lock();
                self.write_here(&[data])
            }
            Kind::Null => nt::write(self.handle()?, data, None).map_err(from_status),
            Kind::Pipe => loop {
                let handle = self.handle()?;
                match super::signals::in_request(|| nt::write(handle, data, None)) {
                    Ok(0) => return Err(Errno::AGAIN),
                    Ok(count) => return Ok(count),
                    Err(status::nt::CANCELLED) => super::signals::interrupted()?,
                    Err(status) => {
                        let errno = from_status(status);
                        if errno == Errno::PIPE {
                            super::signals::raise(platform::abi::signal::PIPE);
                        }
                        return Err(errno);
                    }
                }
            },
        }
    }

    /// Writes pieces of data to a file, one behind the other, where its offset is or at the end: as one step. The caller holds
    /// the state.
    pub fn write_here(&self, pieces: &[&[u8]]) -> Result<usize> {
        let handle = self.handle()?;
        let append = self.status.load(Ordering::Relaxed) & open::APPEND != 0;
        let _end = append.then(|| super::record_locks::End::lock(handle));
        let mut done = 0;
        for piece in pieces {
            match nt::write(handle, piece, append.then_some(nt::AT_END)) {
                Ok(count) => done += count,
                Err(status) if done == 0 => return Err(from_status(status)),
                Err(_) => break,
            }
        }
        Ok(done)
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
        if self.kind == Kind::File && self.writable() {
            let _offset = self.state.lock();
            return self.write_here(&[first, second]);
        }
        let done = self.write(first)?;
        if done < first.len() {
            return Ok(done);
        }
        Ok(done + self.write(second).unwrap_or(0))
    }

    /// Reads or writes at an offset and leaves the file's own offset: the kernel moves it for synchronous files.
    fn at_offset<T>(&self, offset: u64, request: impl FnOnce(&Handle, i64) -> nt::Status<T>) -> Result<T> {
        if self.kind != Kind::File {
            return Err(if self.kind == Kind::Directory { Errno::ISDIR } else { Errno::SPIPE });
        }
        let offset = i64::try_from(offset).map_err(|_| Errno::INVAL)?;
        let handle = self.handle()?;
        let _offset = self.state.lock();
        let before: FILE_POSITION_INFORMATION = nt::query(handle, FilePositionInformation).map_err(from_status)?;
        let result = request(handle, offset).map_err(from_status);
        nt::set(handle, FilePositionInformation, &before).map_err(from_status)?;
        result
    }

    /// `pread`.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize> {
        match self.kind {
            _ if !self.readable() => Err(Errno::BADF),
            Kind::Zero | Kind::Random => self.read(buffer),
            _ => self.at_offset(offset, |handle, offset| nt::read(handle, buffer, Some(offset))),
        }
    }

    /// `pwrite`. With `O_APPEND` POSIX still means the offset.
    pub fn write_at(&self, data: &[u8], offset: u64) -> Result<usize> {
        if !self.writable() {
            return Err(Errno::BADF);
        }
        self.at_offset(offset, |handle, offset| nt::write(handle, data, Some(offset)))
    }

    /// Size in bytes.
    pub fn size(&self) -> Result<i64> {
        let standard: FILE_STANDARD_INFORMATION =
            nt::query(self.handle()?, FileStandardInformation).map_err(from_status)?;
        Ok(standard.EndOfFile)
    }

    /// Moves the offset of a file. The caller holds the state.
    pub fn move_by(&self, distance: i64) -> Result<()> {
        let handle = self.handle()?;
        let now: FILE_POSITION_INFORMATION = nt::query(handle, FilePositionInformation).map_err(from_status)?;
        let position = FILE_POSITION_INFORMATION { CurrentByteOffset: now.CurrentByteOffset + distance };
        nt::set(handle, FilePositionInformation, &position).map_err(from_status)
    }

    /// `lseek`.
    pub fn seek(&self, offset: i64, whence: u32) -> Result<u64> {
        match self.kind {
            Kind::File => {}
            Kind::Directory => return self.seek_directory(offset, whence),
            Kind::Null | Kind::Zero | Kind::Random => return Ok(0),
            Kind::Pipe | Kind::Console => return Err(Errno::SPIPE),
        }
        let handle = self.handle()?;
        let mut _offset = self.state.lock();
        let base = match whence {
            seek::SET => 0,
            seek::CURRENT => {
                let now: FILE_POSITION_INFORMATION = nt::query(handle, FilePositionInformation).map_err(from_status)?;
                now.CurrentByteOffset
            }
            seek::END => self.size()?,
            // All of a file is data for us: holes are an optimisation that a host may not see.
            seek::DATA | seek::HOLE => {
                let size = self.size()?;
                if offset < 0 || offset >= size {
                    return Err(Errno::NXIO);
                }
                if whence == seek::DATA { 0 } else { size - offset }
            }
            _ => return Err(Errno::INVAL),
        };
        let wanted = base.checked_add(offset).ok_or(Errno::OVERFLOW)?;
        if wanted < 0 {
            return Err(Errno::INVAL);
        }
        let position = FILE_POSITION_INFORMATION { CurrentByteOffset: wanted };
        nt::set(handle, FilePositionInformation, &position).map_err(from_status)?;
        Ok(wanted as u64)
    }

    fn seek_directory(&self, offset: i64, whence: u32) -> Result<u64> {
        let mut state = self.state.lock();
        let wanted = match whence {
            seek::SET => offset,
            seek::CURRENT => (state.next as i64).checked_add(offset).ok_or(Errno::OVERFLOW)?,
            _ => return Err(Errno::INVAL),
        };
        state.next = usize::try_from(wanted).map_err(|_| Errno::INVAL)?;
        if wanted == 0 {
            // POSIX.1-2024 rewinddir: the directory as it is now.
            state.entries = None;
        }
        Ok(wanted as u64)
    }

    /// `ftruncate`.
    pub fn truncate(&self, length: u64) -> Result<()> {
        if self.kind != Kind::File || !self.writable() {
            return Err(Errno::INVAL);
        }
        self.set_size(i64::try_from(length).map_err(|_| Errno::INVAL)?)
    }

    fn set_size(&self, length: i64) -> Result<()> {
        nt::set(self.handle()?, FileEndOfFileInformation, &length).map_err(from_status)
    }

    /// `posix_fallocate`: NTFS gives a file that is not sparse its clusters when it grows.
    pub fn allocate(&self, offset: u64, length: u64) -> Result<()> {
        match self.kind {
            _ if !self.writable() => return Err(Errno::BADF),
            Kind::File => {}
            Kind::Pipe => return Err(Errno::SPIPE),
            _ => return Err(Errno::NODEV),
        }
        let end = offset.checked_add(length).and_then(|end| i64::try_from(end).ok()).ok_or(Errno::FBIG)?;
        let _offset = self.state.lock();
        if length == 0 {
            return Err(Errno::INVAL);
        }
        if end > self.size()? { self.set_size(end) } else { Ok(()) }
    }

    /// `fsync`. What was opened for reading only, and directories, have nothing of ours to write back.
    pub fn sync(&self) -> Result<()> {
        match self.kind {
            Kind::File if self.writable() => {
                // SAFETY: no pointers.
                if unsafe { FlushFileBuffers(self.handle()?.raw()) } == 0 { Err(last_error()) } else { Ok(()) }
            }
            Kind::File | Kind::Directory => Ok(()),
            _ => Err(Errno::INVAL),
        }
    }
}

/// An answer that stays as it is; 0 until it is known.
fn kept(word: &AtomicU64, ask: impl FnOnce() -> Result<u64>) -> Result<u64> {
    match word.load(Ordering::Relaxed) {
        0 => ask().inspect(|answer| word.store(*answer, Ordering::Relaxed)),
        known => Ok(known),
    }
}
