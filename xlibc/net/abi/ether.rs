//! `<netinet/ether.h>`.

use core::cell::UnsafeCell;

use crate::net::ether::{self, Octets, TEXT_BYTES};
use crate::rt::{Errno, Result, bytes_mut, c_bytes, copy_parts, host, read_file};
use crate::types::{c_char, c_int};

/// `struct ether_addr`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ether_addr {
    /// The address.
    pub ether_addr_octet: Octets,
}

/// What the functions without `_r` return: overwritten by the next call.
struct Shared<T>(UnsafeCell<T>);
// SAFETY: the callers of these functions exclude each other, as BSD has it.
unsafe impl<T> Sync for Shared<T> {}

/// BSD: null for what is no address.
///
/// # Safety
/// `text` is a string, `out` valid for one write.
#[export]
pub unsafe extern "C" fn ether_aton_r(text: *const c_char, out: *mut ether_addr) -> *mut ether_addr {
    // SAFETY: caller contract.
    let Some(octets) = ether::parse(unsafe { c_bytes(text) }) else { return core::ptr::null_mut() };
    // SAFETY: caller contract.
    unsafe { out.write(ether_addr { ether_addr_octet: octets }) };
    out
}

/// BSD: as `ether_aton_r`, overwritten by the next call.
///
/// # Safety
/// `text` is a string.
#[export]
pub unsafe extern "C" fn ether_aton(text: *const c_char) -> *mut ether_addr {
    static SHARED: Shared<ether_addr> = Shared(UnsafeCell::new(ether_addr { ether_addr_octet: [0; 6] }));
    // SAFETY: caller contract; see `Shared`.
    unsafe { ether_aton_r(text, SHARED.0.get()) }
}

/// BSD: hexadecimal numbers without leading zeros, between colons.
///
/// # Safety
/// `address` is valid, 18 bytes at `out` are writable.
#[export]
pub unsafe extern "C" fn ether_ntoa_r(address: *const ether_addr, out: *mut c_char) -> *mut c_char {
    // SAFETY: caller contract.
    let text = ether::text(unsafe { (*address).ether_addr_octet });
    // Only what there is: some callers have less room for a short text.
    let text = text.split_inclusive(|byte| *byte == 0).next().unwrap_or(&text);
    // SAFETY: caller contract.
    copy_parts(unsafe { bytes_mut(out.cast(), text.len()) }, &[text]);
    out
}

/// BSD: as `ether_ntoa_r`, overwritten by the next call.
///
/// # Safety
/// `address` is valid.
#[export]
pub unsafe extern "C" fn ether_ntoa(address: *const ether_addr) -> *mut c_char {
    static SHARED: Shared<[u8; TEXT_BYTES]> = Shared(UnsafeCell::new([0; TEXT_BYTES]));
    // SAFETY: caller contract; see `Shared`.
    unsafe { ether_ntoa_r(address, SHARED.0.get().cast()) }
}

/// Stores a name with its NUL.
///
/// # Safety
/// There is room for it.
unsafe fn store(out: *mut c_char, name: &[u8]) {
    // SAFETY: caller contract.
    copy_parts(unsafe { bytes_mut(out.cast(), name.len() + 1) }, &[name, b"\0"]);
}

/// BSD: address and host of a line of `/etc/ethers`; 0, or -1 for another line.
///
/// # Safety
/// `line` is a string, `address` valid for one write, and the name fits at `name`.
#[export]
pub unsafe extern "C" fn ether_line(line: *const c_char, address: *mut ether_addr, name: *mut c_char) -> c_int {
    // SAFETY: caller contract.
    let Some((octets, host)) = ether::line(unsafe { c_bytes(line) }) else { return -1 };
    // SAFETY: caller contract.
    unsafe {
        address.write(ether_addr { ether_addr_octet: octets });
        store(name, host);
    }
    0
}

fn data_base() -> Result<alloc::vec::Vec<u8>> {
    read_file(host(), b"/etc/ethers", isize::MAX as usize)
}

/// BSD: the host of an address in `/etc/ethers`; 0, or an error number where there is none.
///
/// # Safety
/// `address` is valid, and the name fits at `name`.
#[export]
pub unsafe extern "C" fn ether_ntohost(name: *mut c_char, address: *const ether_addr) -> c_int {
    // SAFETY: caller contract.
    let wanted = unsafe { (*address).ether_addr_octet };
    let found = data_base().and_then(|file| {
        let (_, host) = ether::lines(&file).find(|(octets, _)| *octets == wanted).ok_or(Errno::NOENT)?;
        // SAFETY: caller contract.
        unsafe { store(name, host) };
        Ok(())
    });
    found.map_or_else(Errno::number, |()| 0)
}

/// BSD: the address of a host in `/etc/ethers`; 0, or an error number where there is none.
///
/// # Safety
/// `name` is a string, `address` valid for one write.
#[export]
pub unsafe extern "C" fn ether_hostton(name: *const c_char, address: *mut ether_addr) -> c_int {
    // SAFETY: caller contract.
    let wanted = unsafe { c_bytes(name) };
    let found = data_base().and_then(|file| {
        let (octets, _) = ether::lines(&file).find(|(_, host)| *host == wanted).ok_or(Errno::NOENT)?;
        // SAFETY: caller contract.
        unsafe { address.write(ether_addr { ether_addr_octet: octets }) };
        Ok(())
    });
    found.map_or_else(Errno::number, |()| 0)
}
