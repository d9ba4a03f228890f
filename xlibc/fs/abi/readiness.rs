//! `<poll.h>`, `<sys/select.h>`.

use crate::fs::readiness::{self, fd_set};
use crate::rt::{CResult, Errno, Result, host};
use crate::types::{c_int, c_ulong, sigset_t, timespec, timeval};
use platform::{Timespec, Wait as pollfd};

/// The items of a C array.
///
/// # Safety
/// `items` are `count` items that are lent for `'a`; with a count of 0 any pointer will do.
unsafe fn array<'a>(items: *mut pollfd, count: c_ulong) -> &'a mut [pollfd] {
    // SAFETY: caller contract; the type has the layout of `struct pollfd`.
    if count == 0 { &mut [] } else { unsafe { core::slice::from_raw_parts_mut(items, count as usize) } }
}

/// POSIX.1-2024. A cancellation point. `EINTR` after a handler, `EINVAL` for too many items.
///
/// # Safety
/// `items` is valid for `count` items.
#[export]
pub unsafe extern "C" fn poll(items: *mut pollfd, count: c_ulong, timeout: c_int) -> c_int {
    let length = u64::try_from(timeout).ok().map(|ms| Timespec::default().saturating_add_ns(ms * 1_000_000));
    // SAFETY: caller contract.
    readiness::wait(host(), unsafe { array(items, count) }, length, None).map(|told| told as c_int).or_minus_one()
}

/// POSIX.1-2024. A cancellation point. As [`poll`], and `EINVAL` for an invalid timeout.
///
/// # Safety
/// `items` is valid for `count` items; the other pointers are null or valid.
#[export]
pub unsafe extern "C" fn ppoll(
    items: *mut pollfd,
    count: c_ulong,
    timeout: *const timespec,
    mask: *const sigset_t,
) -> c_int {
    // SAFETY: caller contract.
    let (items, length, mask) = unsafe { (array(items, count), length(timeout), bits(mask)) };
    readiness::wait(host(), items, length, mask).map(|told| told as c_int).or_minus_one()
}

/// POSIX.1-2024. A cancellation point. `EBADF` for a descriptor that is not open, `EINTR` after a handler, `EINVAL` for an invalid timeout
/// or more than FD_SETSIZE descriptors. The timeout is left as it is.
///
/// # Safety
/// The pointers are null or valid.
#[export]
pub unsafe extern "C" fn select(
    end: c_int,
    input: *mut fd_set,
    output: *mut fd_set,
    other: *mut fd_set,
    timeout: *mut timeval,
) -> c_int {
    // SAFETY: caller contract.
    let length = unsafe { timeout.as_ref() }.map(|time| {
        // A microsecond count of a second and more is taken, as it is by musl and glibc.
        let whole = time.tv_sec.saturating_add(time.tv_usec.div_euclid(1_000_000));
        match time.tv_usec {
            0.. => Timespec {
                seconds: if time.tv_sec < 0 { -1 } else { whole },
                nanoseconds: time.tv_usec % 1_000_000 * 1000,
            },
            _ => Timespec { seconds: -1, nanoseconds: 0 },
        }
    });
    // SAFETY: caller contract.
    unsafe { wait(end, [input, output, other], length, None) }.or_minus_one()
}

/// POSIX.1-2024. A cancellation point. As [`select`].
///
/// # Safety
/// The pointers are null or valid.
#[export]
pub unsafe extern "C" fn pselect(
    end: c_int,
    input: *mut fd_set,
    output: *mut fd_set,
    other: *mut fd_set,
    timeout: *const timespec,
    mask: *const sigset_t,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { wait(end, [input, output, other], length(timeout), bits(mask)) }.or_minus_one()
}

/// # Safety
/// The sets are null or valid.
unsafe fn wait(end: c_int, sets: [*mut fd_set; 3], length: Option<Timespec>, mask: Option<u64>) -> Result<c_int> {
    let end = usize::try_from(end).map_err(|_| Errno::INVAL)?;
    // The same set may be given twice: each is copied, and written when all is known.
    // SAFETY: caller contract.
    let mut copies = sets.map(|set| unsafe { set.as_ref() }.copied());
    let told = readiness::select(host(), end, copies.each_mut().map(Option::as_mut), length, mask)?;
    for (set, copy) in sets.into_iter().zip(copies) {
        if let Some(copy) = copy {
            // SAFETY: caller contract: there is a copy of those that are not null.
            unsafe { set.write(copy) };
        }
    }
    Ok(told as c_int)
}

/// # Safety
/// `time` is null or valid.
unsafe fn length(time: *const timespec) -> Option<Timespec> {
    // SAFETY: caller contract.
    unsafe { time.as_ref() }.map(|time| Timespec { seconds: time.tv_sec, nanoseconds: time.tv_nsec })
}

/// # Safety
/// `mask` is null or valid.
unsafe fn bits(mask: *const sigset_t) -> Option<u64> {
    // SAFETY: caller contract.
    unsafe { mask.as_ref() }.map(|mask| mask.bits[0])
}
