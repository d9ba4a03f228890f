//! `<net/if.h>` and `<ifaddrs.h>`. On a host that tells no interfaces there are none.

use crate::net::interfaces::{self, ifaddrs, links};
use crate::rt::{CResult, Errno, bytes_mut, c_bytes, copy_parts, heap, host, or_null, set_errno};
use crate::types::{c_char, c_int, c_uint};

/// POSIX.1-2024 `struct if_nameindex`.
#[derive(Clone, Copy, Debug)]
#[doc(alias = "struct if_nameindex")]
#[repr(C)]
pub struct NameIndex {
    /// The number, 0 in the last entry.
    pub if_index: c_uint,
    /// The name, null in the last entry.
    pub if_name: *mut c_char,
}

/// POSIX.1-2024: 0 with `ENODEV` for a name of no interface.
///
/// # Safety
/// `name` is a string.
#[export]
pub unsafe extern "C" fn if_nametoindex(name: *const c_char) -> c_uint {
    // SAFETY: caller contract.
    let name = unsafe { c_bytes(name) };
    let found = interfaces::list(host())
        .and_then(|list| links(&list).find(|link| link.name == name).map(|link| link.index).ok_or(Errno::NODEV));
    found.or_errno(0)
}

/// POSIX.1-2024: null with `ENXIO` for a number of no interface.
///
/// # Safety
/// `IF_NAMESIZE` bytes at `name` are writable.
#[export]
pub unsafe extern "C" fn if_indextoname(index: c_uint, name: *mut c_char) -> *mut c_char {
    let found = interfaces::list(host()).and_then(|list| {
        let link = links(&list).find(|link| link.index == index).ok_or(Errno::NXIO)?;
        // SAFETY: caller contract.
        let place = unsafe { bytes_mut(name.cast(), interfaces::NAME_BYTES) };
        copy_parts(place, &[link.name.get(..interfaces::NAME_BYTES - 1).unwrap_or(link.name), b"\0"]);
        Ok(name)
    });
    or_null(found)
}

/// POSIX.1-2024: a list that ends with index 0, to be freed by `if_freenameindex`. Null with `ENOBUFS`.
#[export("if_nameindex")]
pub extern "C" fn name_index() -> *mut NameIndex {
    let made = interfaces::list(host()).and_then(|list| {
        let links = links(&list);
        let (count, names) =
            links.clone().fold((1, 0), |(count, names), link| (count + 1, names + link.name.len() + 1));
        let head = count * size_of::<NameIndex>();
        let block = heap::allocate(head + names)?;
        // SAFETY: the block has that many bytes; names lie behind the entries.
        let (entries, mut rest) = unsafe { (block.cast::<NameIndex>(), bytes_mut(block.add(head), names)) };
        for (at, link) in links.enumerate() {
            let (place, after) = rest.split_at_mut_checked(link.name.len() + 1).ok_or(Errno::NOBUFS)?;
            copy_parts(place, &[link.name, b"\0"]);
            // SAFETY: there is an entry for each link, and one more.
            unsafe { entries.add(at).write(NameIndex { if_index: link.index, if_name: place.as_mut_ptr().cast() }) };
            rest = after;
        }
        // SAFETY: the last entry.
        unsafe { entries.add(count - 1).write(NameIndex { if_index: 0, if_name: core::ptr::null_mut() }) };
        Ok(entries)
    });
    made.unwrap_or_else(|errno| {
        set_errno(if errno == Errno::NOMEM { Errno::NOBUFS } else { errno });
        core::ptr::null_mut()
    })
}

/// POSIX.1-2024.
///
/// # Safety
/// `list` is from `if_nameindex`, or null.
#[export]
pub unsafe extern "C" fn if_freenameindex(list: *mut NameIndex) {
    // SAFETY: caller contract.
    unsafe { heap::release(list.cast()) };
}

/// BSD: the interfaces, then their addresses, to be freed by `freeifaddrs`. `ENOMEM`.
///
/// # Safety
/// `out` is valid for one write.
#[export]
pub unsafe extern "C" fn getifaddrs(out: *mut *mut ifaddrs) -> c_int {
    let made = interfaces::list(host()).and_then(|list| interfaces::addresses(&list));
    // SAFETY: caller contract.
    made.map(|first| unsafe { out.write(first) }).or_minus_one()
}

/// BSD.
///
/// # Safety
/// `list` is from `getifaddrs`, or null.
#[export]
pub unsafe extern "C" fn freeifaddrs(list: *mut ifaddrs) {
    // SAFETY: caller contract; the list is one block.
    unsafe { heap::release(list.cast()) };
}
