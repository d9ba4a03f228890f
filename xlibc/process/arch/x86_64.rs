//! Linux on x86_64: those that portable code uses.

/// `SYS_futex`.
pub const FUTEX: i64 = 202;
/// `SYS_gettid`.
pub const GETTID: i64 = 186;
/// `SYS_getrandom`.
pub const GETRANDOM: i64 = 318;
/// `SYS_rt_sigprocmask`.
pub const RT_SIGPROCMASK: i64 = 14;
