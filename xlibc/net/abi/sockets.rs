//! `<sys/socket.h>`. On a host without sockets `socket` and `socketpair` fail with `EAFNOSUPPORT`, the others with `ENOTSOCK`.

use crate::net::messages::{self, room};
use crate::net::sockets::{new, on_socket};
use crate::net::types::{mmsghdr, msghdr, sockaddr};
use crate::rt::{CResult, Errno, Network, Result, blocking, bytes, bytes_mut, host};
use crate::types::{c_int, c_uint, c_void, size_t, socklen_t, ssize_t, timespec};
use platform::Timespec;

/// POSIX.1-2024. `EAFNOSUPPORT`, `EPROTONOSUPPORT`, `EPROTOTYPE`, `EMFILE`, `EACCES`.
#[export]
pub extern "C" fn socket(domain: c_int, kind: c_int, protocol: c_int) -> c_int {
    new(host().socket(domain, kind as u32, protocol)).or_minus_one()
}

/// POSIX.1-2024. As `socket`, and `EOPNOTSUPP`.
///
/// # Safety
/// `ends` is valid for two writes.
#[export]
pub unsafe extern "C" fn socketpair(domain: c_int, kind: c_int, protocol: c_int, ends: *mut c_int) -> c_int {
    let made = new(host().socket_pair(domain, kind as u32, protocol)).map(|(one, two)| {
        // SAFETY: caller contract.
        unsafe { ends.cast::<[c_int; 2]>().write([one, two]) };
    });
    made.or_minus_one()
}

/// The bytes of an address that C gives.
///
/// # Safety
/// `length` bytes at `address` are readable.
unsafe fn given<'a>(address: *const sockaddr, length: socklen_t) -> Result<&'a [u8]> {
    // Lengths are `int` on the other side.
    let length = usize::try_from(length as c_int).map_err(|_| Errno::INVAL)?;
    // SAFETY: caller contract.
    Ok(unsafe { bytes(address.cast(), if address.is_null() { 0 } else { length }) })
}

/// Room for an address; without an address or its length there is none.
///
/// # Safety
/// `length` is null or valid, and as many bytes at `address` as it says writable, or it is null.
unsafe fn place<'a>(address: *mut sockaddr, length: *const socklen_t) -> Result<&'a mut [u8]> {
    if address.is_null() || length.is_null() {
        return Ok(&mut []);
    }
    // SAFETY: caller contract.
    let size = usize::try_from(unsafe { *length } as c_int).map_err(|_| Errno::INVAL)?;
    // SAFETY: caller contract.
    Ok(unsafe { bytes_mut(address.cast(), size) })
}

/// Stores the whole length of an address where there was room for one.
///
/// # Safety
/// `length` is null or valid for one write.
unsafe fn store(address: *const sockaddr, length: *mut socklen_t, whole: usize) {
    if !address.is_null() && !length.is_null() {
        // SAFETY: caller contract.
        unsafe { length.write(whole as socklen_t) };
    }
}

/// POSIX.1-2024. `EADDRINUSE`, `EADDRNOTAVAIL`, `EAFNOSUPPORT`, `EINVAL` for a socket that is bound.
///
/// # Safety
/// `length` bytes at `address` are readable.
#[export]
pub unsafe extern "C" fn bind(fd: c_int, address: *const sockaddr, length: socklen_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { given(address, length) }.and_then(|address| on_socket(host(), fd, host().bind(fd, address))).or_minus_one()
}

/// POSIX.1-2024. `ECONNREFUSED`, `EINPROGRESS`, `EISCONN`, `ETIMEDOUT`, `ENETUNREACH`, `EINTR`.
///
/// # Safety
/// `length` bytes at `address` are readable.
#[export]
pub unsafe extern "C" fn connect(fd: c_int, address: *const sockaddr, length: socklen_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { given(address, length) }
        .and_then(|address| on_socket(host(), fd, blocking(|| host().connect(fd, address))))
        .or_minus_one()
}

/// POSIX.1-2024. `EOPNOTSUPP` for a kind without connections, `EINVAL` for a connected one.
#[export]
pub extern "C" fn listen(fd: c_int, backlog: c_int) -> c_int {
    on_socket(host(), fd, host().listen(fd, backlog)).or_minus_one()
}

