//! A time zone: which local time is in force when, and the other way round.

use alloc::vec::Vec;
use core::ffi::CStr;
use core::ops::Range;

use super::calendar::{DAY, from_seconds, tm, to_seconds};
use super::names::c_name;
use super::rule::{LocalTime, Rule};

/// Transitions in order, then a rule.
#[derive(Clone, Debug, Default)]
pub struct Zone {
    /// From this second on, the type with this index.
    pub transitions: Vec<(i64, u8)>,
    /// Local times; the first is in force before the first transition.
    pub types: Vec<LocalTime>,
    /// What holds from the last transition on.
    pub rule: Option<Rule>,
}

/// Clocks are less than 26 hours from UTC, and change at most once in two days.
const REACH: i64 = DAY + DAY / 12;

/// A stretch of time with one local time, as C sees it.
#[derive(Clone, Debug)]
pub struct Span {
    /// The seconds that it holds, or some of them.
    pub seconds: Range<i64>,
    /// Seconds east of UTC.
    offset: i64,
    is_dst: bool,
    name: &'static CStr,
}

impl Span {
    /// Holds nothing.
    pub const EMPTY: Self = Self { seconds: 0..0, offset: 0, is_dst: false, name: c"UTC" };

    /// Of a local time.
    #[must_use]
    pub fn new(local: &LocalTime, seconds: Range<i64>) -> Self {
        Self { seconds, offset: i64::from(local.offset), is_dst: local.is_dst, name: c_name(&local.name) }
    }

    /// Broken-down local time; `None` when the year does not fit.
    #[must_use]
    pub fn local(&self, seconds: i64) -> Option<tm> {
        let time = from_seconds(seconds.checked_add(self.offset)?)?;
        Some(tm { tm_isdst: i32::from(self.is_dst), tm_gmtoff: self.offset, tm_zone: self.name.as_ptr(), ..time })
    }

    /// [`Zone::seconds`] of a local time that no other span can claim.
    #[must_use]
    pub fn seconds(&self, time: &tm) -> Option<i64> {
        let local = to_seconds(time);
        let alone = self.seconds.contains(&(local - REACH)) && self.seconds.contains(&(local + REACH));
        let meant = time.tm_isdst < 0 || self.is_dst == (time.tm_isdst > 0);
        if alone && meant { Some(local - self.offset) } else { None }
    }
}

impl Zone {
    /// UTC.
    pub const UTC: Self = Self { transitions: Vec::new(), types: Vec::new(), rule: None };

    /// A zone that is only a rule.
    #[must_use]
    pub const fn of_rule(rule: Rule) -> Self {
        Self { transitions: Vec::new(), types: Vec::new(), rule: Some(rule) }
    }

    /// The local time in force so many seconds after the epoch.
    #[must_use]
    pub fn at(&self, seconds: i64) -> LocalTime {
        self.span(seconds).0
    }

    /// The local time in force so many seconds after the epoch, and seconds around it in which it is.
    #[must_use]
    pub fn span(&self, seconds: i64) -> (LocalTime, Range<i64>) {
        let after = self.transitions.partition_point(|(from, _)| *from <= seconds);
        let last = after.checked_sub(1).and_then(|last| self.transitions.get(last));
        let from = last.map_or(i64::MIN, |(from, _)| *from);
        if let (true, Some(rule)) = (after == self.transitions.len(), &self.rule) {
            let (local, span) = rule.span(seconds);
            return (local, span.start.max(from)..span.end);
        }
        let until = self.transitions.get(after).map_or(i64::MAX, |(until, _)| *until);
        let index = last.map_or(0, |(_, index)| usize::from(*index));
        (self.types.get(index).copied().unwrap_or(LocalTime::UTC), from..until)
    }

    /// Broken-down local time; `None` when the year does not fit.
    #[must_use]
    pub fn local(&self, seconds: i64) -> Option<tm> {
        let (local, seconds_around) = self.span(seconds);
        Span::new(&local, seconds_around).local(seconds)
    }

    /// C23 7.29.2.3: seconds of a local time, whose `tm_isdst` says which local time is meant; negative: find out. A time that
    /// was skipped is read by the clock that was in force before, one that came twice is the first of them.
    #[must_use]
    pub fn seconds(&self, time: &tm) -> i64 {
        let local = to_seconds(time);
        let (before, after) = (self.at(local - REACH), self.at(local + REACH));
        let at = |chosen: LocalTime| local - i64::from(chosen.offset);
        let holds = |chosen: LocalTime| self.at(at(chosen)).offset == chosen.offset;
        let found = match (holds(before), holds(after)) {
            (false, true) => after,
            _ => before,
        };
        let found = LocalTime { is_dst: self.at(at(found)).is_dst, ..found };
        if time.tm_isdst < 0 || found.is_dst == (time.tm_isdst > 0) && holds(found) {
            return at(found);
        }
        let wanted = time.tm_isdst > 0;
        let fits = |chosen: &LocalTime| chosen.is_dst == wanted;
        let near = [before, after].into_iter().find(fits).or_else(|| self.nearest(at(found), wanted));
        at(near.unwrap_or(found))
    }

