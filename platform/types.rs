//! Plain data that crosses the platform boundary. The layouts are the project's own (`loader_abi` passes them to the guest),
//! not those of C structs: the C library converts.

use core::ffi::CStr;

/// A descriptor: a small integer with POSIX rules (lowest free first), or `at::CURRENT_DIRECTORY` as a directory argument.
pub type Fd = i32;

/// Seconds and nanoseconds; `nanoseconds` is in 0..1_000_000_000 also before the epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(C)]
pub struct Timespec {
    /// Whole seconds.
    pub seconds: i64,
    /// Nanoseconds within the second.
    pub nanoseconds: i64,
}

impl Timespec {
    /// Whether the nanoseconds are from 0 up to those of a second.
    #[must_use]
    pub const fn is_normalized(self) -> bool {
        0 <= self.nanoseconds && self.nanoseconds < 1_000_000_000
    }

    /// `self + nanoseconds`, at the limits of the type where the sum does not fit.
    #[must_use]
    pub const fn saturating_add_ns(self, nanoseconds: u64) -> Self {
        let sum = self.nanoseconds + (nanoseconds % 1_000_000_000) as i64;
        let carry = (nanoseconds / 1_000_000_000) as i64 + sum / 1_000_000_000;
        Self { seconds: self.seconds.saturating_add(carry), nanoseconds: sum % 1_000_000_000 }
    }

    /// Nanoseconds from `earlier` to `self`; zero when `self` is not later.
    #[must_use]
    pub const fn saturating_ns_since(self, earlier: Self) -> u64 {
        let ns = (self.seconds as i128 - earlier.seconds as i128) * 1_000_000_000
            + (self.nanoseconds as i128 - earlier.nanoseconds as i128);
        if ns < 0 {
            0
        } else if ns > u64::MAX as i128 {
            u64::MAX
        } else {
            ns as u64
        }
    }
}

/// A point of a clock at which a wait ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Deadline {
    /// `clock::REALTIME` or `clock::MONOTONIC`.
    pub clock: i32,
    /// Absolute time of that clock.
    pub time: Timespec,
}

/// A descriptor to wait for (`struct pollfd`, with its layout).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Wait {
    /// The descriptor; below zero the item is passed over.
    pub fd: Fd,
    /// Events asked for, `poll::*`.
    pub events: u16,
    /// Events that are there: those asked for, and `poll::ERROR`, `HANG_UP` and `INVALID` (no such descriptor) unasked.
    pub returned: u16,
}

/// What `stat` tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are POSIX's, less the prefix")]
pub struct Stat {
    pub dev: u64,
    pub ino: u64,
    pub rdev: u64,
    pub nlink: u64,
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub blksize: u32,
    pub size: i64,
    /// In units of 512 bytes.
    pub blocks: i64,
    pub accessed: Timespec,
    pub modified: Timespec,
    pub changed: Timespec,
}

/// What `statvfs` tells; sizes in bytes are `blocks * fragment_size`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are POSIX's, less the prefix")]
pub struct FileSystem {
    pub block_size: u64,
    pub fragment_size: u64,
    pub blocks: u64,
    pub blocks_free: u64,
    pub blocks_available: u64,
    pub files: u64,
    pub files_free: u64,
    pub files_available: u64,
    pub id: u64,
    /// `ST_*` of the C ABI.
    pub flags: u64,
    pub name_max: u64,
}

/// A record lock of `fcntl`, on bytes from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Lock {
    /// First byte.
    pub start: i64,
    /// Number of bytes; 0 means to the end, however far the file grows.
    pub length: i64,
    /// `descriptor::LOCK_*`.
    pub kind: u32,
    /// Who holds the lock that stands in the way (answers of `Platform::lock_query`).
    pub process: i32,
}

/// Who gets the signals of a descriptor (`fcntl` F_SETOWN).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct SignalOwner {
    /// A process, a process group as a negative number, or 0 for nobody.
    pub process: i32,
}

/// A connection that was accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Accepted {
    /// The new socket.
    pub fd: Fd,
    /// Bytes of the peer's whole address, also where it did not fit.
    pub address_length: u32,
}

/// What was received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Received {
    /// Bytes; with MSG_TRUNC asked for, those of the whole datagram.
    pub length: usize,
    /// Bytes of the sender's whole address, also where it did not fit; 0 without one.
    pub address_length: usize,
    /// Bytes of control data that were stored.
    pub control_length: usize,
    /// MSG_*: what became of the message.
    pub flags: u32,
}

