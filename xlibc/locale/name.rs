//! Names of locales.
#![forbid(unsafe_code)]

use core::ffi::CStr;

use super::CATEGORIES;

pub(super) const C: &CStr = c"C";
pub(super) const UTF8: &CStr = c"C.UTF-8";

/// Room for the longest name of all categories, "C.UTF-8" six times with a separator or NUL each.
const ROOM: usize = CATEGORIES * 8;

/// The names of all categories, `;` between them, for every locale whose categories differ.
static MIXED: [[u8; ROOM]; 1 << CATEGORIES] = {
    let mut all = [[0; ROOM]; 1 << CATEGORIES];
    let mut bits = 0;
    while bits < all.len() {
        let (mut category, mut end) = (0, 0);
        while category < CATEGORIES {
            let name = if bits >> category & 1 == 0 { C } else { UTF8 }.to_bytes();
            let mut at = 0;
            while at < name.len() {
                all[bits][end] = name[at];
                at += 1;
                end += 1;
            }
            category += 1;
            if category < CATEGORIES {
                all[bits][end] = b';';
                end += 1;
            }
        }
        bits += 1;
    }
    all
};

/// The name for `LC_ALL`: one name if all categories have it, else six, in the order of their numbers.
pub(super) fn of_all(bits: u8) -> &'static CStr {
    const ALL: u8 = (1 << CATEGORIES) - 1;
    match bits & ALL {
        0 => C,
        ALL => UTF8,
        mixed => CStr::from_bytes_until_nul(&MIXED[usize::from(mixed)]).unwrap_or(C),
    }
}

/// Whether the name means UTF-8; `None` for a name that is no locale here.
pub(super) fn parse(name: &[u8]) -> Option<bool> {
    match name {
        b"C" | b"POSIX" => Some(false),
        b"C.UTF-8" => Some(true),
        _ => None,
    }
}

/// Bits of all categories from one name, or from six with `;` between them.
pub(super) fn parse_all(name: &[u8]) -> Option<u8> {
    if let Some(utf8) = parse(name) {
        return Some(if utf8 { (1 << CATEGORIES) - 1 } else { 0 });
    }
    let mut bits = 0;
    let mut names = name.split(|byte| *byte == b';');
    for category in 0..CATEGORIES {
        bits |= u8::from(parse(names.next()?)?) << category;
    }
    names.next().is_none().then_some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_accepted_again() {
        for bits in 0..1 << CATEGORIES {
            assert_eq!(parse_all(of_all(bits).to_bytes()), Some(bits));
        }
        assert_eq!(of_all(0b10), c"C;C.UTF-8;C;C;C;C");
    }

    #[test]
    fn other_names_are_refused() {
        for name in ["", "c", "C.utf8", "en_US.UTF-8", "C;C", "C;C;C;C;C;C;C", "C;C;C;C;C;x", ";;;;;"] {
            assert_eq!(parse_all(name.as_bytes()), None, "{name}");
        }
    }
}
