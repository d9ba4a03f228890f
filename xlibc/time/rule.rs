//! Time zones as POSIX writes them: `EST5EDT,M3.2.0,M11.1.0` (POSIX.1-2024 8.3), with the times of -167 to 167 hours of RFC 9636.

use core::ops::Range;

use super::calendar::{DAY, civil_from_days, days_from_civil, is_leap};
use super::names::Name;

/// Local time in force at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Seconds east of UTC.
    pub offset: i32,
    /// Whether it is daylight saving time.
    pub is_dst: bool,
    /// Its designation.
    pub name: Name,
}

impl LocalTime {
    /// UTC.
    pub const UTC: Self = Self { offset: 0, is_dst: false, name: Name::UTC };
}

/// Standard time and, if there is one, daylight saving time with the days on which it starts and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Standard time.
    pub standard: LocalTime,
    /// Daylight saving time, its start and its end.
    pub daylight: Option<(LocalTime, Change, Change)>,
}

/// When clocks change: a day, and seconds after its midnight by the time in force before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    day: Day,
    seconds: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    /// `Jn`: 1 to 365, 29 February is not counted.
    Julian(i64),
    /// `n`: 0 to 365.
    OfYear(i64),
    /// `Mm.w.d`: month 1 to 12, week 1 to 5 (5 is the last), weekday from Sunday.
    OfMonth(i64, i64, i64),
}

impl Change {
    /// Local seconds since the epoch of the change in a year.
    fn in_year(self, year: i64) -> i64 {
        let first = days_from_civil(year, 1, 1);
        let day = match self.day {
            Day::Julian(day) => first + day - 1 + i64::from(is_leap(year) && day >= 60),
            Day::OfYear(day) => first + day,
            Day::OfMonth(month, week, weekday) => {
                let start = days_from_civil(year, month, 1);
                let next =
                    if month == 12 { days_from_civil(year + 1, 1, 1) } else { days_from_civil(year, month + 1, 1) };
                // 1970-01-01 was a Thursday.
                let day = start + (weekday - (start + 4)).rem_euclid(7) + (week - 1) * 7;
                if day < next { day } else { day - 7 }
            }
        };
        day * DAY + self.seconds
    }
}

impl Rule {
    /// The local time in force so many seconds after the epoch.
    #[must_use]
    pub fn at(&self, seconds: i64) -> LocalTime {
        self.span(seconds).0
    }

    /// The local time in force so many seconds after the epoch, and seconds around it in which it is.
    #[must_use]
    pub fn span(&self, seconds: i64) -> (LocalTime, Range<i64>) {
        let Some((daylight, start, end)) = self.daylight else { return (self.standard, i64::MIN..i64::MAX) };
        let offset = i64::from(self.standard.offset);
        let Some(local) = seconds.checked_add(offset) else { return (self.standard, seconds..seconds) };
        let (year, _, _) = civil_from_days(local.div_euclid(DAY));
        let start = start.in_year(year) - offset;
        let end = end.in_year(year) - i64::from(daylight.offset);
        // South of the equator daylight saving time spans the turn of the year.
        let is_dst = if start < end { (start..end).contains(&seconds) } else { !(end..start).contains(&seconds) };
        // The next year's changes are others.
        let turns = [year, year + 1].map(|year| days_from_civil(year, 1, 1).saturating_mul(DAY).saturating_sub(offset));
        let marks = [turns[0], start, end, turns[1]];
        let from = marks.into_iter().filter(|mark| *mark <= seconds).max().unwrap_or(seconds);
        let until = marks.into_iter().filter(|mark| *mark > seconds).min().unwrap_or(seconds);
        (if is_dst { daylight } else { self.standard }, from..until)
    }

    /// Reads a whole TZ string; `None` when it is not of this form.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut rest = Text { rest: text };
        let name = rest.name()?;
        let standard = LocalTime { offset: -rest.offset(24)? as i32, is_dst: false, name };
        if rest.rest.is_empty() {
            return Some(Self { standard, daylight: None });
        }
        let name = rest.name()?;
        let offset = if matches!(rest.rest.first(), None | Some(b',')) {
            standard.offset + 3600
        } else {
            -rest.offset(24)? as i32
        };
        let daylight = LocalTime { offset, is_dst: true, name };
        // POSIX leaves the days to the implementation; these are those of the United States since 2007.
        let mut days = if rest.rest.is_empty() { Text { rest: b",M3.2.0,M11.1.0" } } else { rest };
        let (start, end) = (days.change()?, days.change()?);
        if days.rest.is_empty() { Some(Self { standard, daylight: Some((daylight, start, end)) }) } else { None }
    }
}

/// What is left of the string.
struct Text<'a> {
    rest: &'a [u8],
}

