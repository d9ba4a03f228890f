//! `strftime` and `wcsftime`: conversions of C23 7.29.3.5 and POSIX.1-2024 in the C locale, with the flags `0 + _ - ^ #` and field
//! widths. Units are those of the format: bytes or wide characters.

use super::calendar::{iso_week, tm};
use super::names::{MONTHS, WEEKDAYS};
use crate::text::print_int::Digits;

/// What the members of `tm` do not say by themselves.
#[derive(Clone, Copy, Debug)]
pub struct Extra<'a> {
    /// Designation of the time zone.
    pub zone: &'a [u8],
    /// Seconds since the epoch of a local time.
    pub seconds: fn(&tm) -> i64,
}

/// Writes a time as text: calls `put` for each unit; stops and returns `None` when that returns false.
pub fn format(
    time: &tm,
    extra: Extra<'_>,
    format: impl Iterator<Item = u32>,
    put: &mut dyn FnMut(u32) -> bool,
) -> Option<()> {
    Writer { time, extra, put }.run(format)
}

/// Flags and width of a conversion.
#[derive(Clone, Copy, Default)]
struct Field {
    /// `0`, `+`, `_` or `-`, the last given; 0 for none.
    pad: u8,
    upper: bool,
    swap: bool,
    width: Option<usize>,
}

struct Writer<'a, 'b> {
    time: &'a tm,
    extra: Extra<'a>,
    put: &'b mut dyn FnMut(u32) -> bool,
}

/// Wider fields are cut: no buffer is that long.
const WIDTH_MAX: usize = 1 << 20;

impl Writer<'_, '_> {
    fn run(&mut self, mut format: impl Iterator<Item = u32>) -> Option<()> {
        while let Some(unit) = format.next() {
            if unit != u32::from(b'%') {
                self.unit(unit)?;
                continue;
            }
            let mut field = Field::default();
            let mut next = format.next();
            while let Some(flag) = next.and_then(|unit| u8::try_from(unit).ok()) {
                match flag {
                    b'0' | b'+' | b'_' | b'-' => field.pad = flag,
                    b'^' => field.upper = true,
                    b'#' => field.swap = true,
                    _ => break,
                }
                next = format.next();
            }
            while let Some(digit) = next.filter(|unit| (48..58).contains(unit)) {
                let width = field.width.unwrap_or(0) * 10 + (digit - 48) as usize;
                field.width = Some(width.min(WIDTH_MAX));
                next = format.next();
            }
            // The modifiers ask for what only other locales have.
            if next == Some(u32::from(b'E')) || next == Some(u32::from(b'O')) {
                next = format.next();
            }
            match next.map(u8::try_from) {
                Some(Ok(conversion)) => self.convert(conversion, field)?,
                // Not a conversion: undefined, so it stays as it is.
                Some(Err(_)) => {
                    self.unit(u32::from(b'%'))?;
                    self.unit(next.unwrap_or(0))?;
                }
                None => self.unit(u32::from(b'%'))?,
            }
        }
        Some(())
    }