    /// The local time with or without daylight saving that is in force closest to a moment.
    fn nearest(&self, seconds: i64, is_dst: bool) -> Option<LocalTime> {
        let of_rule = || {
            let rule = self.rule?;
            if is_dst { rule.daylight.map(|(daylight, _, _)| daylight) } else { Some(rule.standard) }
        };
        let here = self.transitions.partition_point(|(from, _)| *from <= seconds);
        if let (true, Some(found)) = (here == self.transitions.len(), of_rule()) {
            return Some(found);
        }
        let (past, future) = self.transitions.split_at_checked(here)?;
        let type_of = |transition: &(i64, u8)| self.types.get(usize::from(transition.1)).copied();
        let fits = |local: &LocalTime| local.is_dst == is_dst;
        past.iter()
            .rev()
            .filter_map(type_of)
            .find(fits)
            .or_else(|| future.iter().filter_map(type_of).find(fits))
            .or_else(|| self.types.iter().copied().find(fits))
            .or_else(of_rule)
    }

    /// The latest standard and daylight saving time, for `tzname` and its kin.
    #[must_use]
    pub fn latest(&self) -> (LocalTime, Option<LocalTime>) {
        if let Some(rule) = &self.rule {
            return (rule.standard, rule.daylight.map(|(daylight, _, _)| daylight));
        }
        let latest = |is_dst: bool| {
            let of = |(_, index): &(i64, u8)| self.types.get(usize::from(*index)).copied();
            let by_time = self.transitions.iter().rev().filter_map(of);
            by_time.chain(self.types.iter().copied()).find(|local| local.is_dst == is_dst)
        };
        (latest(false).unwrap_or(LocalTime::UTC), latest(true))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tzif;
    use super::*;

    fn zone(text: &str) -> Zone {
        Zone::of_rule(Rule::parse(text.as_bytes()).unwrap())
    }

    fn time(year: i32, mon: i32, mday: i32, hour: i32, min: i32, isdst: i32) -> tm {
        let date = tm { tm_year: year - 1900, tm_mon: mon - 1, tm_mday: mday, ..tm::EPOCH };
        tm { tm_hour: hour, tm_min: min, tm_isdst: isdst, ..date }
    }

    #[test]
    fn local_times_go_there_and_back() {
        for text in ["UTC0", "EST5EDT", "CET-1CEST,M3.5.0,M10.5.0/3", "AEST-10AEDT,M10.1.0,M4.1.0/3", "<+1345>-13:45"] {
            let zone = zone(text);
            for seconds in (1_700_000_000..1_740_000_000).step_by(12_345) {
                let local = zone.local(seconds).unwrap();
                assert_eq!(zone.seconds(&local), seconds, "{text} {seconds}");
            }
        }
    }

    #[test]
    fn a_span_has_one_local_time_and_ends_where_another_begins() {
        let rules = [
            "EST5EDT",
            "AEST-10AEDT,M10.1.0,M4.1.0/3",
            "JST-9",
            "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
            "AAA0BBB,0/0,J365/25",
        ];
        let zones = rules.map(zone).into_iter().chain([tzif::parse(&tzif::tests::file(0, "")).unwrap(), Zone::UTC]);
        for zone in zones {
            for seconds in (-100_000_000..1_740_000_000).step_by(1_234_567) {
                let (local, span) = zone.span(seconds);
                assert!(span.contains(&seconds), "{seconds} {span:?}");
                let there = Span::new(&local, span.clone());
                let time = there.local(seconds).unwrap();
                for tm_isdst in [-1, 0, 1] {
                    let time = tm { tm_isdst, ..time };
                    assert!(there.seconds(&time).is_none_or(|found| found == zone.seconds(&time)));
                }
                for within in [span.start.max(i64::MIN / 2), span.end.min(i64::MAX / 2) - 1] {
                    assert_eq!(zone.at(within), local, "{seconds} {within}");
                }
            }
        }
    }

    #[test]
    fn skipped_and_doubled_times_and_wrong_flags() {
        let zone = zone("EST5EDT,M3.2.0,M11.1.0");
        let table = [
            // 02:30 on 10 March 2024 was skipped.
            (time(2024, 3, 10, 2, 30, -1), 1_710_055_800),
            (time(2024, 3, 10, 2, 30, 0), 1_710_055_800),
            (time(2024, 3, 10, 2, 30, 1), 1_710_052_200),
            // 01:30 on 3 November 2024 came twice.
            (time(2024, 11, 3, 1, 30, -1), 1_730_611_800),
            (time(2024, 11, 3, 1, 30, 1), 1_730_611_800),
            (time(2024, 11, 3, 1, 30, 0), 1_730_615_400),
            // Summer time in winter and winter time in summer.
            (time(2024, 1, 1, 12, 0, 0), 1_704_128_400),
            (time(2024, 1, 1, 12, 0, 1), 1_704_124_800),
            (time(2024, 7, 1, 12, 0, 1), 1_719_849_600),
            (time(2024, 7, 1, 12, 0, 0), 1_719_853_200),
        ];
        for (local, seconds) in table {
            assert_eq!(zone.seconds(&local), seconds, "{local:?}");
        }
        // Without daylight saving time the flag says nothing.
        assert_eq!(super::tests::zone("JST-9").seconds(&time(1970, 1, 1, 9, 0, 1)), 0);
    }

    #[test]
    fn a_file_without_a_rule_keeps_its_last_type() {
        let zone = tzif::parse(&tzif::tests::file(0, "")).unwrap();
        assert_eq!((zone.at(i64::MAX).offset, zone.at(i64::MIN).offset), (3600, 3600));
        let (standard, daylight) = zone.latest();
        assert_eq!((standard.name.as_bytes(), daylight.unwrap().name.as_bytes()), (&b"STD"[..], &b"DST"[..]));
        assert_eq!(Zone::UTC.at(5), LocalTime::UTC);
        assert_eq!(zone.local(i64::MAX), None);
    }
}
