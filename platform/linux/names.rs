//! Names: directories, links, modes, times.

use core::ffi::CStr;
use platform::abi::at;
use platform::{Errno, Fd, FileSystem, Files, Names, Result, Timespec};
use rustix::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use rustix::fs::{self, AtFlags, FileType, Gid, Mode, OFlags, Timestamps, Uid};
use rustix::path::DecInt;
use rustix::process;

use crate::Linux;
use crate::sys::{borrow, call, int, kernel, ours, with_path};

impl Names for Linux {
    fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        let directory = borrow(directory)?;
        let (mode, flags) = (fs::Access::from_bits_retain(mode), AtFlags::from_bits_retain(flags));
        with_path(path, |path| fs::accessat(directory, path, mode, flags).map_err(ours))
    }

    fn make_directory(&self, directory: Fd, path: &[u8], mode: u32) -> Result<()> {
        let directory = borrow(directory)?;
        with_path(path, |path| fs::mkdirat(directory, path, Mode::from_bits_retain(mode)).map_err(ours))
    }

    fn unlink(&self, directory: Fd, path: &[u8], flags: u32) -> Result<()> {
        let directory = borrow(directory)?;
        with_path(path, |path| fs::unlinkat(directory, path, AtFlags::from_bits_retain(flags)).map_err(ours))
    }

    fn rename(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8]) -> Result<()> {
        let (from_directory, to_directory) = (borrow(from_directory)?, borrow(to_directory)?);
        with_path(from, |from| with_path(to, |to| fs::renameat(from_directory, from, to_directory, to).map_err(ours)))
    }

    fn link(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8], flags: u32) -> Result<()> {
        let (from_directory, to_directory) = (borrow(from_directory)?, borrow(to_directory)?);
        let flags = AtFlags::from_bits_retain(flags);
        with_path(from, |from| {
            with_path(to, |to| fs::linkat(from_directory, from, to_directory, to, flags).map_err(ours))
        })
    }

    fn symlink(&self, target: &[u8], directory: Fd, path: &[u8]) -> Result<()> {
        let directory = borrow(directory)?;
        with_path(target, |target| with_path(path, |path| fs::symlinkat(target, directory, path).map_err(ours)))
    }

    fn read_link(&self, directory: Fd, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        let directory = borrow(directory)?;
        with_path(path, |path| fs::readlinkat_raw(directory, path, buffer).map_err(ours))
    }

    fn set_mode(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        let directory = borrow(directory)?;
        let mode = Mode::from_bits_retain(mode);
        if path.is_empty() && flags & at::EMPTY_PATH != 0 {
            return fs::fchmod(directory, mode).map_err(ours);
        }
        if flags & at::SYMLINK_NOFOLLOW != 0 {
            return with_path(path, |path| set_own_mode(directory, path, mode, flags));
        }
        with_path(path, |path| fs::chmodat(directory, path, mode, AtFlags::from_bits_retain(flags)).map_err(ours))
    }

    fn set_owner(&self, directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
        let directory = borrow(directory)?;
        let uid = (uid != u32::MAX).then(|| Uid::from_raw(uid));
        let gid = (gid != u32::MAX).then(|| Gid::from_raw(gid));
        let flags = AtFlags::from_bits_retain(flags);
        with_path(path, |path| fs::chownat(directory, path, uid, gid, flags).map_err(ours))
    }

    fn set_times(&self, directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()> {
        let directory = borrow(directory)?;
        let [last_access, last_modification] =
            times.map(|time| fs::Timespec { tv_sec: time.seconds, tv_nsec: time.nanoseconds });
        let times = Timestamps { last_access, last_modification };
        if path.is_empty() && flags & at::EMPTY_PATH != 0 {
            return fs::futimens(directory, &times).map_err(ours);
        }
        let flags = AtFlags::from_bits_retain(flags);
        with_path(path, |path| fs::utimensat(directory, path, &times, flags).map_err(ours))
    }

    fn file_system(&self, directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem> {
        let found = if path.is_empty() && flags & at::EMPTY_PATH != 0 {
            fs::fstatvfs(borrow(directory)?).map_err(ours)?
        } else if stands_alone(directory, path) {
            with_path(path, |path| fs::statvfs(path).map_err(ours))?
        } else {
            fs::fstatvfs(handle(borrow(directory)?, path)?).map_err(ours)?
        };
        Ok(FileSystem {
            block_size: found.f_bsize,
            fragment_size: found.f_frsize,
            blocks: found.f_blocks,
            blocks_free: found.f_bfree,
            blocks_available: found.f_bavail,
            files: found.f_files,
            files_free: found.f_ffree,
            files_available: found.f_favail,
            id: found.f_fsid,
            flags: found.f_flag.bits(),
            name_max: found.f_namemax,
        })
    }

    fn change_directory(&self, directory: Fd, path: &[u8]) -> Result<()> {
        if path.is_empty() {
            process::fchdir(borrow(directory)?).map_err(ours)
        } else if stands_alone(directory, path) {
            with_path(path, |path| process::chdir(path).map_err(ours))
        } else {
            process::fchdir(handle(borrow(directory)?, path)?.as_fd()).map_err(ours)
        }
    }

    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize> {
        // SAFETY: the kernel writes inside the buffer.
        let with_nul = unsafe { call(kernel::__NR_getcwd, [buffer.as_mut_ptr().expose_provenance(), buffer.len()]) }?;
        // A directory outside the process's root has no path (the kernel answers "(unreachable)...").
        if buffer.first() == Some(&b'/') { Ok(with_nul - 1) } else { Err(Errno::NOENT) }
    }

    /// By the kernel's link of the descriptor. A file without a name has one that ends in " (deleted)", or no path at all.
    fn descriptor_path(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        const FOLDER: &[u8] = b"/proc/self/fd/";
        let mut link = [b'0'; 24];
        link[..FOLDER.len()].copy_from_slice(FOLDER);
        let mut rest = u32::try_from(fd).map_err(|_| Errno::BADF)?;
        let mut digits = [0; 10];
        let mut first = digits.len();
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        let end = FOLDER.len() + digits.len() - first;
        link[FOLDER.len()..end].copy_from_slice(&digits[first..]);
        let length = match self.read_link(at::CURRENT_DIRECTORY, &link[..end], buffer) {
            // The name of no open descriptor, or no /proc.
            Err(Errno::NOENT) => return self.descriptor_flags(fd).and(Err(Errno::NOENT)),
            length => length?,
        };
        match buffer.get(..length) {
            // It may have been cut off.
            _ if length == buffer.len() => Err(Errno::RANGE),
            Some(path) if path.starts_with(b"/") && !path.ends_with(b" (deleted)") => Ok(length),
            _ => Err(Errno::NOENT),
        }
    }

    fn set_umask(&self, mask: u32) -> Result<u32> {
        Ok(process::umask(Mode::from_bits_retain(mask)).bits())
    }

    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        // The kernel's linux_dirent64 is the record of the C ABI.
        // SAFETY: the kernel writes inside the buffer.
        unsafe {
            call(
                kernel::__NR_getdents64,
                [int(fd), buffer.as_mut_ptr().expose_provenance(), buffer.len().min(i32::MAX as usize)],
            )
        }
    }
}