    fn convert(&mut self, conversion: u8, field: Field) -> Option<()> {
        let time = self.time;
        let (year, yday, wday) = (time.year(), i64::from(time.tm_yday), i64::from(time.tm_wday));
        let (hour, minute, second) = (i64::from(time.tm_hour), i64::from(time.tm_min), i64::from(time.tm_sec));
        let twelve = (hour + 11).rem_euclid(12) + 1;
        let iso = || iso_week(year, yday, wday);
        match conversion {
            b'a' => self.word(weekday(wday), Some(3), field),
            b'A' => self.word(weekday(wday), None, field),
            b'b' | b'h' => self.word(month(time.tm_mon), Some(3), field),
            b'B' => self.word(month(time.tm_mon), None, field),
            b'c' => self.nested("%a %b %e %H:%M:%S %Y"),
            b'C' => self.year(year.div_euclid(100), 2, field),
            b'd' => self.number(i64::from(time.tm_mday), 2, b'0', field),
            b'D' | b'x' => self.nested("%m/%d/%y"),
            b'e' => self.number(i64::from(time.tm_mday), 2, b'_', field),
            b'F' => {
                // POSIX.1-2024: as %+4Y-%m-%d; a flag and a width, less the 6 of the rest, go to the year.
                let plain = field.pad == 0 && field.width.is_none();
                let pad = if plain { b'+' } else { field.pad };
                self.year(year, 4, Field { pad, width: field.width.map(|width| width.saturating_sub(6)), ..field })?;
                self.nested("-%m-%d")
            }
            b'g' => self.number(iso().0.rem_euclid(100), 2, b'0', field),
            b'G' => self.year(iso().0, 4, field),
            b'H' => self.number(hour, 2, b'0', field),
            b'I' => self.number(twelve, 2, b'0', field),
            b'j' => self.number(yday + 1, 3, b'0', field),
            b'k' => self.number(hour, 2, b'_', field),
            b'l' => self.number(twelve, 2, b'_', field),
            b'm' => self.number(i64::from(time.tm_mon) + 1, 2, b'0', field),
            b'M' => self.number(minute, 2, b'0', field),
            b'n' => self.unit(u32::from(b'\n')),
            b'p' => {
                let lower = Field { upper: false, swap: false, ..field };
                let noon = hour >= 12;
                if field.swap {
                    self.word(if noon { "pm" } else { "am" }, None, lower)
                } else {
                    self.word(if noon { "PM" } else { "AM" }, None, lower)
                }
            }
            b'P' => self.word(if hour >= 12 { "pm" } else { "am" }, None, field),
            b'r' => self.nested("%I:%M:%S %p"),
            b'R' => self.nested("%H:%M"),
            b's' => self.number((self.extra.seconds)(time), 1, b'0', field),
            b'S' => self.number(second, 2, b'0', field),
            b't' => self.unit(u32::from(b'\t')),
            b'T' | b'X' => self.nested("%H:%M:%S"),
            b'u' => self.number((wday + 6).rem_euclid(7) + 1, 1, b'0', field),
            b'U' => self.number((yday + 7 - wday.rem_euclid(7)).div_euclid(7), 2, b'0', field),
            b'V' => self.number(iso().1, 2, b'0', field),
            b'w' => self.number(wday, 1, b'0', field),
            b'W' => self.number((yday + 7 - (wday + 6).rem_euclid(7)).div_euclid(7), 2, b'0', field),
            b'y' => self.number(year.rem_euclid(100), 2, b'0', field),
            b'Y' => self.year(year, 4, field),
            b'z' if time.tm_isdst < 0 => Some(()),
            b'z' => {
                let minutes = time.tm_gmtoff / 60;
                self.unit(u32::from(if time.tm_gmtoff < 0 { b'-' } else { b'+' }))?;
                let digits = (minutes / 60).abs() * 100 + (minutes % 60).abs();
                self.number(digits, 4, b'0', Field { width: field.width.map(|width| width.saturating_sub(1)), ..field })
            }
            b'Z' if time.tm_isdst < 0 => Some(()),
            b'Z' => {
                let zone = core::str::from_utf8(self.extra.zone).unwrap_or("");
                self.word(zone, None, field)
            }
            b'%' => self.unit(u32::from(b'%')),
            other => {
                self.unit(u32::from(b'%'))?;
                self.unit(u32::from(other))
            }
        }
    }

    fn unit(&mut self, unit: u32) -> Option<()> {
        if (self.put)(unit) { Some(()) } else { None }
    }

    fn repeat(&mut self, byte: u8, count: usize) -> Option<()> {
        (0..count).try_for_each(|_| self.unit(u32::from(byte)))
    }

    /// Conversions that stand for others.
    fn nested(&mut self, format: &'static str) -> Option<()> {
        self.run(format.bytes().map(u32::from))
    }

    fn word(&mut self, word: &str, cut: Option<usize>, field: Field) -> Option<()> {
        let length = word.len().min(cut.unwrap_or(usize::MAX));
        let pad = if field.pad == b'0' || field.pad == b'+' { b'0' } else { b' ' };
        if field.pad != b'-' {
            self.repeat(pad, field.width.unwrap_or(0).saturating_sub(length))?;
        }
        for byte in word.bytes().take(length) {
            let upper = field.upper || field.swap;
            self.unit(u32::from(if upper { byte.to_ascii_uppercase() } else { byte }))?;
        }
        Some(())
    }

    /// A number of at least so many digits; `pad` is `0` or `_` unless a flag says otherwise.
    fn number(&mut self, value: i64, digits: usize, pad: u8, field: Field) -> Option<()> {
        let pad = match field.pad {
            0 => pad,
            b'+' => b'0',
            flag => flag,
        };
        let width = if pad == b'-' { 0 } else { field.width.unwrap_or(digits) };
        self.signed(value, if value < 0 { Some(b'-') } else { None }, pad, width)
    }

    /// A year or century: with the flag `+` it has a plus sign when it takes more digits than usual (POSIX.1-2024 strftime).
    fn year(&mut self, value: i64, digits: usize, field: Field) -> Option<()> {
        let width = field.width.unwrap_or(digits);
        let long = width > digits || value >= 10_i64.pow(digits as u32);
        if field.pad == b'+' && value >= 0 && long {
            return self.signed(value, Some(b'+'), b'0', width);
        }
        self.number(value, digits, b'0', field)
    }

