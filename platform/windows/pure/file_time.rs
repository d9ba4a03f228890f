//! `FILETIME` (units of 100 ns since 1601-01-01) and `timespec`.

use platform::Timespec;

/// Seconds from 1601-01-01 to 1970-01-01.
const EPOCH_SECONDS: i64 = 11_644_473_600;
const UNITS_PER_SECOND: i64 = 10_000_000;

/// The point in time of a count of units since 1601.
#[must_use]
pub const fn to_timespec(units: i64) -> Timespec {
    Timespec {
        seconds: units.div_euclid(UNITS_PER_SECOND) - EPOCH_SECONDS,
        nanoseconds: units.rem_euclid(UNITS_PER_SECOND) * 100,
    }
}

/// Units since 1601, rounded down, at least 1: Windows reads 0 as "leave it" and negative values as commands.
#[must_use]
pub const fn from_timespec(time: Timespec) -> i64 {
    let units = time
        .seconds
        .saturating_add(EPOCH_SECONDS)
        .saturating_mul(UNITS_PER_SECOND)
        .saturating_add(time.nanoseconds / 100);
    if units < 1 { 1 } else { units }
}

/// A length of time in units.
#[must_use]
pub const fn duration(units: u64) -> Timespec {
    Timespec {
        seconds: (units / UNITS_PER_SECOND as u64) as i64,
        nanoseconds: (units % UNITS_PER_SECOND as u64 * 100) as i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unix_epoch_and_times_before_it_are_exact() {
        assert_eq!(to_timespec(116_444_736_000_000_000), Timespec { seconds: 0, nanoseconds: 0 });
        assert_eq!(to_timespec(116_444_735_999_999_999), Timespec { seconds: -1, nanoseconds: 999_999_900 });
        for units in [1, 116_444_735_999_999_999, 133_000_000_000_000_001] {
            assert_eq!(from_timespec(to_timespec(units)), units);
        }
        assert_eq!(from_timespec(Timespec { seconds: i64::MIN, nanoseconds: 0 }), 1);
        assert_eq!(from_timespec(Timespec { seconds: i64::MAX, nanoseconds: 0 }), i64::MAX);
        assert_eq!(duration(12_345_678), Timespec { seconds: 1, nanoseconds: 234_567_800 });
    }
}