/// Who the process is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are POSIX's")]
pub struct Ids {
    pub uid: u32,
    pub euid: u32,
    pub gid: u32,
    pub egid: u32,
}

/// What `getrusage` tells, where the host knows it; zero else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are POSIX's, less the prefix")]
pub struct Usage {
    pub user: Timespec,
    pub system: Timespec,
    /// Peak resident set in KiB.
    pub maxrss: i64,
    pub minflt: i64,
    pub majflt: i64,
    pub inblock: i64,
    pub oublock: i64,
    pub nvcsw: i64,
    pub nivcsw: i64,
}

/// The terminal's size in characters and, where known, pixels (`struct winsize`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct WindowSize {
    pub rows: u16,
    pub columns: u16,
    pub width_pixels: u16,
    pub height_pixels: u16,
}

/// A request for memory (`mmap`).
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Map {
    /// Wanted address, 0 for any; binding with `mapping::FIXED` or `mapping::FIXED_NO_REPLACE`.
    pub address: usize,
    /// Length in bytes, not zero.
    pub length: usize,
    /// `protection::*`.
    pub protection: u32,
    /// `mapping::*`.
    pub flags: u32,
    /// The file, unless `mapping::ANONYMOUS`.
    pub fd: Fd,
    /// First byte of the file, a multiple of the page.
    pub offset: u64,
}

/// A function of the guest with one word of argument, in the calling convention of the host table.
#[cfg(target_arch = "x86_64")]
pub type GuestEntry = extern "sysv64" fn(usize);
/// A function of the guest with one word of argument, in the calling convention of the host table.
#[cfg(not(target_arch = "x86_64"))]
pub type GuestEntry = extern "C" fn(usize);

/// A thread to start.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ThreadStart {
    /// Runs on the new thread; when it returns, the thread ends as by `thread_exit`.
    pub entry: GuestEntry,
    /// Argument of `entry`.
    pub argument: usize,
    /// Value of the thread slot, set before `entry` runs.
    pub slot: usize,
    /// Usable stack in bytes.
    pub stack_bytes: usize,
    /// Inaccessible bytes below the stack.
    pub guard_bytes: usize,
}

/// Where a thread finds its slot: one word at a constant distance from a register, the same on every thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which register.
    pub base: SlotBase,
    /// Bytes from the register to the word.
    pub offset: isize,
}

/// The register that a thread slot is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum SlotBase {
    /// x86_64: the `fs` segment; aarch64: `tpidr_el0`.
    ThreadPointer = 0,
    /// x86_64: the `gs` segment (Windows: the thread environment block).
    Gs = 1,
}

/// One step between the creation of a child and the start of its program, in order (`posix_spawn_file_actions_t`).
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are POSIX's")]
pub enum SpawnAction<'a> {
    Close { fd: Fd },
    Duplicate { fd: Fd, target: Fd },
    Open { fd: Fd, path: &'a [u8], flags: u32, mode: u32 },
    ChangeDirectory { path: &'a [u8] },
}

/// A program to start as a child.
#[derive(Clone, Copy, Debug)]
pub struct Spawn<'a> {
    /// The file, as found: no search is made.
    pub path: &'a [u8],
    /// `argv`, with `argv[0]`.
    pub arguments: &'a [&'a CStr],
    /// `envp`.
    pub environment: &'a [&'a CStr],
    /// Steps to take in the child, in order.
    pub actions: &'a [SpawnAction<'a>],
    /// Signals blocked in the child (bit `n - 1` is signal `n`); `None` keeps the caller's.
    pub signal_mask: Option<u64>,
    /// Signals set to their default in the child.
    pub default_signals: u64,
    /// The child's process group: `Some(0)` makes a new one.
    pub process_group: Option<i32>,
}

/// How a signal is treated (`struct sigaction`, whose handler is a guest function).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct SignalAction {
    /// `signal::HANDLER_DEFAULT`, `signal::HANDLER_IGNORE`, or the address of a guest function
    /// `(signal: i32, info: *siginfo_t, context: *ucontext_t)` in the calling convention of the host table; the last two count
    /// with `signal::SA_SIGINFO`.
    pub handler: usize,
    /// Signals blocked while the handler runs (bit `n - 1` is signal `n`).
    pub mask: u64,
    /// `signal::SA_*`.
    pub flags: u32,
}
