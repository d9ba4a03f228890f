//! Fuzz targets: times, formats of times and time zones from outside.

use std::string::String;

use super::calendar::{tm, to_seconds};
use super::format::{Extra, format};
use super::parse::{parse, utc};
use super::rule::Rule;
use super::tzif;

/// Moments around which zones change, and the limits.
const MOMENTS: [i64; 7] = [0, -1, 951_782_400, 1_711_846_800, i32::MAX as i64, -(1 << 40), 1 << 40];

/// strptime and strftime: a format, and behind a newline a text; the time that is read is written in the same format.
pub fn strptime(data: &[u8]) {
    let at = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (pattern, text) = (&data[..at], data.get(at + 1..).unwrap_or(&[]));
    let mut time = tm::EPOCH;
    if let Some(taken) = parse(text, pattern, &mut time, utc) {
        assert!(taken <= text.len());
    }
    write(&time, pattern);
}

/// strftime with members of any value: six 32-bit numbers, then the format.
pub fn strftime(data: &[u8]) {
    let Some((numbers, pattern)) = data.split_at_checked(32) else { return };
    let number = |at: usize| i32::from_le_bytes(numbers[4 * at..4 * at + 4].try_into().unwrap_or_default());
    let time = tm {
        tm_sec: number(0),
        tm_min: number(1),
        tm_hour: number(2),
        tm_mday: number(3),
        tm_mon: number(4),
        tm_year: number(5),
        tm_wday: number(6),
        tm_yday: number(7),
        ..tm::EPOCH
    };
    write(&time, pattern);
}

fn write(time: &tm, pattern: &[u8]) {
    let mut room = 4096;
    let mut put = |_: u32| {
        room -= 1;
        room > 0
    };
    let _ = format(
        time,
        Extra { zone: b"UTC", seconds: to_seconds },
        pattern.iter().map(|byte| u32::from(*byte)),
        &mut put,
    );
}

/// The variable TZ as a rule of POSIX: each moment lies in the span that it is told, and an offset is less than 25 hours.
pub fn tz(data: &[u8]) {
    let Some(rule) = Rule::parse(data) else { return };
    for moment in MOMENTS {
        let (local, span) = rule.span(moment);
        assert!(span.contains(&moment), "{moment} is not in {span:?} of {}", String::from_utf8_lossy(data));
        assert_eq!(rule.at(moment).offset, local.offset);
        assert!(local.offset.abs() <= 25 * 3600, "offset {}", local.offset);
    }
}

/// Files of time zones.
pub fn tzif(data: &[u8]) {
    let Some(zone) = tzif::parse(data) else { return };
    for moment in MOMENTS {
        let (local, _) = zone.span(moment);
        assert_eq!(zone.at(moment).offset, local.offset);
        if let Some(time) = zone.local(moment) {
            let _ = zone.seconds(&time);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fuzz::drive;
    use std::vec::Vec;

    #[test]
    fn strptime() {
        let good: [&[u8]; 5] = [
            b"%Y-%m-%d %H:%M:%S\n2024-02-29 23:59:60",
            b"%a %A %b %B %c\nThu Thursday Jan January Thu Jan  1 00:00:00 1970",
            b"%C%y %j %U %w %V %G %g\n2024 366 08 4 09 2024 24",
            b"%s %z %Z %p %I %D %R %T %e\n1711846800 +0530 UTC PM 12 02/29/24 12:30 12:30:59 29",
            b"%010Y %+5C %_d %-H %^a %#Z %Ey %Od\n2024",
        ];
        drive(super::strptime, &good, 20_000);
    }

    #[test]
    fn strftime() {
        let formats = ["%c %D %F %G %j %s %U %V %W %x %X %Z %z", "%+20Y%_5d%020e%^B%#p%Ex%Ow%100n"];
        let good = formats.map(|text| {
            let numbers = [59, 60, 23, 31, 11, i32::MAX, 6, 365];
            numbers.iter().flat_map(|number: &i32| number.to_le_bytes()).chain(text.bytes()).collect::<Vec<u8>>()
        });
        drive(super::strftime, &[&good[0], &good[1]], 20_000);
    }

    #[test]
    fn tz() {
        let good: [&[u8]; 6] = [
            b"CET-1CEST,M3.5.0,M10.5.0/3",
            b"EST5EDT,M3.2.0/2,M11.1.0",
            b"<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
            b"IST-1GMT0,M10.5.0,M3.5.0/1",
            b"XXX3YYY,J60/-24,300/167:59:59",
            b"UTC0",
        ];
        drive(super::tz, &good, 50_000);
    }

    #[test]
    fn tzif() {
        let files: Vec<&[u8]> = crate::time::database::all().map(|(_, file)| file).step_by(40).collect();
        drive(super::tzif, &files, 20_000);
    }
}
