//! Constants of the C ABI that cross the platform boundary. They have the Linux musl value of the CPU on every host, so
//! the C library passes flags through unchanged and a platform other than Linux translates them.

/// `open` flags, O_*.
#[allow(missing_docs)]
pub mod open {
    pub const ACCESS_MODE: u32 = 3;
    pub const READ_ONLY: u32 = 0;
    pub const WRITE_ONLY: u32 = 1;
    pub const READ_WRITE: u32 = 2;
    pub const CREATE: u32 = 0o100;
    pub const EXCLUSIVE: u32 = 0o200;
    pub const NO_CTTY: u32 = 0o400;
    pub const TRUNCATE: u32 = 0o1000;
    pub const APPEND: u32 = 0o2000;
    pub const NON_BLOCK: u32 = 0o4000;
    pub const DATA_SYNC: u32 = 0o10000;
    pub const CLOSE_ON_EXEC: u32 = 0o2000000;
    pub const SYNC: u32 = 0o4010000;
    pub const PATH: u32 = 0o10000000;
    #[cfg(target_arch = "x86_64")]
    pub const DIRECTORY: u32 = 0o200000;
    #[cfg(target_arch = "x86_64")]
    pub const NO_FOLLOW: u32 = 0o400000;
    #[cfg(target_arch = "x86_64")]
    pub const DIRECT: u32 = 0o40000;
    #[cfg(target_arch = "aarch64")]
    pub const DIRECTORY: u32 = 0o40000;
    #[cfg(target_arch = "aarch64")]
    pub const NO_FOLLOW: u32 = 0o100000;
    #[cfg(target_arch = "aarch64")]
    pub const DIRECT: u32 = 0o200000;
    pub const TEMPORARY: u32 = 0o20000000 | DIRECTORY;
}

/// `AT_*`: the directory argument and the flags of the `*at` functions.
#[allow(missing_docs)]
pub mod at {
    pub const CURRENT_DIRECTORY: i32 = -100;
    pub const SYMLINK_NOFOLLOW: u32 = 0x100;
    pub const REMOVE_DIRECTORY: u32 = 0x200;
    /// `faccessat` only: test with the effective ids.
    pub const EFFECTIVE_ACCESS: u32 = 0x200;
    pub const SYMLINK_FOLLOW: u32 = 0x400;
    /// The path is empty: the descriptor itself is meant.
    pub const EMPTY_PATH: u32 = 0x1000;
}

/// Sockets.
#[allow(missing_docs)]
pub mod socket {
    pub const AF_UNIX: i32 = 1;
    pub const AF_INET: i32 = 2;
    pub const AF_INET6: i32 = 10;
    pub const AF_PACKET: i32 = 17;
    pub const STREAM: u32 = 1;
    pub const DATAGRAM: u32 = 2;
    /// SOCK_NONBLOCK and SOCK_CLOEXEC, among the bits of the kind.
    pub const NON_BLOCK: u32 = 0o4000;
    pub const CLOSE_ON_EXEC: u32 = 0o2000000;
    /// SOL_SOCKET, and some of its options.
    pub const LEVEL: i32 = 1;
    pub const TYPE: i32 = 3;
    pub const ERROR: i32 = 4;
    pub const MSG_PEEK: u32 = 2;
    pub const MSG_TRUNCATED: u32 = 0x20;
    pub const MSG_DONT_WAIT: u32 = 0x40;
    pub const MSG_NO_SIGNAL: u32 = 0x4000;
    pub const MSG_WAIT_FOR_ONE: u32 = 0x1_0000;
    pub const SHUT_READ: u32 = 0;
    pub const SHUT_WRITE: u32 = 1;
}

/// `PROT_*`.
#[allow(missing_docs)]
pub mod protection {
    pub const NONE: u32 = 0;
    pub const READ: u32 = 1;
    pub const WRITE: u32 = 2;
    pub const EXECUTE: u32 = 4;
}

/// `MAP_*` and `MREMAP_*`.
#[allow(missing_docs)]
pub mod mapping {
    pub const SHARED: u32 = 1;
    pub const PRIVATE: u32 = 2;
    pub const FIXED: u32 = 0x10;
    pub const ANONYMOUS: u32 = 0x20;
    pub const NO_RESERVE: u32 = 0x4000;
    pub const STACK: u32 = 0x2_0000;
    pub const FIXED_NO_REPLACE: u32 = 0x10_0000;
    pub const REMAP_MAY_MOVE: u32 = 1;
    pub const REMAP_FIXED: u32 = 2;
}

/// `SEEK_*`.
#[allow(missing_docs)]
pub mod seek {
    pub const SET: u32 = 0;
    pub const CURRENT: u32 = 1;
    pub const END: u32 = 2;
    pub const DATA: u32 = 3;
    pub const HOLE: u32 = 4;
}

