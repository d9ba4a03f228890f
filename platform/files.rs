//! Descriptors and what is read and written through them.

use platform_operations::operations;

use crate::{Errno, Fd, Lock, Piece, PieceMut, Result, SignalOwner, Stat, WindowSize};

/// Descriptors and what is read and written through them.
#[operations(files)]
pub trait Files: Sync {
    /// `openat`: the lowest free descriptor. `mode` counts when a file is made, less the umask.
    #[slot(3, waits)]
    fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd>;
    /// `close`. The descriptor is free afterwards even where an error is reported.
    #[slot(4)]
    fn close(&self, fd: Fd) -> Result<()>;
    /// `read`: at most `buffer.len()` bytes; 0 at the end of the file.
    #[slot(5, waits)]
    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize>;
    /// `write`: may take fewer bytes than given.
    #[slot(6, waits)]
    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize>;
    /// `lseek`: the new offset.
    #[slot(7)]
    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64>;
    /// `fstatat` with `at::*` flags.
    #[slot(8)]
    fn stat(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Stat>;
    /// `pread`.
    #[slot(36, optional, waits)]
    fn read_at(&self, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<usize>;
    /// `pwrite`.
    #[slot(37, optional, waits)]
    fn write_at(&self, fd: Fd, data: &[u8], offset: u64) -> Result<usize>;
    /// `writev`, or `pwritev` with `offset`: the pieces in order as one write, which may take fewer bytes than given. `EINVAL` for more
    /// than [`crate::MOST_PIECES`], or a sum of lengths that is no `ssize_t`.
    #[slot(38, waits)]
    fn write_vector(&self, fd: Fd, pieces: &[Piece<'_>], offset: Option<u64>) -> Result<usize> {
        let first = pieces.iter().find(|piece| !piece.is_empty()).map_or(&[][..], Piece::bytes);
        offset.map_or_else(|| self.write(fd, first), |offset| self.write_at(fd, first, offset))
    }
    /// `ftruncate`.
    #[slot(39, optional)]
    fn truncate(&self, fd: Fd, length: u64) -> Result<()>;
    /// `posix_fallocate`: the range has disk space afterwards, and the file reaches to its end at least.
    #[slot(40, optional)]
    fn allocate(&self, fd: Fd, offset: u64, length: u64) -> Result<()>;
    /// `fsync`, or `fdatasync` with `data_only`.
    #[slot(41, optional, waits)]
    fn sync(&self, fd: Fd, data_only: bool) -> Result<()>;
    /// `fcntl` F_DUPFD and F_DUPFD_CLOEXEC: the lowest free descriptor not below `at_least`.
    #[slot(42, optional)]
    fn duplicate(&self, fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd>;
    /// `dup3`: `target` is closed first; equal descriptors are `EINVAL`.
    #[slot(43, optional)]
    fn duplicate_to(&self, fd: Fd, target: Fd, close_on_exec: bool) -> Result<()>;
    /// `fcntl` F_GETFD: `descriptor::CLOSE_ON_EXEC` or 0.
    #[slot(44, optional)]
    fn descriptor_flags(&self, fd: Fd) -> Result<u32>;
    /// `fcntl` F_SETFD.
    #[slot(45, optional)]
    fn set_descriptor_flags(&self, fd: Fd, flags: u32) -> Result<()>;
    /// `fcntl` F_GETFL: access mode and `open::*` status flags.
    #[slot(46, optional)]
    fn status_flags(&self, fd: Fd) -> Result<u32>;
    /// `fcntl` F_SETFL: `APPEND` and `NON_BLOCK` can change, others are ignored.
    #[slot(47, optional)]
    fn set_status_flags(&self, fd: Fd, flags: u32) -> Result<()>;
    /// Descriptors are below this number: the soft limit of RLIMIT_NOFILE.
    #[slot(9)]
    fn descriptor_limit(&self) -> usize;
    /// `fcntl` F_GETOWN: who gets the signals of the descriptor.
    #[slot(48, optional)]
    fn signal_owner(&self, fd: Fd) -> Result<SignalOwner>;
    /// `fcntl` F_SETOWN. `ESRCH` for a process or group that is not there.
    #[slot(49, optional)]
    fn set_signal_owner(&self, fd: Fd, owner: SignalOwner) -> Result<()>;
    /// `fcntl` F_SETLK, or F_SETLKW with `wait`: locks belong to the process.
    #[slot(50, optional, waits)]
    fn lock(&self, fd: Fd, lock: Lock, wait: bool) -> Result<()>;
    /// `fcntl` F_GETLK: the first lock of another process in the way, or kind `LOCK_NONE`.
    #[slot(51, optional)]
    fn lock_query(&self, fd: Fd, lock: Lock) -> Result<Lock>;
    /// `flock`: locks belong to the open file. `operation` is the C ABI's LOCK_*.
    #[slot(52, optional, waits)]
    fn lock_file(&self, fd: Fd, operation: u32) -> Result<()>;
    /// `pipe2`: the reading and the writing end.
    #[slot(53, optional)]
    fn pipe(&self, flags: u32) -> Result<(Fd, Fd)>;
    /// `isatty`: `ENOTTY` for anything but a terminal.
    #[slot(54, optional)]
    fn terminal_size(&self, fd: Fd) -> Result<WindowSize>;
    /// `sendfile`: copies bytes to `target`, from the offset of `source`, which moves, or from `offset`, and the other stays.
    #[slot(55, optional, waits)]
    fn copy(&self, target: Fd, source: Fd, offset: Option<u64>, length: usize) -> Result<usize>;
    /// `readv`, or `preadv` with `offset`: fills the pieces in order by one read, which waits for the first byte only. `EINVAL` as for
    /// [`Files::write_vector`].
    #[slot(93, waits)]
    fn read_vector(&self, fd: Fd, pieces: &mut [PieceMut<'_>], offset: Option<u64>) -> Result<usize> {
        let first = pieces.iter_mut().find(|piece| !piece.is_empty()).map_or(&mut [][..], PieceMut::bytes);
        match offset {
            None => self.read(fd, first),
            Some(offset) => self.read_at(fd, first, offset),
        }
    }
}
