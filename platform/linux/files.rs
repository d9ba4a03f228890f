//! Descriptors and what is read and written through them.

use core::mem::ManuallyDrop;
use platform::abi::{descriptor, open as flag, seek as whence_of};
use platform::{Errno, Fd, Files, Lock, Piece, PieceMut, Result, SignalOwner, Stat, Timespec, WindowSize};
use rustix::fd::{FromRawFd, IntoRawFd, OwnedFd};
use rustix::fs::{AtFlags, OFlags, SeekFrom};
use rustix::io::{DupFlags, FdFlags};
use rustix::{fs, io};

use crate::Linux;
use crate::blocking::blocking;
use crate::sys::{borrow, call, int, kernel, ours, stored, with_path};

impl Files for Linux {
    fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd> {
        with_path(path, |path| {
            let path = path.as_ptr().expose_provenance();
            // SAFETY: the path ends with a NUL.
            unsafe { blocking(kernel::__NR_openat, [int(directory), path, flags as usize, mode as usize]) }
        })
        .map(|fd| fd as Fd)
    }

    fn close(&self, fd: Fd) -> Result<()> {
        // SAFETY: descriptors belong to the guest.
        unsafe { io::try_close(fd) }.map_err(ours)
    }

    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        let data = buffer.as_mut_ptr().expose_provenance();
        // SAFETY: the buffer is writable.
        unsafe { blocking(kernel::__NR_read, [int(fd), data, buffer.len()]) }
    }

    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize> {
        // SAFETY: the data is readable.
        unsafe { blocking(kernel::__NR_write, [int(fd), data.as_ptr().expose_provenance(), data.len()]) }
    }

    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64> {
        // A negative absolute offset becomes one that the kernel refuses with EINVAL.
        let to = match whence {
            whence_of::SET => SeekFrom::Start(offset as u64),
            whence_of::CURRENT => SeekFrom::Current(offset),
            whence_of::END => SeekFrom::End(offset),
            whence_of::DATA => SeekFrom::Data(offset as u64),
            whence_of::HOLE => SeekFrom::Hole(offset as u64),
            _ => return Err(Errno::INVAL),
        };
        fs::seek(borrow(fd)?, to).map_err(ours)
    }

    fn stat(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Stat> {
        let directory = borrow(directory)?;
        let flags = AtFlags::from_bits_retain(flags);
        let found = with_path(path, |path| fs::statat(directory, path, flags).map_err(ours))?;
        // The kernel's struct has unsigned seconds that mean signed ones; nlink and blksize differ in width between the CPUs.
        let time =
            |seconds: u64, nanoseconds: u64| Timespec { seconds: seconds as i64, nanoseconds: nanoseconds as i64 };
        Ok(Stat {
            dev: found.st_dev,
            ino: found.st_ino,
            rdev: found.st_rdev,
            nlink: found.st_nlink as _,
            mode: found.st_mode,
            uid: found.st_uid,
            gid: found.st_gid,
            blksize: found.st_blksize as u32,
            size: found.st_size,
            blocks: found.st_blocks,
            accessed: time(found.st_atime as u64, found.st_atime_nsec as u64),
            modified: time(found.st_mtime as u64, found.st_mtime_nsec as u64),
            changed: time(found.st_ctime as u64, found.st_ctime_nsec as u64),
        })
    }

    fn read_at(&self, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<usize> {
        let data = buffer.as_mut_ptr().expose_provenance();
        // SAFETY: the buffer is writable.
        unsafe { blocking(kernel::__NR_pread64, [int(fd), data, buffer.len(), offset as usize]) }
    }

    fn write_at(&self, fd: Fd, data: &[u8], offset: u64) -> Result<usize> {
        let bytes = data.as_ptr().expose_provenance();
        // SAFETY: the data is readable.
        unsafe { blocking(kernel::__NR_pwrite64, [int(fd), bytes, data.len(), offset as usize]) }
    }

    fn read_vector(&self, fd: Fd, pieces: &mut [PieceMut<'_>], offset: Option<u64>) -> Result<usize> {
        let (list, count) = (pieces.as_mut_ptr().expose_provenance(), pieces.len());
        // SAFETY: a piece is the kernel's `struct iovec`, and its memory is writable. The offset's upper half is of 32-bit systems.
        unsafe {
            match offset {
                None => blocking(kernel::__NR_readv, [int(fd), list, count]),
                Some(offset) => blocking(kernel::__NR_preadv, [int(fd), list, count, offset as usize, 0]),
            }
        }
    }

    fn write_vector(&self, fd: Fd, pieces: &[Piece<'_>], offset: Option<u64>) -> Result<usize> {
        let (list, count) = (pieces.as_ptr().expose_provenance(), pieces.len());
        // SAFETY: as above, and its memory is readable.
        unsafe {
            match offset {
                None => blocking(kernel::__NR_writev, [int(fd), list, count]),
                Some(offset) => blocking(kernel::__NR_pwritev, [int(fd), list, count, offset as usize, 0]),
            }
        }
    }

    fn truncate(&self, fd: Fd, length: u64) -> Result<()> {
        fs::ftruncate(borrow(fd)?, length).map_err(ours)
    }

    fn allocate(&self, fd: Fd, offset: u64, length: u64) -> Result<()> {
        fs::fallocate(borrow(fd)?, fs::FallocateFlags::empty(), offset, length).map_err(ours)
    }

    fn sync(&self, fd: Fd, data_only: bool) -> Result<()> {
        let number = if data_only { kernel::__NR_fdatasync } else { kernel::__NR_fsync };
        // SAFETY: no memory is involved.
        unsafe { blocking(number, [int(fd)]) }.map(drop)
    }

    fn duplicate(&self, fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
        let command = if close_on_exec { kernel::F_DUPFD_CLOEXEC } else { kernel::F_DUPFD };
        // SAFETY: no memory is involved.
        unsafe { call(kernel::__NR_fcntl, [int(fd), command as usize, int(at_least)]) }.map(|made| made as Fd)
    }

    fn duplicate_to(&self, fd: Fd, target: Fd, close_on_exec: bool) -> Result<()> {
        let fd = borrow(fd)?;
        if target == -1 {
            return Err(Errno::BADF);
        }
        // SAFETY: never dropped, so it owns nothing; the descriptor stays the guest's.
        let mut target = ManuallyDrop::new(unsafe { OwnedFd::from_raw_fd(target) });
        let flags = if close_on_exec { DupFlags::CLOEXEC } else { DupFlags::empty() };
        io::dup3(fd, &mut target, flags).map_err(ours)
    }

    fn descriptor_flags(&self, fd: Fd) -> Result<u32> {
        io::fcntl_getfd(borrow(fd)?).map(|flags| flags.bits()).map_err(ours)
    }

    fn set_descriptor_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        io::fcntl_setfd(borrow(fd)?, FdFlags::from_bits_retain(flags)).map_err(ours)
    }

    fn status_flags(&self, fd: Fd) -> Result<u32> {
        fs::fcntl_getfl(borrow(fd)?).map(|flags| flags.bits() & !LARGE_FILE).map_err(ours)
    }

    fn set_status_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        fs::fcntl_setfl(borrow(fd)?, OFlags::from_bits_retain(flags)).map_err(ours)
    }

    fn descriptor_limit(&self) -> usize {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        limit.unwrap_or(u64::MAX).min(i32::MAX as u64) as usize
    }

    /// By F_GETOWN_EX: with F_GETOWN a process group looks like an error.
    fn signal_owner(&self, fd: Fd) -> Result<SignalOwner> {
        /// The kernel's `struct f_owner_ex`.
        #[repr(C)]
        struct Owner {
            kind: i32,
            id: i32,
        }
        let found: Owner = filled(kernel::__NR_fcntl, |owner| [int(fd), kernel::F_GETOWN_EX as usize, owner])?;
        let process = if found.kind == kernel::F_OWNER_PGRP as i32 { -found.id } else { found.id };
        Ok(SignalOwner { process })
    }

    fn set_signal_owner(&self, fd: Fd, owner: SignalOwner) -> Result<()> {
        // SAFETY: no memory is involved.
        unsafe { call(kernel::__NR_fcntl, [int(fd), kernel::F_SETOWN as usize, int(owner.process)]) }.map(drop)
    }

    fn lock(&self, fd: Fd, lock: Lock, wait: bool) -> Result<()> {
        let command = if wait { kernel::F_SETLKW } else { kernel::F_SETLK };
        let record = record(lock)?;
        let arguments = [int(fd), command as usize, (&raw const record).expose_provenance()];
        // SAFETY: the record is readable.
        unsafe {
            if wait { blocking(kernel::__NR_fcntl, arguments) } else { call(kernel::__NR_fcntl, arguments) }.map(drop)
        }
    }

    fn lock_query(&self, fd: Fd, lock: Lock) -> Result<Lock> {
        let mut record = record(lock)?;
        // SAFETY: the record is readable and writable.
        unsafe {
            call(kernel::__NR_fcntl, [int(fd), kernel::F_GETLK as usize, (&raw mut record).expose_provenance()])
        }?;
        Ok(Lock { start: record.l_start, length: record.l_len, kind: record.l_type as u32, process: record.l_pid })
    }

    fn lock_file(&self, fd: Fd, operation: u32) -> Result<()> {
        // SAFETY: no memory is involved.
        unsafe { blocking(kernel::__NR_flock, [int(fd), operation as usize]) }.map(drop)
    }

    fn pipe(&self, flags: u32) -> Result<(Fd, Fd)> {
        let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::from_bits_retain(flags)).map_err(ours)?;
        Ok((read.into_raw_fd(), write.into_raw_fd()))
    }

    fn terminal_size(&self, fd: Fd) -> Result<WindowSize> {
        let found = rustix::termios::tcgetwinsize(borrow(fd)?).map_err(ours)?;
        Ok(WindowSize {
            rows: found.ws_row,
            columns: found.ws_col,
            width_pixels: found.ws_xpixel,
            height_pixels: found.ws_ypixel,
        })
    }

    fn copy(&self, target: Fd, source: Fd, offset: Option<u64>, length: usize) -> Result<usize> {
        let mut offset = offset;
        let place = offset.as_mut().map_or(0, |offset| core::ptr::from_mut(offset).expose_provenance());
        // SAFETY: the kernel reads and writes the offset.
        unsafe { blocking(kernel::__NR_sendfile, [int(target), int(source), place, length]) }
    }
}

