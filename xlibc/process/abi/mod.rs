//! Processes: ids, `exec`, `wait`, `system`, `getrusage`, and the few numbers of `syscall` that portable code uses.

pub mod spawn;

use core::ffi::CStr;
use core::sync::atomic::AtomicU32;

use super::arch;
use super::find::search;
use super::shell;
use crate::environment as variables;
use crate::rt::{CResult, Errno, Modules, Result, blocking, bytes_mut, c_bytes, host, thread};
use crate::types::{c_char, c_int, c_long, gid_t, pid_t, timespec, timeval, uid_t};
use platform::{Deadline, Futex, Process, Random, Threads, Time, Timespec, Usage, abi};

/// POSIX.1-2024. Cannot fail.
#[export]
pub extern "C" fn getpid() -> pid_t {
    host().process_id()
}

/// POSIX.1-2024. Cannot fail.
#[export]
pub extern "C" fn getppid() -> pid_t {
    host().parent_id()
}

/// POSIX.1-2024. Cannot fail.
#[export]
pub extern "C" fn getuid() -> uid_t {
    host().ids().uid
}

/// POSIX.1-2024. Cannot fail.
#[export]
pub extern "C" fn geteuid() -> uid_t {
    host().ids().euid
}

/// POSIX.1-2024. Cannot fail.
#[export]
pub extern "C" fn getgid() -> gid_t {
    host().ids().gid
}

/// POSIX.1-2024. Cannot fail.
#[export]
pub extern "C" fn getegid() -> gid_t {
    host().ids().egid
}

/// POSIX.1-2024: only returns on failure. Async-signal-safe. `ENOENT`, `EACCES`, `ENOEXEC`, `ENOMEM`, `E2BIG`.
///
/// # Safety
/// `path` is a string; the lists end with a null pointer.
#[export]
pub unsafe extern "C" fn execve(
    path: *const c_char,
    arguments: *const *mut c_char,
    environment: *const *mut c_char,
) -> c_int {
    // SAFETY: caller contract.
    let failure = unsafe {
        variables::with_steady(environment.cast(), |list| host().exec_lists(c_bytes(path), arguments.cast(), list))
    };
    Err::<(), _>(failure).or_minus_one()
}

/// POSIX.1-2024.
///
/// # Safety
/// `path` is a string; the list ends with a null pointer.
#[export]
pub unsafe extern "C" fn execv(path: *const c_char, arguments: *const *mut c_char) -> c_int {
    // SAFETY: caller contract; `environ` is a list by the ABI's contract.
    unsafe { execve(path, arguments, variables::list().cast()) }
}

/// POSIX.1-2024: looks for a name without slash in `PATH`.
///
/// # Safety
/// `file` is a string; the list ends with a null pointer.
#[export]
pub unsafe extern "C" fn execvp(file: *const c_char, arguments: *const *mut c_char) -> c_int {
    // SAFETY: caller contract; `environ` is a list by the ABI's contract.
    unsafe { execvpe(file, arguments, variables::list().cast()) }
}

/// GNU: `execvp` with an environment.
///
/// # Safety
/// `file` is a string; the lists end with a null pointer.
#[export]
pub unsafe extern "C" fn execvpe(
    file: *const c_char,
    arguments: *const *mut c_char,
    environment: *const *mut c_char,
) -> c_int {
    // SAFETY: caller contract; `environ` is a list by the ABI's contract.
    let (file, places) = unsafe { (c_bytes(file), variables::value(b"PATH")) };
    let on = |list| {
        // SAFETY: caller contract.
        let attempt = |path: &[u8]| Err::<(), _>(unsafe { host().exec_lists(path, arguments.cast(), list) });
        search(file, places, attempt)
    };
    // SAFETY: caller contract.
    unsafe { variables::with_steady(environment.cast(), on) }.or_minus_one()
}

crate::export_c!(execl => xlibc_execl, execle => xlibc_execle, execlp => xlibc_execlp);

/// POSIX.1-2024. `ECHILD`, `EINTR`, `EINVAL`.
///
/// # Safety
/// `status` is null or valid for one write.
#[export]
pub unsafe extern "C" fn waitpid(process: pid_t, status: *mut c_int, options: c_int) -> pid_t {
    let ended = blocking(|| host().wait(process, options as u32)).map(|(child, found)| {
        if child != 0 && !status.is_null() {
            // SAFETY: caller contract.
            unsafe { status.write(found) };
        }
        child
    });
    ended.or_minus_one()
}

/// POSIX.1-2024. `ECHILD`, `EINTR`.
///
/// # Safety
/// `status` is null or valid for one write.
#[export]
pub unsafe extern "C" fn wait(status: *mut c_int) -> pid_t {
    // SAFETY: caller contract.
    unsafe { waitpid(-1, status, 0) }
}

/// C23 7.24.4.8, POSIX.1-2024: the wait status of the command; -1 with errno when it could not be started. Null asks whether
/// there is a shell.
///
/// # Safety
/// `command` is null or a string.
#[export]
pub unsafe extern "C" fn system(command: *const c_char) -> c_int {
    if command.is_null() {
        return c_int::from(shell::exists(host()));
    }
    // SAFETY: caller contract; `environ` is a list by the ABI's contract.
    let (command, environment) = unsafe { (CStr::from_ptr(command), variables::all()) };
    environment.and_then(|environment| shell::run(host(), command, &environment)).or_minus_one()
}

