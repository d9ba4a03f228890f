//! The list of network interfaces.

use alloc::vec::Vec;

use crate::net::types::{LinkAddress, in_addr, in6_addr, sockaddr, sockaddr_in, sockaddr_in6};
use crate::rt::abi::socket as so;
use crate::rt::{Errno, Platform, Result, copy_parts, heap};
use crate::types::{c_char, c_int, c_uint, c_void};
use platform::interfaces::{Record, records};

/// IF_NAMESIZE: a name with its NUL.
pub const NAME_BYTES: usize = 16;

/// A list of interfaces grows between two requests, but not for ever.
const ATTEMPTS: usize = 8;

/// All records. Empty on a host that tells none.
pub fn list(host: &impl Platform) -> Result<Vec<u8>> {
    let mut buffer = Vec::new();
    for _ in 0..ATTEMPTS {
        let needed = match host.interfaces(&mut buffer) {
            Err(Errno::NOSYS) => return Ok(Vec::new()),
            needed => needed?,
        };
        if needed <= buffer.len() {
            buffer.truncate(needed);
            return Ok(buffer);
        }
        buffer.try_reserve_exact(needed - buffer.len()).map_err(|_| Errno::NOMEM)?;
        buffer.resize(needed, 0);
    }
    Err(Errno::AGAIN)
}

/// The records that are interfaces, not addresses.
pub fn links(list: &[u8]) -> impl Iterator<Item = Record<'_>> + Clone {
    records(list).filter(|record| i32::from(record.family) == so::AF_PACKET)
}

/// BSD `struct ifaddrs`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ifaddrs {
    pub ifa_next: *mut ifaddrs,
    pub ifa_name: *mut c_char,
    pub ifa_flags: c_uint,
    pub ifa_addr: *mut sockaddr,
    pub ifa_netmask: *mut sockaddr,
    pub ifa_ifu: *mut sockaddr,
    pub ifa_data: *mut c_void,
}

/// An address of any family that is in the list.
#[derive(Clone, Copy)]
#[repr(C)]
union Address {
    v4: sockaddr_in,
    v6: sockaddr_in6,
    link: LinkAddress,
}

/// An entry, and what it points to.
#[repr(C)]
struct Entry {
    head: ifaddrs,
    address: Address,
    mask: Address,
    other: Address,
    name: [u8; 256],
}

const _: () = assert!(size_of::<ifaddrs>() == 56);

/// The list of `getifaddrs` in one block of memory; null for no interfaces.
pub fn addresses(list: &[u8]) -> Result<*mut ifaddrs> {
    let known = || records(list).filter(|record| Address::of(record, record.address).is_some());
    let count = known().count();
    if count == 0 {
        return Ok(core::ptr::null_mut());
    }
    let block = heap::allocate(count.checked_mul(size_of::<Entry>()).ok_or(Errno::NOMEM)?)?.cast::<Entry>();
    for (at, record) in known().enumerate() {
        // SAFETY: the block has `count` entries; zero is a valid value of all that is in one.
        let entry = unsafe {
            block.add(at).write_bytes(0, 1);
            &mut *block.add(at)
        };
        copy_parts(&mut entry.name, &[record.name]);
        entry.head.ifa_name = entry.name.as_mut_ptr().cast();
        entry.head.ifa_flags = record.flags;
        if at + 1 < count {
            // SAFETY: as above. An entry begins with its head.
            entry.head.ifa_next = unsafe { block.add(at + 1) }.cast();
        }
        let put = |place: &mut Address, bytes: &[u8]| match Address::of(&record, bytes) {
            Some(address) => {
                *place = address;
                core::ptr::from_mut(place).cast::<sockaddr>()
            }
            None => core::ptr::null_mut(),
        };
        entry.head.ifa_addr = put(&mut entry.address, record.address);
        entry.head.ifa_ifu = put(&mut entry.other, record.other);
        if i32::from(record.family) != so::AF_PACKET {
            let mut mask = [0; 16];
            for (at, byte) in mask.iter_mut().enumerate() {
                let bits = usize::from(record.prefix).saturating_sub(8 * at).min(8) as u32;
                *byte = 0xFF_u8.checked_shl(8 - bits).unwrap_or(0);
            }
            entry.head.ifa_netmask = put(&mut entry.mask, mask.get(..record.address.len()).unwrap_or(&[]));
        }
    }
    Ok(block.cast())
}

impl Address {
    /// The bytes as an address of the record's family. `None` where they are none.
    fn of(record: &Record<'_>, bytes: &[u8]) -> Option<Self> {
        let family = record.family;
        match i32::from(family) {
            so::AF_INET => {
                let sin_addr = in_addr { s_addr: u32::from_ne_bytes(bytes.try_into().ok()?) };
                Some(Self { v4: sockaddr_in { sin_family: family, sin_addr, ..sockaddr_in::default() } })
            }
            so::AF_INET6 => {
                let sin6_addr = in6_addr { __in6_union: bytes.try_into().ok()? };
                // Addresses of a link say which (RFC 4007): fe80::/10, ff02::/16.
                let is_of_link = matches!(bytes, [0xFE, 0x80..=0xBF, ..] | [0xFF, 2, ..]);
                let sin6_scope_id = if is_of_link { record.index } else { 0 };
                let address = sockaddr_in6 { sin6_family: family, sin6_addr, sin6_scope_id, ..sockaddr_in6::default() };
                Some(Self { v6: address })
            }
            so::AF_PACKET => {
                let mut link = LinkAddress {
                    sll_family: family,
                    sll_ifindex: record.index as c_int,
                    sll_hatype: record.hardware,
                    ..LinkAddress::default()
                };
                link.sll_halen = copy_parts(&mut link.sll_addr, &[bytes]) as u8;
                Some(Self { link })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_an_entry_for_each_record() {
        let mut buffer = [0; 128];
        let link = Record {
            family: 17,
            hardware: 1,
            index: 2,
            flags: 0x43,
            name: b"eth0",
            address: &[1, 2, 3, 4, 5, 6],
            ..Record::default()
        };
        let address = Record {
            family: 10,
            prefix: 60,
            index: 2,
            flags: 0x43,
            name: b"eth0",
            address: &[0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9],
            ..Record::default()
        };
        let unknown = Record { family: 99, index: 2, name: b"eth0", ..Record::default() };
        let mut used = 0;
        for record in [link, unknown, address] {
            used += record.store(&mut buffer[used..]).unwrap();
        }
        assert_eq!(links(&buffer[..used]).count(), 1);
        let first = addresses(&buffer[..used]).unwrap();
        // SAFETY: a list of two.
        unsafe {
            let second = (*first).ifa_next;
            assert_eq!(core::ffi::CStr::from_ptr((*second).ifa_name), c"eth0");
            assert!((*second).ifa_next.is_null() && (*first).ifa_netmask.is_null() && (*second).ifa_ifu.is_null());
            let link = *(*first).ifa_addr.cast::<LinkAddress>();
            assert_eq!((link.sll_halen, link.sll_addr[5], link.sll_ifindex), (6, 6, 2));
            let mask = *(*second).ifa_netmask.cast::<sockaddr_in6>();
            assert_eq!(mask.sin6_addr.__in6_union[..9], [255, 255, 255, 255, 255, 255, 255, 0xF0, 0]);
            assert_eq!((*(*second).ifa_addr.cast::<sockaddr_in6>()).sin6_scope_id, 2);
            heap::release(first.cast());
        }
        assert!(addresses(&[]).unwrap().is_null());
    }
}
