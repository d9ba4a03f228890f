//! `<arpa/inet.h>`: addresses as text, and the network's byte order.

use core::cell::UnsafeCell;

use crate::net::addresses::{self, Text};
use crate::net::types::{in_addr, in6_addr};
use crate::rt::abi::socket as so;
use crate::rt::{Errno, bytes, bytes_mut, c_bytes, copy_parts, set_errno};
use crate::types::{c_char, c_int, c_void, socklen_t};

/// POSIX.1-2024: the address `::`.
#[export("in6addr_any")]
pub static IN6ADDR_ANY: in6_addr = in6_addr { __in6_union: [0; 16] };

/// POSIX.1-2024: the address `::1`.
#[export("in6addr_loopback")]
pub static IN6ADDR_LOOPBACK: in6_addr = in6_addr { __in6_union: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] };

/// POSIX.1-2024.
#[export]
pub extern "C" fn htonl(number: u32) -> u32 {
    number.to_be()
}

/// POSIX.1-2024.
#[export]
pub extern "C" fn htons(number: u16) -> u16 {
    number.to_be()
}

/// POSIX.1-2024.
#[export]
pub extern "C" fn ntohl(number: u32) -> u32 {
    u32::from_be(number)
}

/// POSIX.1-2024.
#[export]
pub extern "C" fn ntohs(number: u16) -> u16 {
    u16::from_be(number)
}

/// BSD: 1 with the address stored, or 0.
///
/// # Safety
/// `text` is a string, `out` valid for one write.
#[export]
pub unsafe extern "C" fn inet_aton(text: *const c_char, out: *mut in_addr) -> c_int {
    // SAFETY: caller contract.
    let Some(address) = addresses::parse_loose_v4(unsafe { c_bytes(text) }) else { return 0 };
    // SAFETY: caller contract.
    unsafe { out.write(in_addr { s_addr: u32::from_ne_bytes(address) }) };
    1
}

/// POSIX.1-2024: all bits set for what is no address.
///
/// # Safety
/// `text` is a string.
#[export]
pub unsafe extern "C" fn inet_addr(text: *const c_char) -> u32 {
    // SAFETY: caller contract.
    addresses::parse_loose_v4(unsafe { c_bytes(text) }).map_or(u32::MAX, u32::from_ne_bytes)
}

/// BSD: the number of a network in the host's byte order; all bits set for what is none.
///
/// # Safety
/// `text` is a string.
#[export]
pub unsafe extern "C" fn inet_network(text: *const c_char) -> u32 {
    // SAFETY: caller contract.
    addresses::parse_network(unsafe { c_bytes(text) }).unwrap_or(u32::MAX)
}

/// POSIX.1-2024: overwritten by the next call.
#[export]
pub extern "C" fn inet_ntoa(address: in_addr) -> *mut c_char {
    struct Shared(UnsafeCell<[u8; 16]>);
    // SAFETY: POSIX makes the callers responsible for excluding each other.
    unsafe impl Sync for Shared {}
    static SHARED: Shared = Shared(UnsafeCell::new([0; 16]));
    // SAFETY: see `Shared`.
    copy_parts(unsafe { &mut *SHARED.0.get() }, &[Text::v4(address.s_addr.to_ne_bytes()).as_bytes(), b"\0"]);
    SHARED.0.get().cast()
}

/// POSIX.1-2024: 1, 0 for what is no address, or -1 with `EAFNOSUPPORT`.
///
/// # Safety
/// `text` is a string, `out` valid for an address of the family.
#[export]
pub unsafe extern "C" fn inet_pton(family: c_int, text: *const c_char, out: *mut c_void) -> c_int {
    // SAFETY: caller contract.
    let text = unsafe { c_bytes(text) };
    // SAFETY: caller contract.
    let place = |length| unsafe { bytes_mut(out.cast(), length) };
    match family {
        so::AF_INET => addresses::parse_v4(text).map_or(0, |address| {
            place(4).copy_from_slice(&address);
            1
        }),
        so::AF_INET6 => addresses::parse_v6(text).map_or(0, |address| {
            place(16).copy_from_slice(&address);
            1
        }),
        _ => {
            set_errno(Errno::AFNOSUPPORT);
            -1
        }
    }
}

/// POSIX.1-2024: null with `EAFNOSUPPORT`, or `ENOSPC` where the text does not fit.
///
/// # Safety
/// `address` is one of the family, `size` bytes at `out` are writable.
#[export]
pub unsafe extern "C" fn inet_ntop(
    family: c_int,
    address: *const c_void,
    out: *mut c_char,
    size: socklen_t,
) -> *const c_char {
    // SAFETY: caller contract.
    let given = |length| unsafe { bytes(address.cast(), length) };
    let text = match family {
        so::AF_INET => given(4).first_chunk().map(|address| Text::v4(*address)),
        so::AF_INET6 => given(16).first_chunk().map(|address| Text::v6(*address)),
        _ => None,
    };
    let failure = match text {
        None => Errno::AFNOSUPPORT,
        Some(text) if text.as_bytes().len() < size as usize => {
            // SAFETY: caller contract.
            copy_parts(unsafe { bytes_mut(out.cast(), size as usize) }, &[text.as_bytes(), b"\0"]);
            return out;
        }
        Some(_) => Errno::NOSPC,
    };
    set_errno(failure);
    core::ptr::null()
}

/// BSD: an address of a network's number and a host's in it.
#[export]
pub extern "C" fn inet_makeaddr(network: u32, host: u32) -> in_addr {
    in_addr { s_addr: addresses::with_host(network, host).to_be() }
}

/// BSD: the host's number in its network.
#[export]
pub extern "C" fn inet_lnaof(address: in_addr) -> u32 {
    let address = u32::from_be(address.s_addr);
    // Addresses of no class are numbers of hosts as a whole.
    address & 1_u32.checked_shl(addresses::host_bits(address)).filter(|bit| *bit > 1).map_or(u32::MAX, |bit| bit - 1)
}

/// BSD: the network's number.
#[export]
pub extern "C" fn inet_netof(address: in_addr) -> u32 {
    let address = u32::from_be(address.s_addr);
    address >> addresses::host_bits(address)
}