/// `S_IF*`: the file type bits of a mode.
#[allow(missing_docs)]
pub mod file_type {
    pub const MASK: u32 = 0o170000;
    pub const FIFO: u32 = 0o010000;
    pub const CHARACTER: u32 = 0o020000;
    pub const DIRECTORY: u32 = 0o040000;
    pub const BLOCK: u32 = 0o060000;
    pub const REGULAR: u32 = 0o100000;
    pub const SYMLINK: u32 = 0o120000;
    pub const SOCKET: u32 = 0o140000;
}

/// `CLOCK_*`.
#[allow(missing_docs)]
pub mod clock {
    pub const REALTIME: i32 = 0;
    pub const MONOTONIC: i32 = 1;
    pub const PROCESS_CPU: i32 = 2;
    pub const THREAD_CPU: i32 = 3;
    pub const MONOTONIC_RAW: i32 = 4;
    pub const REALTIME_COARSE: i32 = 5;
    pub const MONOTONIC_COARSE: i32 = 6;
    pub const BOOT_TIME: i32 = 7;
}

/// `tv_nsec` values of `utimensat`.
#[allow(missing_docs)]
pub mod file_time {
    pub const NOW: i64 = 0x3fff_ffff;
    pub const OMIT: i64 = 0x3fff_fffe;
}

/// Signal numbers, `SA_*` and `SIG_*`.
#[allow(missing_docs)]
pub mod signal {
    pub const HUP: i32 = 1;
    pub const INT: i32 = 2;
    pub const QUIT: i32 = 3;
    pub const ILL: i32 = 4;
    pub const TRAP: i32 = 5;
    pub const ABRT: i32 = 6;
    pub const BUS: i32 = 7;
    pub const FPE: i32 = 8;
    pub const KILL: i32 = 9;
    pub const SEGV: i32 = 11;
    pub const PIPE: i32 = 13;
    pub const TERM: i32 = 15;
    pub const CHLD: i32 = 17;
    pub const CONT: i32 = 18;
    pub const STOP: i32 = 19;
    pub const URG: i32 = 23;
    pub const WINCH: i32 = 28;
    /// Signals are 1 ..= LAST.
    pub const LAST: i32 = 64;

    pub const HANDLER_DEFAULT: usize = 0;
    pub const HANDLER_IGNORE: usize = 1;

    pub const SA_NOCLDSTOP: u32 = 1;
    pub const SA_SIGINFO: u32 = 4;
    pub const SA_ONSTACK: u32 = 0x0800_0000;
    pub const SA_RESTART: u32 = 0x1000_0000;
    pub const SA_NODEFER: u32 = 0x4000_0000;
    pub const SA_RESETHAND: u32 = 0x8000_0000;

    pub const BLOCK: u32 = 0;
    pub const UNBLOCK: u32 = 1;
    pub const SET_MASK: u32 = 2;
}

/// `W*` options of `waitpid` and the encoding of a wait status.
pub mod wait {
    /// Return at once when no child has changed state.
    pub const NO_HANG: u32 = 1;

    /// The status of a child that ended with this exit code.
    #[must_use]
    pub const fn exited(code: i32) -> i32 {
        (code & 0xff) << 8
    }

    /// The status of a child that a signal ended.
    #[must_use]
    pub const fn signaled(signal: i32) -> i32 {
        signal & 0x7f
    }
}

/// How to wait on a word of memory.
pub mod futex {
    /// Threads of other processes wake and wait too, on the same memory at any address.
    pub const SHARED: u32 = 1;
    /// The interrupt word does not end the wait.
    pub const NO_INTERRUPT: u32 = 2;
}

/// `POLL*` events.
#[allow(missing_docs)]
pub mod poll {
    pub const IN: u16 = 1;
    pub const PRIORITY: u16 = 2;
    pub const OUT: u16 = 4;
    pub const ERROR: u16 = 8;
    pub const HANG_UP: u16 = 0x10;
    pub const INVALID: u16 = 0x20;
    pub const IN_NORMAL: u16 = 0x40;
    pub const IN_BAND: u16 = 0x80;
    pub const OUT_NORMAL: u16 = 0x100;
    pub const OUT_BAND: u16 = 0x200;
    pub const PEER_SHUT: u16 = 0x2000;
}

/// `FD_*` and the lock types of `fcntl`.
#[allow(missing_docs)]
pub mod descriptor {
    pub const CLOSE_ON_EXEC: u32 = 1;
    pub const LOCK_READ: u32 = 0;
    pub const LOCK_WRITE: u32 = 1;
    pub const LOCK_NONE: u32 = 2;
}

/// `access` modes.
#[allow(missing_docs)]
pub mod access {
    pub const EXISTS: u32 = 0;
    pub const EXECUTE: u32 = 1;
    pub const WRITE: u32 = 2;
    pub const READ: u32 = 4;
}
