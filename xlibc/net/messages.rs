//! Messages: `sendmsg`, `recvmsg`, and several at once.

use alloc::vec::Vec;

use crate::net::sockets::on_socket;
use crate::net::types::{CONTROL_HEAD, mmsghdr, msghdr};
use crate::rt::abi::{clock, socket as so};
use crate::rt::{Errno, MOST_PIECES, Platform, Result, blocking, bytes, bytes_mut, copy_parts, total};
use crate::types::{c_int, c_uint, iovec, socklen_t};
use platform::{Received, Timespec};

/// Most messages in one request, as pieces.
const MOST_MESSAGES: c_uint = MOST_PIECES as c_uint;

/// Room for an address or for other bytes that C may leave out by a null pointer.
///
/// # Safety
/// `length` bytes at `data` are writable, or it is null.
pub unsafe fn room<'a>(data: *mut u8, length: usize) -> &'a mut [u8] {
    // SAFETY: caller contract.
    unsafe { bytes_mut(data, if data.is_null() { 0 } else { length }) }
}

/// The pieces of a message; `EMSGSIZE` for more than there may be, `EINVAL` for lengths whose sum is no `ssize_t`.
///
/// # Safety
/// `msg_iov` points to `msg_iovlen` elements.
unsafe fn pieces<'a>(message: &msghdr) -> Result<(&'a [iovec], usize)> {
    let count = usize::try_from(message.msg_iovlen).ok().filter(|count| *count <= MOST_PIECES).ok_or(Errno::MSGSIZE)?;
    if count == 0 {
        return Ok((&[], 0));
    }
    // SAFETY: caller contract.
    let pieces: &[iovec] = unsafe { core::slice::from_raw_parts(message.msg_iov, count) };
    total(pieces.iter().map(|piece| piece.iov_len)).map(|sum| (pieces, sum))
}

fn room_for(length: usize) -> Result<Vec<u8>> {
    let mut data = Vec::new();
    data.try_reserve_exact(length).map_err(|_| Errno::NOMEM)?;
    Ok(data)
}

/// Control data as hosts get it: what C has as `cmsg_len` and padding is one number of 64 bits, so the padding is made zero.
fn with_zero_padding(control: &[u8]) -> Result<Vec<u8>> {
    let mut copy = room_for(control.len())?;
    copy.extend_from_slice(control);
    let mut rest = &mut copy[..];
    while let Some((head, _)) = rest.split_at_mut_checked(CONTROL_HEAD) {
        let ([length @ .., _, _, _, _], _) = head.split_first_chunk_mut::<8>().ok_or(Errno::INVAL)?;
        let [a, b, c, d] = *length;
        let length = u32::from_ne_bytes([a, b, c, d]) as usize;
        if let Some(padding) = head.get_mut(4..8) {
            padding.fill(0);
        }
        // One that has no sensible length is the last.
        let next = if length < CONTROL_HEAD { rest.len() } else { length.next_multiple_of(8) };
        rest = rest.get_mut(next..).unwrap_or_default();
    }
    Ok(copy)
}

/// POSIX.1-2024 `sendmsg`.
///
/// # Safety
/// The pointers of the message are null or as its lengths say.
pub unsafe fn send(host: &impl Platform, fd: c_int, message: &msghdr, flags: u32) -> Result<usize> {
    // SAFETY: caller contract.
    let ((pieces, total), address) =
        unsafe { (pieces(message)?, room(message.msg_name.cast(), message.msg_namelen as usize)) };
    // SAFETY: caller contract.
    let data = |piece: &iovec| unsafe { bytes(piece.iov_base.cast(), piece.iov_len) };
    // SAFETY: caller contract.
    let control = with_zero_padding(unsafe { room(message.msg_control.cast(), message.msg_controllen as usize) })?;
    let mut filled = pieces.iter().filter(|piece| piece.iov_len > 0);
    let gathered;
    let whole = match (filled.next(), filled.next()) {
        (None, _) => &[],
        (Some(one), None) => data(one),
        // A datagram is sent by one request, and the bytes of a stream stay together.
        _ => {
            let mut all = room_for(total)?;
            pieces.iter().for_each(|piece| all.extend_from_slice(data(piece)));
            gathered = all;
            &gathered[..]
        }
    };
    on_socket(host, fd, blocking(|| host.send(fd, whole, address, &control, flags)))
}

