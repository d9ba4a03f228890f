//! Words of the C locale (C23 7.29.3.5), and designations of time zones as C strings.

use alloc::vec::Vec;
use core::ffi::CStr;

use crate::rt;
use crate::sync::Locked;
use crate::types::c_char;

/// From Sunday on.
pub const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/// From January on.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Longest designation of a time zone that is kept; the longest in use has 6 bytes.
pub const NAME_MAX: usize = 30;

/// The designation of a time zone, such as `CET` or `+0530`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    bytes: [u8; NAME_MAX],
    length: u8,
}

impl Name {
    /// `UTC`.
    pub const UTC: Self = {
        let mut bytes = [0; NAME_MAX];
        (bytes[0], bytes[1], bytes[2]) = (b'U', b'T', b'C');
        Self { bytes, length: 3 }
    };

    /// `None` when it is too long or holds a NUL.
    #[must_use]
    pub fn new(name: &[u8]) -> Option<Self> {
        let mut bytes = [0; NAME_MAX];
        bytes.get_mut(..name.len())?.copy_from_slice(name);
        if name.contains(&0) { None } else { Some(Self { bytes, length: name.len() as u8 }) }
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&[])
    }
}

/// Designations that C has seen. They stay for ever, as `tm_zone` and `tzname` point to them; there are as many as the program
/// names in the values of TZ.
static KNOWN: Locked<Vec<&'static CStr>> = Locked::new(Vec::new());

/// The designation as a C string; `UTC` without memory.
pub fn c_name(name: &Name) -> &'static CStr {
    if *name == Name::UTC {
        return c"UTC";
    }
    KNOWN.with(rt::host(), |known| {
        if let Some(found) = known.iter().find(|known| known.to_bytes() == name.as_bytes()) {
            return *found;
        }
        let length = name.as_bytes().len() + 1;
        let (Ok(()), Ok(place)) = (known.try_reserve(1), rt::heap::allocate(length)) else { return c"UTC" };
        // SAFETY: fresh memory of that length, which is never given back.
        let bytes = unsafe { rt::bytes_mut(place, length) };
        rt::copy_parts(bytes, &[name.as_bytes(), b"\0"]);
        let made = CStr::from_bytes_with_nul(bytes).unwrap_or(c"UTC");
        known.push(made);
        made
    })
}

/// The designation that `tm_zone` points to, if it is one of ours. Programs hand over structures that nobody initialised, so other
/// pointers are not followed.
pub fn known_name(zone: *const c_char) -> &'static [u8] {
    if core::ptr::eq(zone, c"UTC".as_ptr()) {
        return b"UTC";
    }
    KNOWN.with(rt::host(), |known| {
        known.iter().find(|known| core::ptr::eq(known.as_ptr(), zone)).map_or(b"".as_slice(), |known| known.to_bytes())
    })
}
