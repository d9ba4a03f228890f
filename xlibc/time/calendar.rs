//! Seconds since the epoch and broken-down time, in the proleptic Gregorian calendar. Day numbers are those of H. Hinnant,
//! "chrono-Compatible Low-Level Date Algorithms", 2013: years start in March, so that a leap day comes last.

use crate::types::{c_char, c_int, c_long};

/// `struct tm` of the ABI.
#[expect(missing_docs, reason = "the names are C's")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct tm {
    pub tm_sec: c_int,
    pub tm_min: c_int,
    pub tm_hour: c_int,
    pub tm_mday: c_int,
    /// From 0.
    pub tm_mon: c_int,
    /// Less 1900.
    pub tm_year: c_int,
    /// From Sunday.
    pub tm_wday: c_int,
    /// From 0.
    pub tm_yday: c_int,
    pub tm_isdst: c_int,
    /// Seconds east of UTC.
    pub tm_gmtoff: c_long,
    pub tm_zone: *const c_char,
}

const _: () = assert!(size_of::<tm>() == 56 && core::mem::offset_of!(tm, tm_gmtoff) == 40);

/// Seconds of a day.
pub const DAY: i64 = 86_400;

impl tm {
    /// The epoch.
    pub const EPOCH: Self = Self {
        tm_sec: 0,
        tm_min: 0,
        tm_hour: 0,
        tm_mday: 1,
        tm_mon: 0,
        tm_year: 70,
        tm_wday: 4,
        tm_yday: 0,
        tm_isdst: 0,
        tm_gmtoff: 0,
        tm_zone: c"UTC".as_ptr(),
    };

    /// The year.
    #[must_use]
    pub fn year(&self) -> i64 {
        i64::from(self.tm_year) + 1900
    }
}

/// Days from 1970-01-01 to a date; `month` 1 to 12, any `day`.
#[must_use]
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month (1 to 12) and day of the date so many days after 1970-01-01.
#[must_use]
pub fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Whether the year has 366 days.
#[must_use]
pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a year without a leap day before the month, 1 to 12.
fn days_before(month: i64) -> i64 {
    // From March on, 153 days each five months.
    if month > 2 { (153 * (month - 3) + 2) / 5 + 59 } else { 31 * (month - 1) }
}

