//! `strptime`: reads a time as POSIX.1-2024 says, in the C locale, with the GNU additions `%F %G %g %k %l %s %u %V %z %Z %P`.

use super::calendar::{from_seconds, tm};
use super::names::{MONTHS, WEEKDAYS};

/// Reads `text` by `format` into `time`: members that no conversion names stay. The number of bytes read, or `None` where text
/// and format part. `local` breaks down seconds since the epoch for `%s`.
pub fn parse(text: &[u8], format: &[u8], time: &mut tm, local: fn(i64) -> Option<tm>) -> Option<usize> {
    let mut reader = Reader { rest: text, time, local, century: None, year: None, afternoon: None };
    reader.run(format)?;
    reader.finish()?;
    let left = reader.rest.len();
    Some(text.len() - left)
}

struct Reader<'a, 'b> {
    rest: &'a [u8],
    time: &'b mut tm,
    local: fn(i64) -> Option<tm>,
    /// `%C` and `%y` count together.
    century: Option<i64>,
    year: Option<i64>,
    /// `%p` counts together with `%I`, in either order.
    afternoon: Option<bool>,
}

impl Reader<'_, '_> {
    fn run(&mut self, format: &[u8]) -> Option<()> {
        let mut format = format.iter().copied();
        while let Some(byte) = format.next() {
            if byte.is_ascii_whitespace() {
                self.space();
                continue;
            }
            if byte != b'%' {
                self.eat(byte)?;
                continue;
            }
            let mut next = format.next()?;
            while matches!(next, b'0' | b'+' | b'_' | b'-' | b'^' | b'#') {
                next = format.next()?;
            }
            let mut width = None;
            while next.is_ascii_digit() {
                width = Some((width.unwrap_or(0) * 10 + usize::from(next - b'0')).min(20));
                next = format.next()?;
            }
            if next == b'E' || next == b'O' {
                next = format.next()?;
            }
            self.convert(next, width)?;
        }
        Some(())
    }

    fn convert(&mut self, conversion: u8, width: Option<usize>) -> Option<()> {
        match conversion {
            b'a' | b'A' => self.time.tm_wday = self.word(&WEEKDAYS)?,
            b'b' | b'B' | b'h' => self.time.tm_mon = self.word(&MONTHS)?,
            b'c' => self.run(b"%a %b %e %H:%M:%S %Y")?,
            b'C' => self.century = Some(self.number(0, 99, width.unwrap_or(2))?),
            b'd' | b'e' => self.time.tm_mday = self.number(1, 31, 2)? as i32,
            b'D' | b'x' => self.run(b"%m/%d/%y")?,
            b'F' => {
                self.full_year(width.map_or(4, |width| width.saturating_sub(6)))?;
                self.run(b"-%m-%d")?;
            }
            // An ISO year names no date without its week, and those no day; they are read and left.
            b'g' => drop(self.number(0, 99, 2)?),
            b'G' => drop(self.number(-9999, 9999, width.unwrap_or(4))?),
            b'H' | b'k' => {
                self.time.tm_hour = self.number(0, 23, 2)? as i32;
                self.afternoon = None;
            }
            b'I' | b'l' => {
                let hour = self.number(1, 12, 2)? % 12;
                self.time.tm_hour = hour as i32;
            }
            b'j' => self.time.tm_yday = self.number(1, 366, 3)? as i32 - 1,
            b'm' => self.time.tm_mon = self.number(1, 12, 2)? as i32 - 1,
            b'M' => self.time.tm_min = self.number(0, 59, 2)? as i32,
            b'n' | b't' => self.space(),
            b'p' | b'P' => self.afternoon = Some(self.word(&["AM", "PM"])? == 1),
            b'r' => self.run(b"%I:%M:%S %p")?,
            b'R' => self.run(b"%H:%M")?,
            b's' => *self.time = (self.local)(self.number(i64::MIN, i64::MAX, 20)?)?,
            // Leap seconds are written as 60.
            b'S' => self.time.tm_sec = self.number(0, 60, 2)? as i32,
            b'T' | b'X' => self.run(b"%H:%M:%S")?,
            b'u' => self.time.tm_wday = (self.number(1, 7, 1)? % 7) as i32,
            b'U' | b'W' | b'V' => drop(self.number(0, 53, 2)?),
            b'w' => self.time.tm_wday = self.number(0, 6, 1)? as i32,
            b'y' => self.year = Some(self.number(0, 99, 2)?),
            b'Y' => self.full_year(width.unwrap_or(4))?,
            b'z' => self.offset()?,
            b'Z' => {
                let length = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                self.rest = self.rest.get(length..).filter(|_| length > 0)?;
            }
            b'%' => self.eat(b'%')?,
            _ => return None,
        }
        Some(())
    }

