//! What `nl_langinfo` gives: POSIX.1-2024 `<langinfo.h>`, values of the POSIX locale (7.3). An item is its category times 65536 plus a
//! number, except CODESET.
#![forbid(unsafe_code)]

use core::ffi::CStr;

use super::Locale;
use crate::text::encoding::Encoding;

const CODESET: i32 = 14;
const NUMERIC: i32 = 0x10000;
const TIME: i32 = 0x20000;
/// End of the items of LC_TIME.
const TIME_END: i32 = 0x30000;
const MESSAGES: i32 = 0x50000;

/// ABDAY_1 to PM_STR, D_T_FMT to T_FMT_AMPM: in the order of their numbers, from `TIME`.
pub const TIME_ITEMS: [&CStr; 44] = [
    c"Sun",
    c"Mon",
    c"Tue",
    c"Wed",
    c"Thu",
    c"Fri",
    c"Sat",
    c"Sunday",
    c"Monday",
    c"Tuesday",
    c"Wednesday",
    c"Thursday",
    c"Friday",
    c"Saturday",
    c"Jan",
    c"Feb",
    c"Mar",
    c"Apr",
    c"May",
    c"Jun",
    c"Jul",
    c"Aug",
    c"Sep",
    c"Oct",
    c"Nov",
    c"Dec",
    c"January",
    c"February",
    c"March",
    c"April",
    c"May",
    c"June",
    c"July",
    c"August",
    c"September",
    c"October",
    c"November",
    c"December",
    c"AM",
    c"PM",
    c"%a %b %e %H:%M:%S %Y",
    c"%m/%d/%y",
    c"%H:%M:%S",
    c"%I:%M:%S %p",
];

/// The text of an item; "" for items without one (ERA and its formats, ALT_DIGITS, THOUSEP, YESSTR, NOSTR) and unknown ones.
#[must_use]
pub fn of(locale: &Locale, item: i32) -> &'static CStr {
    match item {
        CODESET => match locale.encoding() {
            Encoding::Bytes => c"ASCII",
            Encoding::Utf8 => c"UTF-8",
        },
        // RADIXCHAR.
        NUMERIC => c".",
        TIME..TIME_END => usize::try_from(item - TIME).ok().and_then(|at| TIME_ITEMS.get(at)).copied().unwrap_or(c""),
        // CRNCYSTR: no symbol, before the value.
        0x4000F => c"-",
        // YESEXPR, NOEXPR.
        MESSAGES => c"^[yY]",
        0x50001 => c"^[nN]",
        _ => c"",
    }
}

#[cfg(test)]
mod tests {
    use super::super::name::parse_all;
    use super::*;

    #[test]
    fn items_of_the_abi() {
        let locale = |names: &[u8]| Locale::with_names(&parse_all(names).unwrap()).unwrap();
        let c = locale(b"C");
        for (item, text) in [
            (131072, c"Sun"),
            (131078, c"Sat"),
            (131079, c"Sunday"),
            (131086, c"Jan"),
            (131097, c"Dec"),
            (131098, c"January"),
            (131109, c"December"),
            (131110, c"AM"),
            (131111, c"PM"),
            (131112, c"%a %b %e %H:%M:%S %Y"),
            (131113, c"%m/%d/%y"),
            (131114, c"%H:%M:%S"),
            (131115, c"%I:%M:%S %p"),
            (131116, c""),
            (131121, c""),
            (65536, c"."),
            (65537, c""),
            (262159, c"-"),
            (327680, c"^[yY]"),
            (327681, c"^[nN]"),
            (327682, c""),
            (14, c"ASCII"),
            (-1, c""),
            (i32::MAX, c""),
        ] {
            assert_eq!(of(c, item), text, "{item}");
        }
        assert_eq!(of(locale(b"de_DE.utf8;C;C;C;C;C"), 14), c"UTF-8");
    }
}
