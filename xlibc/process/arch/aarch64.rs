//! Linux on aarch64: those that portable code uses.

/// `SYS_futex`.
pub const FUTEX: i64 = 98;
/// `SYS_gettid`.
pub const GETTID: i64 = 178;
/// `SYS_getrandom`.
pub const GETRANDOM: i64 = 278;
/// `SYS_rt_sigprocmask`.
pub const RT_SIGPROCMASK: i64 = 135;