    /// Puts together what two conversions say.
    fn finish(&mut self) -> Option<()> {
        let year = match (self.century, self.year) {
            (Some(century), year) => Some(century * 100 + year.unwrap_or(0)),
            // POSIX.1-2024: 69 to 99 are of the last century.
            (None, Some(year)) => Some(if year < 69 { year + 2000 } else { year + 1900 }),
            (None, None) => None,
        };
        if let Some(year) = year {
            self.time.tm_year = i32::try_from(year - 1900).ok()?;
        }
        if let Some(afternoon) = self.afternoon {
            self.time.tm_hour = self.time.tm_hour % 12 + if afternoon { 12 } else { 0 };
        }
        Some(())
    }

    /// A year takes as many digits as there are up to the width, so that `20240102` can be read by `%Y%m%d`.
    fn full_year(&mut self, width: usize) -> Option<()> {
        // A sign says that the year may be long.
        let signed = matches!(self.rest.first(), Some(b'+' | b'-'));
        let year = self.number(-2_147_481_748, 2_147_485_547, if signed { 11 } else { width })?;
        self.time.tm_year = i32::try_from(year - 1900).ok()?;
        (self.century, self.year) = (None, None);
        Some(())
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        if *first != byte {
            return None;
        }
        self.rest = rest;
        Some(())
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    /// A number with leading white space, of at most so many digits, within limits.
    fn number(&mut self, least: i64, most: i64, digits: usize) -> Option<i64> {
        self.space();
        let minus = self.rest.first() == Some(&b'-');
        if minus || self.rest.first() == Some(&b'+') {
            self.rest = self.rest.get(1..)?;
        }
        let length = self.rest.iter().take(digits).take_while(|byte| byte.is_ascii_digit()).count();
        let (run, rest) = self.rest.split_at_checked(length).filter(|_| length > 0)?;
        let sum = run.iter().try_fold(0_i64, |sum, digit| {
            // Below zero, as i64::MIN has no positive twin.
            sum.checked_mul(10)?.checked_sub(i64::from(digit - b'0'))
        })?;
        let value = if minus { sum } else { sum.checked_neg()? };
        self.rest = rest;
        if (least..=most).contains(&value) { Some(value) } else { None }
    }

    /// The index of one of the words, whole or its first three letters, in any case.
    fn word(&mut self, words: &[&str]) -> Option<i32> {
        let starts = |word: &str| {
            let head = self.rest.get(..word.len())?;
            if head.eq_ignore_ascii_case(word.as_bytes()) { Some(word.len()) } else { None }
        };
        for (index, word) in words.iter().enumerate() {
            let length = starts(word).or_else(|| starts(word.get(..3)?));
            if let Some(length) = length {
                self.rest = self.rest.get(length..)?;
                return i32::try_from(index).ok();
            }
        }
        None
    }

    /// `Z`, `+hh`, `+hhmm` or `+hh:mm`.
    fn offset(&mut self) -> Option<()> {
        self.space();
        if self.eat(b'Z').is_some() {
            self.time.tm_gmtoff = 0;
            return Some(());
        }
        let minus = match self.rest.split_first()? {
            (b'+', _) => false,
            (b'-', _) => true,
            _ => return None,
        };
        self.rest = self.rest.get(1..)?;
        let two = |rest: &[u8]| match rest {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] => Some(i64::from((tens - b'0') * 10 + (ones - b'0'))),
            _ => None,
        };
        let hours = two(self.rest)?;
        self.rest = self.rest.get(2..)?;
        let after_colon = self.rest.strip_prefix(b":").unwrap_or(self.rest);
        let minutes = match two(after_colon) {
            Some(minutes) => {
                self.rest = after_colon.get(2..)?;
                minutes
            }
            None => 0,
        };
        if hours > 24 || minutes > 59 {
            return None;
        }
        let seconds = hours * 3600 + minutes * 60;
        self.time.tm_gmtoff = if minus { -seconds } else { seconds };
        Some(())
    }
}