/// POSIX.1-2024 `recvmsg`.
///
/// # Safety
/// The pointers of the message are null or as its lengths say, to memory that is writable.
pub unsafe fn receive(host: &impl Platform, fd: c_int, message: &mut msghdr, flags: u32) -> Result<usize> {
    // SAFETY: caller contract.
    let (pieces, total) = unsafe { pieces(message)? };
    // SAFETY: caller contract.
    let place = |piece: &iovec| unsafe { bytes_mut(piece.iov_base.cast(), piece.iov_len) };
    // SAFETY: caller contract.
    let address = unsafe { room(message.msg_name.cast(), message.msg_namelen as usize) };
    // SAFETY: caller contract.
    let control = unsafe { room(message.msg_control.cast(), message.msg_controllen as usize) };
    let mut filled = pieces.iter().filter(|piece| piece.iov_len > 0);
    let mut request = |buffer: &mut [u8]| {
        on_socket(host, fd, blocking(|| host.receive(fd, &mut *buffer, &mut *address, &mut *control, flags)))
    };
    let got: Received = match (filled.next(), filled.next()) {
        (None, _) => request(&mut []),
        (Some(one), None) => request(place(one)),
        _ => {
            let mut all = room_for(total)?;
            all.resize(total, 0);
            let got = request(&mut all);
            let mut rest = all.get(..got.map_or(0, |got| got.length.min(total))).unwrap_or(&[]);
            for piece in pieces {
                rest = rest.get(copy_parts(place(piece), &[rest])..).unwrap_or(&[]);
            }
            got
        }
    }?;
    message.msg_namelen = got.address_length as socklen_t;
    message.msg_controllen = got.control_length as socklen_t;
    message.msg_flags = got.flags as c_int;
    Ok(got.length)
}

/// Linux `sendmmsg`: how many messages were sent; the error of the first.
///
/// # Safety
/// `messages` points to `count` messages, each as [`send`] wants it.
pub unsafe fn send_many(
    host: &impl Platform,
    fd: c_int,
    messages: *mut mmsghdr,
    count: c_uint,
    flags: u32,
) -> Result<c_uint> {
    let mut sent = 0;
    while sent < count.min(MOST_MESSAGES) {
        // SAFETY: caller contract.
        let one = unsafe { &mut *messages.add(sent as usize) };
        // SAFETY: caller contract.
        match unsafe { send(host, fd, &one.msg_hdr, flags) } {
            Ok(length) => one.msg_len = length as c_uint,
            Err(errno) if sent == 0 => return Err(errno),
            Err(_) => break,
        }
        sent += 1;
    }
    Ok(sent)
}

/// Linux `recvmmsg`: how many messages were received; the error of the first. The time is looked at after each message, and what is
/// left of it stored. With MSG_WAITFORONE only the first is waited for.
///
/// # Safety
/// `messages` points to `count` messages, each as [`receive`] wants it.
pub unsafe fn receive_many(
    host: &impl Platform,
    fd: c_int,
    messages: *mut mmsghdr,
    count: c_uint,
    flags: u32,
    left: Option<&mut Timespec>,
) -> Result<c_uint> {
    if left.as_ref().is_some_and(|left| left.seconds < 0 || !left.is_normalized()) {
        return Err(Errno::INVAL);
    }
    let start = host.clock(clock::MONOTONIC)?;
    let mut flags = flags;
    let waits_for_one = flags & so::MSG_WAIT_FOR_ONE != 0;
    flags &= !so::MSG_WAIT_FOR_ONE;
    let mut received = 0;
    let limit = left.as_ref().map(|left| Timespec::saturating_ns_since(**left, Timespec::default()));
    let mut rest = limit;
    while received < count.min(MOST_MESSAGES) {
        // SAFETY: caller contract.
        let one = unsafe { &mut *messages.add(received as usize) };
        // SAFETY: caller contract.
        match unsafe { receive(host, fd, &mut one.msg_hdr, flags) } {
            Ok(length) => one.msg_len = length as c_uint,
            Err(errno) if received == 0 => return Err(errno),
            Err(_) => break,
        }
        received += 1;
        if waits_for_one {
            flags |= so::MSG_DONT_WAIT;
        }
        if let Some(limit) = limit {
            let passed = host.clock(clock::MONOTONIC)?.saturating_ns_since(start);
            rest = Some(limit.saturating_sub(passed));
            if passed >= limit {
                break;
            }
        }
    }
    if let (Some(left), Some(rest)) = (left, rest) {
        *left = Timespec::default().saturating_add_ns(rest);
    }
    Ok(received)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_padding_of_each_control_message_is_cleared() {
        let mut control = [0xFF_u8; 48];
        control[..4].copy_from_slice(&20_u32.to_ne_bytes());
        control[24..28].copy_from_slice(&17_u32.to_ne_bytes());
        let copy = with_zero_padding(&control).unwrap();
        assert_eq!((&copy[..8], &copy[24..32]), (&20_u64.to_ne_bytes()[..], &17_u64.to_ne_bytes()[..]));
        assert_eq!((&copy[8..24], &copy[32..]), (&control[8..24], &control[32..]));
        // Cut short, and with a length that leads nowhere.
        assert_eq!(with_zero_padding(&control[..9]).unwrap(), &control[..9]);
        control[..4].copy_from_slice(&0_u32.to_ne_bytes());
        assert_eq!(with_zero_padding(&control).unwrap()[24..], control[24..]);
        assert_eq!(with_zero_padding(&[]).unwrap(), Vec::new());
    }
}
