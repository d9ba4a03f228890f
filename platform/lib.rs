//! What the C library asks of an operating system: trait [`Platform`], its error type and plain data.
//!
//! An implementation is one package under `platform/`. It must provide the methods without a body; the rest answer
//! `Err(Errno::NOSYS)` until it grows. Flags, modes and numbers are those of the C ABI ([`abi`]) on every host; paths are
//! bytes in the guest's form (`/` between names, UTF-8 where the host has characters), never empty unless said, without NUL.
//!
//! Memory is passed around as addresses: who unmaps or protects what is in use breaks the process, as with the C functions.

#![no_std]
#![forbid(unsafe_code)]

pub mod abi;
mod crash;
mod errno;
mod places;
mod types;

pub use crash::{Crash, Report, ReportStack, Watch};
pub use errno::{Errno, NAMES as ERRNO_NAMES};
pub use places::{Places, random_place};
pub use types::*;

use core::ffi::CStr;
use core::sync::atomic::AtomicU32;

/// Result of a request to the host.
pub type Result<T> = core::result::Result<T, Errno>;

/// Methods of a group that a host does not have answer this.
const ABSENT: Errno = Errno::NOSYS;

/// An operating system. Every method may be called from any thread at any time.
#[allow(unused_variables, reason = "defaults ignore their arguments")]
pub trait Platform: Sync {
    // ---- memory ----