/// Breaks down seconds as UTC, for callers without a time zone.
#[must_use]
pub fn utc(seconds: i64) -> Option<tm> {
    from_seconds(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, format: &str) -> Option<(usize, tm)> {
        let mut time = tm { tm_mday: 0, tm_year: 0, tm_wday: 0, ..tm::EPOCH };
        parse(text.as_bytes(), format.as_bytes(), &mut time, utc).map(|used| (used, time))
    }

    fn date(year: i32, mon: i32, mday: i32) -> tm {
        tm { tm_year: year - 1900, tm_mon: mon - 1, tm_mday: mday, tm_wday: 0, ..tm::EPOCH }
    }

    #[test]
    fn times_are_read() {
        let noon = tm { tm_hour: 12, ..date(1900, 1, 0) };
        let table = [
            ("2024-02-29", "%Y-%m-%d", date(2024, 2, 29)),
            ("20240229", "%Y%m%d", date(2024, 2, 29)),
            ("2024-02-29", "%F", date(2024, 2, 29)),
            ("+12024-02-29", "%F", date(12024, 2, 29)),
            (" 2/ 9/68", "%D", date(2068, 2, 9)),
            ("02/09/69", "%x", date(1969, 2, 9)),
            ("19 5", "%C %y", date(1905, 1, 0)),
            ("20", "%C", date(2000, 1, 0)),
            ("sEPtember 3", "%b %d", date(1900, 9, 3)),
            ("May 3", "%B %e", date(1900, 5, 3)),
            ("12 pm", "%I %p", noon),
            ("pm 12", "%p %I", noon),
            ("12 AM", "%I %p", date(1900, 1, 0)),
            ("Thursday", "%a", tm { tm_wday: 4, ..date(1900, 1, 0) }),
            ("7", "%u", date(1900, 1, 0)),
            ("366", "%j", tm { tm_yday: 365, ..date(1900, 1, 0) }),
            ("-03:30", "%z", tm { tm_gmtoff: -12_600, ..date(1900, 1, 0) }),
            ("+05", "%z", tm { tm_gmtoff: 18_000, ..date(1900, 1, 0) }),
            ("1234567890", "%s", from_seconds(1_234_567_890).unwrap()),
            ("CEST %", "%Z %%", date(1900, 1, 0)),
        ];
        for (text, format, expected) in table {
            assert_eq!(read(text, format), Some((text.len(), expected)), "{text} {format}");
        }
        let full = read("Fri Feb 13 23:31:30 2009", "%c").unwrap().1;
        assert_eq!((full.tm_sec, full.tm_min, full.tm_hour, full.tm_year, full.tm_wday), (30, 31, 23, 109, 5));
        assert_eq!(read("12:34rest", "%R").map(|(used, _)| used), Some(5));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let table = [
            ("13", "%m"),
            ("0", "%m"),
            ("32", "%d"),
            ("24", "%H"),
            ("61", "%S"),
            ("60", "%M"),
            ("x", "%Y"),
            ("", "%d"),
            ("Foo", "%a"),
            ("367", "%j"),
            ("12:3x", "%H:%M:%S"),
            ("0", "%I"),
            ("+2500", "%z"),
            ("5", "%Q"),
            ("5", "%"),
            ("99999999999999999999", "%s"),
            ("8", "%u"),
        ];
        for (text, format) in table {
            assert_eq!(read(text, format), None, "{text} {format}");
        }
    }
}