/// With SYMLINK_NOFOLLOW. `EOPNOTSUPP` for a link, as no file system here keeps a mode for one.
fn set_own_mode(directory: BorrowedFd<'_>, path: &CStr, mode: Mode, flags: u32) -> Result<()> {
    let arguments =
        [int(directory.as_raw_fd()), path.as_ptr().expose_provenance(), mode.bits() as usize, flags as usize];
    // SAFETY: the path is a string.
    match unsafe { call(kernel::__NR_fchmodat2, arguments) } {
        // Linux before 6.6: through a handle of the file itself.
        Err(Errno::NOSYS) => {}
        done => return done.map(drop),
    }
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = fs::openat(directory, path, flags, Mode::empty()).map_err(ours)?;
    if FileType::from_raw_mode(fs::fstat(&file).map_err(ours)?.st_mode) == FileType::Symlink {
        return Err(Errno::OPNOTSUPP);
    }
    let Ok(handles) = fs::open(c"/proc/self/fd", OFlags::PATH | OFlags::CLOEXEC, Mode::empty()) else {
        return Err(Errno::OPNOTSUPP);
    };
    fs::chmodat(handles, DecInt::from_fd(&file).as_c_str(), mode, AtFlags::empty()).map_err(ours)
}

/// The directory or file itself, for calls that have no `at` form.
fn handle(directory: BorrowedFd<'_>, path: &[u8]) -> Result<OwnedFd> {
    with_path(path, |path| fs::openat(directory, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).map_err(ours))
}

/// The directory argument says nothing about where `path` is.
fn stands_alone(directory: Fd, path: &[u8]) -> bool {
    directory == at::CURRENT_DIRECTORY || path.starts_with(b"/")
}
