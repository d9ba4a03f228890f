//! `sysconf`, host name, `uname`.

pub mod users;

use crate::rt::{CResult, Errno, Facts, Platform, Result, bytes_mut, copy_parts, cpu, host};
use crate::types::{c_char, c_int, c_long, size_t};

/// POSIX.1-2024. -1 without errno: no limit, or an option that is not there. `EINVAL` for an unknown name.
#[export]
pub extern "C" fn sysconf(name: c_int) -> c_long {
    super::limits::sysconf(host(), name).map(|value| value.unwrap_or(-1)).or_minus_one()
}

/// BSD: the page size in bytes.
#[export]
pub extern "C" fn getpagesize() -> c_int {
    host().page_bytes() as c_int
}

/// POSIX.1-2024. `ENAMETOOLONG` when the name and its NUL do not fit.
///
/// # Safety
/// `n` bytes at `buffer` are writable.
#[export]
pub unsafe extern "C" fn gethostname(buffer: *mut c_char, n: size_t) -> c_int {
    // SAFETY: caller contract.
    let buffer = unsafe { bytes_mut(buffer.cast(), n) };
    let stored = host_name(host()).and_then(|(name, length)| {
        let place = buffer.get_mut(..=length).ok_or(Errno::NAMETOOLONG)?;
        copy_parts(place, &[name.get(..=length).unwrap_or(&[])]);
        Ok(())
    });
    stored.or_minus_one()
}

/// The host's name, zeros behind it, and its length.
fn host_name(host: &impl Platform) -> Result<([u8; 256], usize)> {
    let mut name = [0; 256];
    let length = host.host_name(name.get_mut(..255).unwrap_or(&mut []))?;
    Ok((name, length))
}

/// POSIX.1-2024 `struct utsname`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "POSIX's names")]
pub struct utsname {
    pub sysname: [u8; 65],
    pub nodename: [u8; 65],
    pub release: [u8; 65],
    pub version: [u8; 65],
    pub machine: [u8; 65],
    pub domainname: [u8; 65],
}

/// A text in a field of `utsname`, padded with zeros.
const fn field(text: &[u8]) -> [u8; 65] {
    let mut field = [0; 65];
    let (head, _) = field.split_at_mut(text.len());
    head.copy_from_slice(text);
    field
}

/// POSIX.1-2024. A program sees one system on every host, so that what it derives from the name is the same everywhere. Of the
/// host's name comes as much as there is room for.
///
/// # Safety
/// `out` is valid for one write.
#[export("uname")]
pub unsafe extern "C" fn uname(out: *mut utsname) -> c_int {
    let mut name = utsname {
        sysname: field(b"DistX"),
        nodename: field(b""),
        release: field(env!("CARGO_PKG_VERSION").as_bytes()),
        version: field(b"xlibc"),
        machine: field(cpu::NAME.as_bytes()),
        domainname: field(b"(none)"),
    };
    let done = host_name(host()).map(|(node, _)| {
        copy_parts(&mut name.nodename, &[node.get(..64).unwrap_or(&[])]);
        // SAFETY: caller contract.
        unsafe { out.write(name) };
    });
    done.or_minus_one()
}
