//! `fcntl`, `lockf`, `ioctl`: one number selects what is done.

use crate::rt::abi::{descriptor, open, seek};
use crate::rt::{Errno, Platform, Result, blocking};
use crate::types::{c_int, c_short, off_t, pid_t};
use platform::{Lock, SignalOwner};

/// POSIX.1-2024 `struct flock`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct flock {
    pub l_type: c_short,
    pub l_whence: c_short,
    pub l_start: off_t,
    pub l_len: off_t,
    pub l_pid: pid_t,
}

const _: () = assert!(size_of::<flock>() == 32);

/// Commands of `fcntl`.
mod command {
    pub const DUPFD: i32 = 0;
    pub const GETFD: i32 = 1;
    pub const SETFD: i32 = 2;
    pub const GETFL: i32 = 3;
    pub const SETFL: i32 = 4;
    pub const GETLK: i32 = 5;
    pub const SETLK: i32 = 6;
    pub const SETLKW: i32 = 7;
    pub const SETOWN: i32 = 8;
    pub const GETOWN: i32 = 9;
    pub const DUPFD_CLOEXEC: i32 = 1030;
}

/// POSIX.1-2024 `fcntl`. `EBADF`; `EINVAL` for a command that is unknown, or that the host does not have.
///
/// # Safety
/// For the lock commands `argument` is the address of a `struct flock`.
pub unsafe fn control(host: &impl Platform, fd: c_int, number: c_int, argument: usize) -> Result<c_int> {
    let done = |()| 0;
    match number {
        command::DUPFD => host.duplicate(fd, argument as c_int, false),
        command::DUPFD_CLOEXEC => host.duplicate(fd, argument as c_int, true),
        command::GETFD => host.descriptor_flags(fd).map(|flags| flags as c_int),
        command::SETFD => host.set_descriptor_flags(fd, argument as u32 & descriptor::CLOSE_ON_EXEC).map(done),
        command::GETFL => host.status_flags(fd).map(|flags| flags as c_int),
        command::SETFL => host.set_status_flags(fd, argument as u32).map(done),
        command::GETLK | command::SETLK | command::SETLKW => {
            // SAFETY: caller contract.
            let record = unsafe { &mut *(argument as *mut flock) };
            let lock = absolute(host, fd, record)?;
            if number != command::GETLK {
                return blocking(|| host.lock(fd, lock, number == command::SETLKW)).map(done);
            }
            let found = host.lock_query(fd, lock)?;
            record.l_type = found.kind as c_short;
            if found.kind != descriptor::LOCK_NONE {
                record.l_whence = seek::SET as c_short;
                record.l_start = found.start;
                record.l_len = found.length;
                record.l_pid = found.process;
            }
            Ok(0)
        }
        command::GETOWN => {
            host.signal_owner(fd).map(|owner| owner.process).or_else(|errno| unsupported(host, fd, errno))
        }
        command::SETOWN => host
            .set_signal_owner(fd, SignalOwner { process: argument as c_int })
            .map(done)
            .or_else(|errno| unsupported(host, fd, errno)),
        _ => unsupported(host, fd, Errno::NOSYS),
    }
}

/// The error of a command; for one that is not there `EINVAL`, if the descriptor is right.
fn unsupported(host: &impl Platform, fd: c_int, errno: Errno) -> Result<c_int> {
    if errno != Errno::NOSYS {
        return Err(errno);
    }
    host.descriptor_flags(fd)?;
    Err(Errno::INVAL)
}

/// The lock counted from the start of the file; a negative length reaches backwards.
fn absolute(host: &impl Platform, fd: c_int, record: &flock) -> Result<Lock> {
    let kind = u32::try_from(record.l_type).ok().filter(|kind| *kind <= descriptor::LOCK_NONE).ok_or(Errno::INVAL)?;
    let base = match record.l_whence as u32 {
        seek::SET => 0,
        seek::CURRENT => host.seek(fd, 0, seek::CURRENT)? as i64,
        seek::END => host.stat(fd, b"", crate::rt::abi::at::EMPTY_PATH)?.size,
        _ => return Err(Errno::INVAL),
    };
    let start = base.checked_add(record.l_start).ok_or(Errno::OVERFLOW)?;
    let (start, length) = match record.l_len {
        length if length < 0 => (start.checked_add(length).ok_or(Errno::INVAL)?, -length),
        length => (start, length),
    };
    if start < 0 { Err(Errno::INVAL) } else { Ok(Lock { start, length, kind, process: 0 }) }
}

/// POSIX.1-2024 `lockf`: `F_ULOCK` 0, `F_LOCK` 1, `F_TLOCK` 2, `F_TEST` 3 from the current offset.
pub fn lock_here(host: &impl Platform, fd: c_int, function: c_int, length: off_t) -> Result<()> {
    let mut record = flock { l_type: 1, l_whence: seek::CURRENT as c_short, l_start: 0, l_len: length, l_pid: 0 };
    match function {
        0 => {
            record.l_type = descriptor::LOCK_NONE as c_short;
            let lock = absolute(host, fd, &record)?;
            blocking(|| host.lock(fd, lock, false))
        }
        1 | 2 => {
            let lock = absolute(host, fd, &record)?;
            blocking(|| host.lock(fd, lock, function == 1))
        }
        3 => match host.lock_query(fd, absolute(host, fd, &record)?)? {
            found if found.kind == descriptor::LOCK_NONE || found.process == host.process_id() => Ok(()),
            _ => Err(Errno::ACCES),
        },
        _ => Err(Errno::INVAL),
    }
}

/// Requests of `ioctl`: those that have a meaning on every host.
mod request {
    pub const TIOCGWINSZ: u32 = 0x5413;
    pub const FIONREAD: u32 = 0x541B;
    pub const FIONBIO: u32 = 0x5421;
    pub const FIONCLEX: u32 = 0x5450;
    pub const FIOCLEX: u32 = 0x5451;
    pub const SIOCATMARK: u32 = 0x8905;
}

/// `ioctl`. `ENOTTY` for a request that does not apply to the descriptor, `EBADF` for a bad descriptor.
///
/// # Safety
/// `argument` is the address that the request asks for.
pub unsafe fn device_control(host: &impl Platform, fd: c_int, number: c_int, argument: usize) -> Result<c_int> {
    match number as u32 {
        request::TIOCGWINSZ => {
            let size = host.terminal_size(fd)?;
            // SAFETY: caller contract; `WindowSize` has the layout of `struct winsize`.
            unsafe { (argument as *mut platform::WindowSize).write(size) };
        }
        request::FIONREAD | request::SIOCATMARK => {
            let found = host.available(fd, number as u32 == request::SIOCATMARK).or_else(|errno| match errno {
                Errno::NOSYS => host.descriptor_flags(fd).and(Err(Errno::NOTTY)),
                _ => Err(errno),
            })?;
            // SAFETY: caller contract.
            unsafe { (argument as *mut c_int).write(c_int::try_from(found).unwrap_or(c_int::MAX)) };
        }
        request::FIONBIO => {
            // SAFETY: caller contract.
            let on = unsafe { *(argument as *const c_int) } != 0;
            let flags = host.status_flags(fd)?;
            let changed = if on { flags | open::NON_BLOCK } else { flags & !open::NON_BLOCK };
            host.set_status_flags(fd, changed)?;
        }
        request::FIOCLEX => host.set_descriptor_flags(fd, descriptor::CLOSE_ON_EXEC)?,
        request::FIONCLEX => host.set_descriptor_flags(fd, 0)?,
        _ => {
            host.descriptor_flags(fd)?;
            return Err(Errno::NOTTY);
        }
    }
    Ok(0)
}