impl<'a> Text<'a> {
    fn eat(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// The bytes that fit, at least one.
    fn run(&mut self, fits: impl Fn(u8) -> bool) -> Option<&'a [u8]> {
        let length = self.rest.iter().take_while(|byte| fits(**byte)).count();
        let (run, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        if run.is_empty() { None } else { Some(run) }
    }

    /// Three letters or more; between `<` and `>` digits and signs too.
    fn name(&mut self) -> Option<Name> {
        let name = if self.eat(b'<') {
            let name = self.run(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'-')?;
            if !self.eat(b'>') {
                return None;
            }
            name
        } else {
            self.run(|byte| byte.is_ascii_alphabetic())?
        };
        if name.len() < 3 { None } else { Name::new(name) }
    }

    fn number(&mut self, limit: i64) -> Option<i64> {
        let digits = self.run(|byte| byte.is_ascii_digit())?;
        let value = digits.iter().take(5).fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        if digits.len() <= 5 && value <= limit { Some(value) } else { None }
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    fn offset(&mut self, hours: i64) -> Option<i64> {
        let minus = self.eat(b'-');
        if !minus {
            self.eat(b'+');
        }
        let mut seconds = self.number(hours)? * 3600;
        if self.eat(b':') {
            seconds += self.number(59)? * 60;
            if self.eat(b':') {
                seconds += self.number(59)?;
            }
        }
        Some(if minus { -seconds } else { seconds })
    }

    /// `,day[/time]`.
    fn change(&mut self) -> Option<Change> {
        if !self.eat(b',') {
            return None;
        }
        let day = if self.eat(b'J') {
            Day::Julian(self.number(365).filter(|day| *day > 0)?)
        } else if self.eat(b'M') {
            let month = self.number(12).filter(|month| *month > 0)?;
            let week = if self.eat(b'.') { self.number(5).filter(|week| *week > 0)? } else { return None };
            let weekday = if self.eat(b'.') { self.number(6)? } else { return None };
            Day::OfMonth(month, week, weekday)
        } else {
            Day::OfYear(self.number(365)?)
        };
        let seconds = if self.eat(b'/') { self.offset(167)? } else { 2 * 3600 };
        Some(Change { day, seconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &str, seconds: i64) -> (i32, bool, String) {
        let local = Rule::parse(zone.as_bytes()).unwrap().at(seconds);
        (local.offset, local.is_dst, String::from_utf8(local.name.as_bytes().to_vec()).unwrap())
    }

    #[test]
    fn changes_happen_in_their_second() {
        let table = [
            // 2024-03-10 07:00:00 UTC and 2024-11-03 06:00:00 UTC.
            ("EST5EDT", 1_710_054_000, -14_400),
            ("EST5EDT,M3.2.0,M11.1.0", 1_710_053_999, -18_000),
            ("EST5EDT,M3.2.0,M11.1.0", 1_730_613_599, -14_400),
            ("EST5EDT,M3.2.0,M11.1.0", 1_730_613_600, -18_000),
            // 2024-03-31 01:00:00 UTC.
            ("CET-1CEST,M3.5.0,M10.5.0/3", 1_711_846_799, 3600),
            ("CET-1CEST,M3.5.0,M10.5.0/3", 1_711_846_800, 7200),
            // Sydney, 2024-04-06 16:00:00 UTC and 2024-10-05 16:00:00 UTC.
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_712_419_199, 39_600),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_712_419_200, 36_000),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_728_143_999, 36_000),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_728_144_000, 39_600),
            // 1 March in a leap year and in another: J60 is 1 March always, 60 only without 29 February.
            ("AAA0BBB,J60/0,J61/0", 1_709_251_200, 3600),
            ("AAA0BBB,59/0,60/0", 1_709_164_800, 3600),
            ("AAA0BBB,59/0,60/0", 1_677_628_800, 3600),
            // Daylight saving time all the year (RFC 9636 3.3.1).
            ("EST5EDT,0/0,J365/25", 0, -14_400),
            ("EST5EDT,0/0,J365/25", 1_704_085_199, -14_400),
            ("<+0330>-3:30", 5, 12_600),
        ];
        for (zone, seconds, offset) in table {
            assert_eq!(at(zone, seconds).0, offset, "{zone} {seconds}");
        }
        assert_eq!(at("<-03>3<-02>2,M3.5.0/-2,M10.5.0/-1", 1_710_000_000), (-10_800, false, "-03".into()));
    }

    #[test]
    fn other_strings_are_refused() {
        let wrong = [
            "",
            "E",
            "ES5",
            "EST",
            "EST5ED",
            "EST5EDT,",
            "EST5EDT,M3.2.0",
            "EST5EDT,M13.2.0,M11.1.0",
            "EST5EDT,J0,J1",
            "EST5EDT,M3.6.0,M11.1.0",
            "EST5EDT,366,1",
            "EST25",
            "EST5:60",
            "<EST5",
            "EST5EDT,M3.2.0,M11.1.0x",
            "Europe/Paris",
            "EST5EDT,M3.2.0/168,M11.1.0",
            "EST99999999999999",
        ];
        for zone in wrong {
            assert_eq!(Rule::parse(zone.as_bytes()), None, "{zone}");
        }
    }
}