/// POSIX.1-2024 `struct rusage`.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
#[expect(missing_docs, reason = "POSIX's names")]
pub struct rusage {
    pub ru_utime: timeval,
    pub ru_stime: timeval,
    pub ru_maxrss: c_long,
    pub ru_ixrss: c_long,
    pub ru_idrss: c_long,
    pub ru_isrss: c_long,
    pub ru_minflt: c_long,
    pub ru_majflt: c_long,
    pub ru_nswap: c_long,
    pub ru_inblock: c_long,
    pub ru_oublock: c_long,
    pub ru_msgsnd: c_long,
    pub ru_msgrcv: c_long,
    pub ru_nsignals: c_long,
    pub ru_nvcsw: c_long,
    pub ru_nivcsw: c_long,
    pub __reserved: [c_long; 16],
}

const _: () = assert!(size_of::<rusage>() == 272);

impl From<Usage> for rusage {
    fn from(from: Usage) -> Self {
        let micro = |time: Timespec| timeval { tv_sec: time.seconds, tv_usec: time.nanoseconds / 1000 };
        Self {
            ru_utime: micro(from.user),
            ru_stime: micro(from.system),
            ru_maxrss: from.maxrss,
            ru_minflt: from.minflt,
            ru_majflt: from.majflt,
            ru_inblock: from.inblock,
            ru_oublock: from.oublock,
            ru_nvcsw: from.nvcsw,
            ru_nivcsw: from.nivcsw,
            ..Self::default()
        }
    }
}

/// POSIX.1-2024. `EINVAL`.
///
/// # Safety
/// `out` is valid for one write.
#[export]
pub unsafe extern "C" fn getrusage(who: c_int, out: *mut rusage) -> c_int {
    let done = host().usage(who).map(|usage| {
        // SAFETY: caller contract.
        unsafe { out.write(usage.into()) };
    });
    done.or_minus_one()
}

/// Linux `syscall`: `SYS_futex` (wait and wake), `SYS_gettid`, `SYS_getrandom`, and `SYS_rt_sigprocmask` as a question whether
/// memory is readable, which unwinders ask; `ENOSYS` for the rest. Variadic in C; the words travel where parameters would.
///
/// # Safety
/// The words are what the number asks for.
#[export]
pub unsafe extern "C" fn syscall(
    call: c_long,
    first: usize,
    second: usize,
    third: usize,
    fourth: usize,
    _fifth: usize,
    _sixth: usize,
) -> c_long {
    let done = match call {
        // SAFETY: caller contract.
        arch::FUTEX => unsafe { futex(first, second, third, fourth) },
        arch::GETTID => Ok(i64::from(thread().id.get())),
        arch::GETRANDOM => {
            // SAFETY: caller contract.
            let buffer = unsafe { bytes_mut(core::ptr::with_exposed_provenance_mut(first), second) };
            host().random(buffer).map(|()| second as i64)
        }
        // With a `how` that does not exist nothing is changed: EFAULT tells bad memory, EINVAL good. We answer EINVAL only
        // for memory that belongs to a loaded file or a stack we know; an unwinder then stops, as for an unreadable address.
        arch::RT_SIGPROCMASK => Err(readable(second)),
        _ => Err(Errno::NOSYS),
    };
    done.or_minus_one()
}

/// `EINVAL` for an address that certainly can be read, `EFAULT` else.
fn readable(address: usize) -> Errno {
    let (low, end) = host().thread_stack().unwrap_or((0, 0));
    if (low..end).contains(&address) || host().dl_address(address).is_some() { Errno::INVAL } else { Errno::FAULT }
}

/// `FUTEX_WAIT` and `FUTEX_WAKE`, private or shared.
///
/// # Safety
/// `word` is the address of a 32-bit word; `timeout` is null or the address of a `struct timespec`.
unsafe fn futex(word: usize, operation: usize, value: usize, timeout: usize) -> Result<i64> {
    const PRIVATE: usize = 128;
    // SAFETY: caller contract.
    let word = unsafe { AtomicU32::from_ptr(core::ptr::with_exposed_provenance_mut(word)) };
    let shared = operation & PRIVATE == 0;
    match operation & !PRIVATE {
        0 => {
            let timeout: *const timespec = core::ptr::with_exposed_provenance(timeout);
            let deadline = match timeout.is_null() {
                true => None,
                false => {
                    // SAFETY: caller contract.
                    let relative = unsafe { timeout.read() };
                    let (Ok(seconds), 0..1_000_000_000) = (u64::try_from(relative.tv_sec), relative.tv_nsec) else {
                        return Err(Errno::INVAL);
                    };
                    let ns = seconds.saturating_mul(1_000_000_000).saturating_add(relative.tv_nsec as u64);
                    let now = host().clock(abi::clock::MONOTONIC)?;
                    Some(Deadline { clock: abi::clock::MONOTONIC, time: now.saturating_add_ns(ns) })
                }
            };
            let flags = if shared { abi::futex::SHARED } else { 0 } | abi::futex::NO_INTERRUPT;
            blocking(|| host().futex_wait(word, value as u32, deadline, flags)).map(|()| 0)
        }
        1 => host().futex_wake(word, value as u32, shared).map(|woken| woken as i64),
        _ => Err(Errno::NOSYS),
    }
}