    fn signed(&mut self, value: i64, sign: Option<u8>, pad: u8, width: usize) -> Option<()> {
        let digits = Digits::new(value.unsigned_abs(), 10, false);
        let digits = digits.as_bytes();
        let fill = width.saturating_sub(digits.len() + usize::from(sign.is_some()));
        if pad == b'_' {
            self.repeat(b' ', fill)?;
        }
        if let Some(sign) = sign {
            self.unit(u32::from(sign))?;
        }
        if pad == b'0' {
            self.repeat(b'0', fill)?;
        }
        digits.iter().try_for_each(|digit| self.unit(u32::from(*digit)))
    }
}

fn weekday(number: i64) -> &'static str {
    usize::try_from(number).ok().and_then(|number| WEEKDAYS.get(number)).unwrap_or(&"?")
}

fn month(number: i32) -> &'static str {
    usize::try_from(number).ok().and_then(|number| MONTHS.get(number)).unwrap_or(&"?")
}

#[cfg(test)]
mod tests {
    use super::super::calendar::{from_seconds, to_seconds};
    use super::*;

    fn text(time: &tm, form: &str) -> String {
        let mut out = String::new();
        let extra = Extra { zone: b"CET", seconds: to_seconds };
        let mut put = |unit| {
            out.push(char::from_u32(unit).unwrap());
            true
        };
        format(time, extra, form.chars().map(u32::from), &mut put).unwrap();
        out
    }

    #[test]
    fn every_conversion_at_one_moment() {
        // 2009-02-13 23:31:30 UTC, a Friday.
        let time = tm { tm_gmtoff: -12_600, ..from_seconds(1_234_567_890).unwrap() };
        let table = [
            ("%a %A %b %B %h", "Fri Friday Feb February Feb"),
            ("%c", "Fri Feb 13 23:31:30 2009"),
            ("%C|%d|%D|%e|%F", "20|13|02/13/09|13|2009-02-13"),
            ("%g %G %H %I %j %m %M", "09 2009 23 11 044 02 31"),
            ("%n%t%%", "\n\t%"),
            ("%p %P %#p %^a %r %R", "PM pm pm FRI 11:31:30 PM 23:31"),
            ("%s %S %T %u %U %V %w %W", "1234567890 30 23:31:30 5 06 07 5 06"),
            ("%x %X %y %Y %z %Z", "02/13/09 23:31:30 09 2009 -0330 CET"),
            ("%Ec %EY %Od %OS", "Fri Feb 13 23:31:30 2009 2009 13 30"),
            ("%k|%l|%_d|%-m|%_H|%05d|%5a|%-H", "23|11|13|2|23|00013|  Fri|23"),
            ("%+5Y|%+4Y|%05Y|%6Y|%+3C|%+11F|%012F|%+6G", "+2009|2009|02009|002009|+20|+2009-02-13|002009-02-13|+02009"),
            ("%Q %", "%Q %"),
            ("äé %d", "äé 13"),
        ];
        for (form, expected) in table {
            assert_eq!(text(&time, form), expected, "{form}");
        }
        assert_eq!(text(&tm { tm_isdst: -1, ..time }, "<%z%Z>"), "<>");
        assert_eq!(text(&tm { tm_gmtoff: -1800, ..time }, "%z"), "-0030");
    }

    #[test]
    fn years_that_are_long_short_or_negative() {
        let at = |year: i32| tm { tm_year: year - 1900, ..from_seconds(0).unwrap() };
        let table = [
            (33, "%Y|%C|%y|%F|%G", "0033|00|33|0033-01-01|0033"),
            (12345, "%Y|%C|%F|%+Y|%+C", "12345|123|+12345-01-01|+12345|+123"),
            (-5, "%Y|%y|%C", "-005|95|-1"),
            (0, "%Y %-Y %_5Y", "0000 0     0"),
        ];
        for (year, form, expected) in table {
            assert_eq!(text(&at(year), form), expected, "{year} {form}");
        }
    }

    #[test]
    fn members_out_of_range_do_no_harm() {
        let wild = tm { tm_mon: i32::MAX, tm_wday: i32::MIN, tm_yday: i32::MAX, tm_year: i32::MAX, ..tm::EPOCH };
        let wild = tm { tm_hour: i32::MIN, tm_gmtoff: i64::MIN, ..wild };
        assert!(!text(&wild, "%a%A%b%c%C%d%D%e%F%g%G%H%I%j%k%l%m%p%r%U%u%V%w%W%y%Y%z").is_empty());
        assert_eq!(text(&wild, "%a%b"), "??");
    }

    #[test]
    fn a_full_buffer_stops_the_text() {
        let mut left = 3;
        let mut put = |_| {
            left -= 1;
            left >= 0
        };
        let extra = Extra { zone: b"", seconds: to_seconds };
        assert_eq!(format(&tm::EPOCH, extra, "%Y".bytes().map(u32::from), &mut put), None);
    }
}