/// Broken-down UTC; `None` when the year does not fit `tm_year`.
#[must_use]
pub fn from_seconds(seconds: i64) -> Option<tm> {
    let (days, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let (year, month, day) = civil_from_days(days);
    Some(tm {
        tm_sec: (rest % 60) as c_int,
        tm_min: (rest / 60 % 60) as c_int,
        tm_hour: (rest / 3600) as c_int,
        tm_mday: day as c_int,
        tm_mon: month as c_int - 1,
        tm_year: c_int::try_from(year - 1900).ok()?,
        // 1970-01-01 was a Thursday.
        tm_wday: (days + 4).rem_euclid(7) as c_int,
        tm_yday: (days_before(month) + day - 1 + i64::from(month > 2 && is_leap(year))) as c_int,
        ..tm::EPOCH
    })
}

/// Seconds of what the first six members say as UTC; they need not be in their ranges, and no combination overflows.
#[must_use]
pub fn to_seconds(time: &tm) -> i64 {
    let months = i64::from(time.tm_mon);
    let year = time.year() + months.div_euclid(12);
    let days = days_from_civil(year, months.rem_euclid(12) + 1, 1) + i64::from(time.tm_mday) - 1;
    days * DAY + i64::from(time.tm_hour) * 3600 + i64::from(time.tm_min) * 60 + i64::from(time.tm_sec)
}

/// Year and week of ISO 8601: weeks start on Monday and belong to the year of their Thursday. The days are as given, also where
/// they are not those of the calendar: of the year only its length counts (C23 7.29.3.5).
#[must_use]
pub fn iso_week(year: i64, day_of_year: i64, weekday: i64) -> (i64, i64) {
    let days = |year| 365 + i64::from(is_leap(year));
    let thursday = day_of_year + 3 - (weekday + 6).rem_euclid(7);
    let (year, day) = if thursday < 0 {
        (year - 1, thursday + days(year - 1))
    } else if thursday >= days(year) {
        (year + 1, thursday - days(year))
    } else {
        (year, thursday)
    };
    (year, day.div_euclid(7) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse_over_all_eras() {
        for days in (-1_500_000..1_500_000).step_by(37).chain([-719_468, 0, 11_016, 11_017, 19_782]) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
        let known = [(0, (1970, 1, 1)), (-1, (1969, 12, 31)), (11_016, (2000, 2, 29)), (-719_528, (0, 1, 1))];
        for (days, date) in known {
            assert_eq!(civil_from_days(days), date);
        }
    }

    #[test]
    fn limits_of_tm_year_are_the_limits() {
        let last = 67_768_036_191_676_799;
        assert_eq!(
            from_seconds(last).map(|t| (t.tm_year, t.tm_mon, t.tm_mday, t.tm_sec)),
            Some((c_int::MAX, 11, 31, 59))
        );
        assert_eq!(from_seconds(last + 1), None);
        let first = -67_768_040_609_740_800;
        assert_eq!(from_seconds(first).map(|t| (t.tm_year, t.tm_mon, t.tm_mday)), Some((c_int::MIN, 0, 1)));
        assert_eq!(from_seconds(first - 1), None);
        assert_eq!((from_seconds(i64::MAX), from_seconds(i64::MIN)), (None, None));
        for seconds in [last, first, 0, -1, 951_782_400] {
            assert_eq!(from_seconds(seconds).map(|t| to_seconds(&t)), Some(seconds));
        }
    }

    #[test]
    fn members_outside_their_ranges_carry() {
        let base = tm { tm_year: 100, tm_mon: 1, tm_mday: 29, ..tm::EPOCH };
        let at = |time: tm| from_seconds(to_seconds(&time)).map(|t| (t.year(), t.tm_mon, t.tm_mday, t.tm_hour));
        assert_eq!(at(tm { tm_mon: 13, ..base }), Some((2001, 2, 1, 0)));
        assert_eq!(at(tm { tm_mon: -1, ..base }), Some((1999, 11, 29, 0)));
        assert_eq!(at(tm { tm_mday: 0, ..base }), Some((2000, 0, 31, 0)));
        assert_eq!(at(tm { tm_hour: -1, ..base }), Some((2000, 1, 28, 23)));
        assert_eq!(at(tm { tm_sec: 86_400, ..base }), Some((2000, 2, 1, 0)));
        let limits = tm { tm_mon: c_int::MAX, tm_mday: c_int::MAX, tm_hour: c_int::MAX, tm_year: c_int::MAX, ..base };
        assert!(to_seconds(&limits) > 0);
    }

    #[test]
    fn iso_weeks_at_the_ends_of_years() {
        let table = [
            ((2005, 0, 6), (2004, 53)),
            ((2005, 1, 0), (2004, 53)),
            ((2005, 364, 6), (2005, 52)),
            ((2006, 0, 0), (2005, 52)),
            ((2007, 0, 1), (2007, 1)),
            ((2008, 364, 2), (2009, 1)),
            ((2009, 364, 4), (2009, 53)),
            ((2010, 2, 0), (2009, 53)),
        ];
        for ((year, day, weekday), expected) in table {
            assert_eq!(iso_week(year, day, weekday), expected, "{year} {day}");
        }
    }

    #[test]
    fn iso_weeks_follow_the_days_as_given() {
        // Before, in and after leap years, of centuries too; and every pair of days, possible or not.
        for (year, day, weekday) in [1999, 2000, 2001, 2023, 2024, 2025, 1899, 1900, 1901, -1, 0, 1]
            .into_iter()
            .flat_map(|year| (0..366).flat_map(move |day| (0..7).map(move |weekday| (year, day, weekday))))
        {
            // ISO 8601's rule for the number, and for which years have 53 weeks: those that start on a Thursday, leap years also on
            // a Wednesday. The weekday on which a year starts follows from the day as given.
            let length = |year: i64| 365 + i64::from(is_leap(year));
            let starts = |offset: i64| (weekday - day + offset).rem_euclid(7);
            let weeks = |year: i64, start: i64| 52 + i64::from(start == 4 || start == 3 && is_leap(year));
            let number = (day + 1 - (weekday + 6) % 7 - 1 + 10) / 7;
            let expected = if number == 0 {
                (year - 1, weeks(year - 1, starts(-length(year - 1))))
            } else if number > weeks(year, starts(0)) {
                (year + 1, 1)
            } else {
                (year, number)
            };
            assert_eq!(iso_week(year, day, weekday), expected, "{year} {day} {weekday}");
        }
    }
}