/// POSIX.1-2024. `EAGAIN`, `ECONNABORTED`, `EINVAL` for a socket that does not listen, `EMFILE`, `EINTR`.
///
/// # Safety
/// `length` is null or valid, and as many bytes at `address` as it says writable, or it is null.
#[export]
pub unsafe extern "C" fn accept(fd: c_int, address: *mut sockaddr, length: *mut socklen_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { accept4(fd, address, length, 0) }
}

/// POSIX.1-2024: as `accept`; `EINVAL` for unknown flags.
///
/// # Safety
/// As `accept`.
#[export]
pub unsafe extern "C" fn accept4(fd: c_int, address: *mut sockaddr, length: *mut socklen_t, flags: c_int) -> c_int {
    // SAFETY: caller contract.
    let accepted = unsafe { place(address, length) }
        .and_then(|place| on_socket(host(), fd, blocking(|| host().accept(fd, &mut *place, flags as u32))));
    accepted
        .map(|accepted| {
            // SAFETY: caller contract.
            unsafe { store(address, length, accepted.address_length as usize) };
            accepted.fd
        })
        .or_minus_one()
}

/// # Safety
/// `length` is valid, and as many bytes at `address` as it says writable.
unsafe fn name(fd: c_int, peer: bool, address: *mut sockaddr, length: *mut socklen_t) -> c_int {
    // SAFETY: caller contract.
    let whole = unsafe { place(address, length) }
        .and_then(|place| on_socket(host(), fd, host().socket_address(fd, peer, place)));
    // SAFETY: caller contract.
    whole.map(|whole| unsafe { store(address, length, whole) }).or_minus_one()
}

/// POSIX.1-2024. `EBADF`, `ENOTSOCK`, `EINVAL`.
///
/// # Safety
/// `length` is valid, and as many bytes at `address` as it says writable.
#[export]
pub unsafe extern "C" fn getsockname(fd: c_int, address: *mut sockaddr, length: *mut socklen_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { name(fd, false, address, length) }
}

/// POSIX.1-2024. As `getsockname`, and `ENOTCONN`.
///
/// # Safety
/// As `getsockname`.
#[export]
pub unsafe extern "C" fn getpeername(fd: c_int, address: *mut sockaddr, length: *mut socklen_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { name(fd, true, address, length) }
}

/// POSIX.1-2024. `EPIPE` (with SIGPIPE unless MSG_NOSIGNAL), `EAGAIN`, `EMSGSIZE`, `ENOTCONN`, `ECONNRESET`, `EINTR`.
///
/// # Safety
/// `n` bytes at `data` are readable.
#[export]
pub unsafe extern "C" fn send(fd: c_int, data: *const c_void, n: size_t, flags: c_int) -> ssize_t {
    // SAFETY: caller contract.
    unsafe { sendto(fd, data, n, flags, core::ptr::null(), 0) }
}

/// POSIX.1-2024. As `send`, and `EDESTADDRREQ`, `EISCONN`.
///
/// # Safety
/// `n` bytes at `data` and `length` at `address` are readable.
#[export]
pub unsafe extern "C" fn sendto(
    fd: c_int,
    data: *const c_void,
    n: size_t,
    flags: c_int,
    address: *const sockaddr,
    length: socklen_t,
) -> ssize_t {
    // SAFETY: caller contract.
    let (data, address) = unsafe { (bytes(data.cast(), n), given(address, length)) };
    address
        .and_then(|address| on_socket(host(), fd, blocking(|| host().send(fd, data, address, &[], flags as u32))))
        .or_minus_one()
}

/// POSIX.1-2024. As `sendto`; `EMSGSIZE` also for more than IOV_MAX pieces.
///
/// # Safety
/// The pointers of `message` are null or as its lengths say.
#[export]
pub unsafe extern "C" fn sendmsg(fd: c_int, message: *const msghdr, flags: c_int) -> ssize_t {
    // SAFETY: caller contract.
    unsafe { messages::send(host(), fd, &*message, flags as u32) }.or_minus_one()
}

/// Linux: how many messages were sent, or -1 with the error of the first.
///
/// # Safety
/// `messages` points to `count` messages as `sendmsg` wants them.
#[export]
pub unsafe extern "C" fn sendmmsg(fd: c_int, messages: *mut mmsghdr, count: c_uint, flags: c_uint) -> c_int {
    // SAFETY: caller contract.
    unsafe { messages::send_many(host(), fd, messages, count, flags) }.or_minus_one()
}