/// The kernel adds its O_LARGEFILE to every open file of a 64-bit process; it is no flag that anyone asked for.
#[cfg(target_arch = "x86_64")]
const LARGE_FILE: u32 = 0o100_000;
/// As above; here the number is another.
#[cfg(target_arch = "aarch64")]
const LARGE_FILE: u32 = 0o400_000;
const _: () = assert!(LARGE_FILE & (flag::NO_FOLLOW | flag::DIRECTORY | flag::DIRECT) == 0);

/// `struct flock` of the kernel. rustix has one too, without a negative length (POSIX: the bytes before `start`).
fn record(lock: Lock) -> Result<kernel::flock> {
    let l_type = match lock.kind {
        descriptor::LOCK_READ | descriptor::LOCK_WRITE | descriptor::LOCK_NONE => lock.kind as i16,
        _ => return Err(Errno::INVAL),
    };
    Ok(kernel::flock { l_type, l_whence: 0, l_start: lock.start, l_len: lock.length, l_pid: 0 })
}

/// Used by the other files: a struct that a system call fills in.
pub(crate) fn filled<T, const N: usize>(number: u32, arguments: impl FnOnce(usize) -> [usize; N]) -> Result<T> {
    // SAFETY: callers pass a call that fills a `T` at the address it is given.
    unsafe { stored(|out: *mut T| call(number, arguments(out.expose_provenance()))) }
}