    /// Size of a page in bytes: the unit of `map` and `protect`.
    fn page_bytes(&self) -> usize;
    /// `mmap`: gives zeroed or file memory; returns its address.
    fn map(&self, request: Map) -> Result<usize>;
    /// A random address, a multiple of 64 KiB, to ask `map` for where memory shall lie apart from all other; 0 where the host's own
    /// choice is to be taken.
    fn random_place(&self) -> usize {
        0
    }
    /// `munmap`. The range may be part of a mapping where the host can split one; `EINVAL` where it cannot.
    fn unmap(&self, address: usize, length: usize) -> Result<()>;
    /// `mprotect`.
    fn protect(&self, address: usize, length: usize, protection: u32) -> Result<()>;
    /// `mremap` with `mapping::REMAP_*`; `target` only with `REMAP_FIXED`.
    fn remap(&self, address: usize, old: usize, new: usize, flags: u32, target: usize) -> Result<usize> {
        Err(ABSENT)
    }
    /// `madvise`: `advice` is the C ABI's MADV_*.
    fn advise(&self, address: usize, length: usize, advice: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// `msync`: `flags` are the C ABI's MS_*.
    fn sync_map(&self, address: usize, length: usize, flags: u32) -> Result<()> {
        Err(ABSENT)
    }

    // ---- files ----

    /// `openat`: the lowest free descriptor. `mode` counts when a file is made, less the umask.
    fn open(&self, directory: Fd, path: &[u8], flags: u32, mode: u32) -> Result<Fd>;
    /// `close`. The descriptor is free afterwards even where an error is reported.
    fn close(&self, fd: Fd) -> Result<()>;
    /// `read`: at most `buffer.len()` bytes; 0 at the end of the file.
    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize>;
    /// `write`: may take fewer bytes than given.
    fn write(&self, fd: Fd, data: &[u8]) -> Result<usize>;
    /// `lseek`: the new offset.
    fn seek(&self, fd: Fd, offset: i64, whence: u32) -> Result<u64>;
    /// `fstatat` with `at::*` flags.
    fn stat(&self, directory: Fd, path: &[u8], flags: u32) -> Result<Stat>;
    /// `pread`.
    fn read_at(&self, fd: Fd, buffer: &mut [u8], offset: u64) -> Result<usize> {
        Err(ABSENT)
    }
    /// `pwrite`.
    fn write_at(&self, fd: Fd, data: &[u8], offset: u64) -> Result<usize> {
        Err(ABSENT)
    }
    /// `writev` of two pieces in one request, as buffered output needs it.
    fn write_two(&self, fd: Fd, first: &[u8], second: &[u8]) -> Result<usize> {
        if first.is_empty() { self.write(fd, second) } else { self.write(fd, first) }
    }
    /// `ftruncate`.
    fn truncate(&self, fd: Fd, length: u64) -> Result<()> {
        Err(ABSENT)
    }
    /// `posix_fallocate`: the range has disk space afterwards, and the file reaches to its end at least.
    fn allocate(&self, fd: Fd, offset: u64, length: u64) -> Result<()> {
        Err(ABSENT)
    }
    /// `fsync`, or `fdatasync` with `data_only`.
    fn sync(&self, fd: Fd, data_only: bool) -> Result<()> {
        Err(ABSENT)
    }
    /// `fcntl` F_DUPFD and F_DUPFD_CLOEXEC: the lowest free descriptor not below `at_least`.
    fn duplicate(&self, fd: Fd, at_least: Fd, close_on_exec: bool) -> Result<Fd> {
        Err(ABSENT)
    }
    /// `dup3`: `target` is closed first; equal descriptors are `EINVAL`.
    fn duplicate_to(&self, fd: Fd, target: Fd, close_on_exec: bool) -> Result<()> {
        Err(ABSENT)
    }
    /// `fcntl` F_GETFD: `descriptor::CLOSE_ON_EXEC` or 0.
    fn descriptor_flags(&self, fd: Fd) -> Result<u32> {
        Err(ABSENT)
    }
    /// `fcntl` F_SETFD.
    fn set_descriptor_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// `fcntl` F_GETFL: access mode and `open::*` status flags.
    fn status_flags(&self, fd: Fd) -> Result<u32> {
        Err(ABSENT)
    }
    /// `fcntl` F_SETFL: `APPEND` and `NON_BLOCK` can change, others are ignored.
    fn set_status_flags(&self, fd: Fd, flags: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// Descriptors are below this number: the soft limit of RLIMIT_NOFILE.
    fn descriptor_limit(&self) -> usize {
        i32::MAX as usize
    }
    /// `fcntl` F_GETOWN: who gets the signals of the descriptor, a negative number for a process group, 0 for nobody.
    fn signal_owner(&self, fd: Fd) -> Result<i32> {
        Err(ABSENT)
    }
    /// `fcntl` F_SETOWN. `ESRCH` for a process or group that is not there.
    fn set_signal_owner(&self, fd: Fd, owner: i32) -> Result<()> {
        Err(ABSENT)
    }
    /// `fcntl` F_SETLK, or F_SETLKW with `wait`: locks belong to the process.
    fn lock(&self, fd: Fd, lock: Lock, wait: bool) -> Result<()> {
        Err(ABSENT)
    }
    /// `fcntl` F_GETLK: the first lock of another process in the way, or kind `LOCK_NONE`.
    fn lock_query(&self, fd: Fd, lock: Lock) -> Result<Lock> {
        Err(ABSENT)
    }
    /// `flock`: locks belong to the open file. `operation` is the C ABI's LOCK_*.
    fn lock_file(&self, fd: Fd, operation: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// `pipe2`: the reading and the writing end.
    fn pipe(&self, flags: u32) -> Result<(Fd, Fd)> {
        Err(ABSENT)
    }
    /// `isatty`: `ENOTTY` for what is no terminal.
    fn terminal_size(&self, fd: Fd) -> Result<WindowSize> {
        Err(ABSENT)
    }
    /// `sendfile`: copies from `source` (from its offset, or from `offset` which then moves) to `target`.
    fn copy(&self, target: Fd, source: Fd, offset: Option<&mut u64>, length: usize) -> Result<usize> {
        Err(ABSENT)
    }

    // ---- names and directories ----

    /// `faccessat`: `mode` is made of `access::*`.
    fn access(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// `mkdirat`.
    fn make_directory(&self, directory: Fd, path: &[u8], mode: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// `unlinkat`; with `at::REMOVE_DIRECTORY` an empty directory.
    fn unlink(&self, directory: Fd, path: &[u8], flags: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// `renameat`: replaces an existing target in one step.
    fn rename(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8]) -> Result<()> {
        Err(ABSENT)
    }
    /// `linkat`.
    fn link(&self, from_directory: Fd, from: &[u8], to_directory: Fd, to: &[u8], flags: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// `symlinkat`: `target` is stored as given.
    fn symlink(&self, target: &[u8], directory: Fd, path: &[u8]) -> Result<()> {
        Err(ABSENT)
    }
    /// `readlinkat`: bytes of the target stored, cut off at the end of the buffer.
    fn read_link(&self, directory: Fd, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        Err(ABSENT)
    }
    /// `fchmodat`; with `at::EMPTY_PATH` `fchmod`.
    fn set_mode(&self, directory: Fd, path: &[u8], mode: u32, flags: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// `fchownat`; `u32::MAX` leaves an id as it is.
    fn set_owner(&self, directory: Fd, path: &[u8], uid: u32, gid: u32, flags: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// `utimensat`: access and modification time; `file_time::NOW` and `file_time::OMIT` in `nanoseconds`.
    fn set_times(&self, directory: Fd, path: &[u8], times: [Timespec; 2], flags: u32) -> Result<()> {
        Err(ABSENT)
    }
    /// `statvfs`; with `at::EMPTY_PATH` in `flags` `fstatvfs`.
    fn file_system(&self, directory: Fd, path: &[u8], flags: u32) -> Result<FileSystem> {
        Err(ABSENT)
    }
    /// `chdir`; with an empty path `fchdir(directory)`.
    fn change_directory(&self, directory: Fd, path: &[u8]) -> Result<()> {
        Err(ABSENT)
    }
    /// `getcwd` without the NUL: bytes stored; `ERANGE` when the buffer is too small.
    fn current_directory(&self, buffer: &mut [u8]) -> Result<usize> {
        Err(ABSENT)
    }
    /// The path from the top of the guest's tree, beginning with `/`, whatever form of the host's it was given in; a relative one
    /// begins at the current directory. Nothing is looked up: `.`, `..` and links stay. Bytes stored; `ERANGE` when the buffer is
    /// too small, `ENOENT` where the current directory has no path.
    fn absolute_path(&self, path: &[u8], buffer: &mut [u8]) -> Result<usize> {
        let mut length = 0;
        if !path.starts_with(b"/") {
            length = self.current_directory(buffer)?;
            if !buffer.get(..length).is_some_and(|here| here.ends_with(b"/")) {
                *buffer.get_mut(length).ok_or(Errno::RANGE)? = b'/';
                length += 1;
            }
        }
        let end = length + path.len();
        buffer.get_mut(length..end).ok_or(Errno::RANGE)?.copy_from_slice(path);
        Ok(end)
    }
    /// The absolute path of what a descriptor is open on, without `.`, `..` and links: bytes stored. `ERANGE` when the buffer is too
    /// small, `ENOENT` where it has no name any more.
    fn descriptor_path(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        Err(ABSENT)
    }
    /// `umask`: the mask before.
    fn set_umask(&self, mask: u32) -> Result<u32> {
        Err(ABSENT)
    }
    /// Fills `buffer` with whole `struct dirent` records of the C ABI (ino u64, off i64, reclen u16, type u8, name, NUL,
    /// padding to 8) and returns the bytes used; 0 at the end. `off` is what `seek(fd, off, SET)` resumes after the record.
    fn read_directory(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        Err(ABSENT)
    }

    // ---- time ----

    /// `clock_gettime`.
    fn clock(&self, clock: i32) -> Result<Timespec>;
    /// `clock_getres`.
    fn clock_resolution(&self, clock: i32) -> Result<Timespec> {
        Err(ABSENT)
    }
    /// `clock_settime`.
    fn set_clock(&self, clock: i32, time: Timespec) -> Result<()> {
        Err(ABSENT)
    }
    /// Sleeps until the deadline; `EINTR` when a signal handler ran.
    fn sleep(&self, deadline: Deadline) -> Result<()> {
        Err(ABSENT)
    }

    // ---- threads ----

    /// Starts a thread that frees its own stack when it ends. `EAGAIN` when the host has no room for it.
    fn thread_create(&self, start: ThreadStart) -> Result<()> {
        Err(ABSENT)
    }
    /// Ends the calling thread, not the process.
    fn thread_exit(&self) -> !;
    /// A number that no other living thread of the host process has.
    fn thread_id(&self) -> i32;
    /// Lowest address and end of the calling thread's stack.
    fn thread_stack(&self) -> Result<(usize, usize)> {
        Err(ABSENT)
    }
    /// Where threads find their slot.
    fn thread_slot(&self) -> Slot;
    /// Sets the calling thread's slot.
    fn set_thread_slot(&self, value: usize);
    /// `sched_yield`.
    fn yield_now(&self) {}
    /// Processors that this process may run on, at least 1.
    fn processor_count(&self) -> usize {
        1
    }

    // ---- futex ----

    /// Sleeps while `*word == expected`: until a wake (or for no reason: callers test again), `ETIMEDOUT` at the
    /// deadline, `EAGAIN` when the word differs, `EINTR` after a signal handler. `shared`: other processes wake too.
    fn futex_wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Deadline>, shared: bool) -> Result<()>;
    /// Wakes up to `count` waiters of `word`; how many were woken where the host can tell, else 0.
    fn futex_wake(&self, word: &AtomicU32, count: u32, shared: bool) -> Result<usize>;

    // ---- process ----

    /// Ends the process at once with this code.
    fn exit(&self, code: i32) -> !;
    /// Ends the process as the default action of `signal` does.
    fn terminate(&self, signal: i32) -> ! {
        self.exit(128 + signal)
    }
    /// `getpid`.
    fn process_id(&self) -> i32 {
        1
    }
    /// `getppid`.
    fn parent_id(&self) -> i32 {
        0
    }
    /// User and group.
    fn ids(&self) -> Ids {
        Ids::default()
    }
    /// Whether the process may do more than whoever started it (a set-user-ID file, capabilities of the file): nothing that the
    /// starter chose may decide which code runs then, or which files are opened.
    fn is_secure(&self) -> bool {
        false
    }
    /// Names the process for people who look at the host's list of processes; a host may cut the name, or have no such thing.
    fn name_process(&self, name: &[u8]) {}
    /// `execve`: only returns on failure. Programs of our own kind are the loader's business, not the platform's.
    fn exec(&self, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Errno {
        ABSENT
    }
    /// Starts a child; its process id. An error of the child before the program ran is reported here.
    fn spawn(&self, spawn: Spawn<'_>) -> Result<i32> {
        Err(ABSENT)
    }
    /// `waitpid`: process id and status ([`abi::wait`]); `(0, 0)` with `wait::NO_HANG` when none has ended.
    fn wait(&self, process: i32, options: u32) -> Result<(i32, i32)> {
        Err(ABSENT)
    }
    /// `getrusage`: `who` is the C ABI's RUSAGE_*.
    fn usage(&self, who: i32) -> Result<Usage> {
        Err(ABSENT)
    }
    /// The running executable (the loader itself), as an absolute guest path: bytes stored. `ERANGE` where it does not fit.
    fn executable_path(&self, buffer: &mut [u8]) -> Result<usize> {
        Err(ABSENT)
    }
    /// `gethostname` without the NUL: bytes stored, at least one. `ERANGE` where it does not fit; 255 always do.
    fn host_name(&self, buffer: &mut [u8]) -> Result<usize> {
        Err(ABSENT)
    }

    // ---- signals ----

    /// `sigaction`: sets the action if one is given and returns the one before.
    fn signal_action(&self, signal: i32, action: Option<SignalAction>) -> Result<SignalAction> {
        Err(ABSENT)
    }
    /// `pthread_sigmask`: `how` is `signal::BLOCK`, `UNBLOCK` or `SET_MASK`; `None` asks only. The mask before.
    fn signal_mask(&self, how: u32, mask: Option<u64>) -> Result<u64> {
        Err(ABSENT)
    }
    /// `kill`; with a `thread` (from [`Platform::thread_id`]) that is not 0 only that thread of this process.
    fn signal_send(&self, process: i32, thread: i32, signal: i32) -> Result<()> {
        Err(ABSENT)
    }

    // ---- random ----

    /// Fills the whole buffer from the host's cryptographic generator.
    fn random(&self, buffer: &mut [u8]) -> Result<()>;
}