/// POSIX.1-2024. `EAGAIN`, `ECONNRESET`, `ENOTCONN`, `EINTR`.
///
/// # Safety
/// `n` bytes at `data` are writable.
#[export]
pub unsafe extern "C" fn recv(fd: c_int, data: *mut c_void, n: size_t, flags: c_int) -> ssize_t {
    // SAFETY: caller contract.
    unsafe { recvfrom(fd, data, n, flags, core::ptr::null_mut(), core::ptr::null_mut()) }
}

/// POSIX.1-2024. As `recv`.
///
/// # Safety
/// `n` bytes at `data` are writable; `length` is null or valid, and as many bytes at `address` as it says writable, or it is null.
#[export]
pub unsafe extern "C" fn recvfrom(
    fd: c_int,
    data: *mut c_void,
    n: size_t,
    flags: c_int,
    address: *mut sockaddr,
    length: *mut socklen_t,
) -> ssize_t {
    // SAFETY: caller contract.
    let (data, place) = unsafe { (bytes_mut(data.cast(), n), place(address, length)) };
    let received = place.and_then(|place| {
        on_socket(host(), fd, blocking(|| host().receive(fd, &mut *data, &mut *place, &mut [], flags as u32)))
    });
    received
        .map(|received| {
            // SAFETY: caller contract.
            unsafe { store(address, length, received.address_length) };
            received.length
        })
        .or_minus_one()
}

/// POSIX.1-2024. As `recv`; `EMSGSIZE` for more than IOV_MAX pieces.
///
/// # Safety
/// The pointers of `message` are null or as its lengths say, to memory that is writable.
#[export]
pub unsafe extern "C" fn recvmsg(fd: c_int, message: *mut msghdr, flags: c_int) -> ssize_t {
    // SAFETY: caller contract.
    unsafe { messages::receive(host(), fd, &mut *message, flags as u32) }.or_minus_one()
}

/// Linux: how many messages were received, or -1 with the error of the first; `EINVAL` for a wrong time.
///
/// # Safety
/// `messages` points to `count` messages as `recvmsg` wants them; `timeout` is null or valid.
#[export]
pub unsafe extern "C" fn recvmmsg(
    fd: c_int,
    messages: *mut mmsghdr,
    count: c_uint,
    flags: c_uint,
    timeout: *mut timespec,
) -> c_int {
    // SAFETY: caller contract; both types have the same layout.
    let timeout = unsafe { timeout.cast::<Timespec>().as_mut() };
    // SAFETY: caller contract.
    unsafe { messages::receive_many(host(), fd, messages, count, flags, timeout) }.or_minus_one()
}

/// POSIX.1-2024. `ENOTCONN`, `EINVAL`.
#[export]
pub extern "C" fn shutdown(fd: c_int, how: c_int) -> c_int {
    on_socket(host(), fd, host().shutdown(fd, how as u32)).or_minus_one()
}

/// POSIX.1-2024. `ENOPROTOOPT`, `EINVAL`.
///
/// # Safety
/// `length` is valid, and as many bytes at `value` as it says writable.
#[export]
pub unsafe extern "C" fn getsockopt(
    fd: c_int,
    level: c_int,
    option: c_int,
    value: *mut c_void,
    length: *mut socklen_t,
) -> c_int {
    // SAFETY: caller contract.
    let size = usize::try_from(unsafe { *length } as c_int).map_err(|_| Errno::INVAL);
    let stored = size.and_then(|size| {
        // SAFETY: caller contract.
        let value = unsafe { room(value.cast(), size) };
        on_socket(host(), fd, host().socket_option(fd, level, option, value))
    });
    // SAFETY: caller contract.
    stored.map(|stored| unsafe { length.write(stored as socklen_t) }).or_minus_one()
}

/// POSIX.1-2024. `ENOPROTOOPT`, `EINVAL`, `EDOM`.
///
/// # Safety
/// `length` bytes at `value` are readable.
#[export]
pub unsafe extern "C" fn setsockopt(
    fd: c_int,
    level: c_int,
    option: c_int,
    value: *const c_void,
    length: socklen_t,
) -> c_int {
    // SAFETY: caller contract.
    unsafe { given(value.cast(), length) }
        .and_then(|value| on_socket(host(), fd, host().set_socket_option(fd, level, option, value)))
        .or_minus_one()
}

/// POSIX.1-2024: 1 where the next byte follows the urgent one, else 0. `ENOTTY` for what is no socket.
#[export]
pub extern "C" fn sockatmark(fd: c_int) -> c_int {
    on_socket(host(), fd, host().available(fd, true)).or_minus_one()
}
