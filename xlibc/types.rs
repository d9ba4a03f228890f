//! C types of the guest. They do not follow the host of the compiler: `long` has 64 bits everywhere.
#![expect(non_camel_case_types, reason = "C's names")]
#![allow(missing_docs, reason = "C's types")]

pub type c_char = core::ffi::c_char;
pub type c_schar = i8;
pub type c_uchar = u8;
pub type c_short = i16;
pub type c_ushort = u16;
pub type c_int = i32;
pub type c_uint = u32;
pub type c_long = i64;
pub type c_ulong = u64;
pub type c_longlong = i64;
pub type c_ulonglong = u64;
pub type c_float = f32;
pub type c_double = f64;
pub type c_void = core::ffi::c_void;

pub type size_t = usize;
pub type ssize_t = isize;
pub type ptrdiff_t = isize;
pub type intmax_t = i64;
pub type uintmax_t = u64;
#[cfg(target_arch = "aarch64")]
pub type wchar_t = u32;
#[cfg(not(target_arch = "aarch64"))]
pub type wchar_t = i32;
pub type wint_t = u32;
pub type wctype_t = c_ulong;
pub type char16_t = u16;
pub type char32_t = u32;

pub type off_t = i64;
pub type time_t = i64;
pub type clock_t = c_long;
pub type clockid_t = c_int;
pub type suseconds_t = i64;
pub type mode_t = u32;
pub type uid_t = u32;
pub type gid_t = u32;
pub type pid_t = c_int;
pub type socklen_t = u32;
pub type sa_family_t = u16;
pub type dev_t = u64;
pub type ino_t = u64;
#[cfg(target_arch = "aarch64")]
pub type nlink_t = u32;
#[cfg(not(target_arch = "aarch64"))]
pub type nlink_t = u64;
#[cfg(target_arch = "aarch64")]
pub type blksize_t = c_int;
#[cfg(not(target_arch = "aarch64"))]
pub type blksize_t = c_long;
pub type blkcnt_t = i64;

/// C23 7.29.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct timespec {
    pub tv_sec: time_t,
    pub tv_nsec: c_long,
}

/// POSIX.1-2024 `<sys/time.h>`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct timeval {
    pub tv_sec: time_t,
    pub tv_usec: suseconds_t,
}

/// `siginfo_t`: what a handler learns; the union is kept as words.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(8))]
pub struct siginfo_t {
    pub si_signo: c_int,
    pub si_errno: c_int,
    pub si_code: c_int,
    pub __si_fields: [u64; 14],
}

/// `stack_t`: a stack of a context, or of signal handlers.
#[derive(Clone, Copy, Debug)]
#[doc(alias = "struct sigaltstack")]
#[repr(C)]
pub struct stack_t {
    pub ss_sp: *mut c_void,
    pub ss_flags: c_int,
    pub ss_size: usize,
}

/// `sigset_t`: bit `n - 1` of the first word is signal `n`; the rest is room of the ABI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct sigset_t {
    pub bits: [c_ulong; 16],
}

/// POSIX.1-2024 `struct iovec`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct iovec {
    pub iov_base: *mut c_void,
    pub iov_len: usize,
}
