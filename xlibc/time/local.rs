//! The process's time zone: `tzset` and what depends on it.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicI32, AtomicI64, AtomicPtr, Ordering};

use super::calendar::tm;
use super::database;
use super::names::c_name;
use super::rule::Rule;
use super::tzif;
use super::zone::{Span, Zone};
use crate::environment;
use crate::rt::{self, Platform};
use crate::sync::Locked;
use crate::types::c_char;

/// `tzname`: designations of standard and daylight saving time.
#[export("tzname")]
pub static TZNAME: [AtomicPtr<c_char>; 2] = [const { AtomicPtr::new(c"UTC".as_ptr().cast_mut()) }; 2];
/// `timezone`: seconds west of UTC of standard time.
#[export("timezone")]
pub static TIMEZONE: AtomicI64 = AtomicI64::new(0);
/// `daylight`: whether there is daylight saving time.
#[export("daylight")]
pub static DAYLIGHT: AtomicI32 = AtomicI32::new(0);

/// The zone in force, and the value of TZ that it came from.
struct Local {
    /// What TZ was when last looked at: `None` before the first time.
    source: Option<Option<Vec<u8>>>,
    /// The environment that it was looked at in.
    stamp: (u64, usize),
    zone: Zone,
    /// The span that was asked for last: the next moment often lies in it too.
    span: Span,
}

static LOCAL: Locked<Local> = Locked::new(Local { source: None, stamp: (0, 0), zone: Zone::UTC, span: Span::EMPTY });

/// Files longer than this are no time zones.
const FILE_MAX: usize = 256 * 1024;
/// The zone of the system.
const SYSTEMS: &[u8] = b"/etc/localtime";
/// Where zones lie, by name.
const FOLDERS: [&[u8]; 3] = [b"/usr/share/zoneinfo/", b"/share/zoneinfo/", b"/etc/zoneinfo/"];

/// Runs `work` on the zone of TZ as it is now.
fn with_zone<R>(work: impl FnOnce(&Zone) -> R) -> R {
    LOCAL.with(rt::host(), |local| {
        local.look();
        work(&local.zone)
    })
}

impl Local {
    /// Looks at TZ, and reads the zone that it names if it has changed.
    fn look(&mut self) {
        self.stamp = environment::stamp();
        // SAFETY: `environ` is a list of strings by its contract, and the value is copied before anything can change it.
        let now = unsafe { environment::value(b"TZ") };
        let known = self.source.as_ref().is_some_and(|source| source.as_deref() == now);
        if !known {
            self.zone = load(rt::host(), now);
            let copy = now.map(|value| {
                let mut copy = Vec::new();
                // Without memory the next call reads the zone again.
                let _ = copy.try_reserve_exact(value.len()).map(|()| copy.extend_from_slice(value));
                copy
            });
            self.source = Some(copy);
            self.span = Span::EMPTY;
            publish(&self.zone);
        }
    }
}

impl Local {
    /// The span that a moment lies in.
    fn span_of(&mut self, seconds: i64) -> &Span {
        if !self.span.seconds.contains(&seconds) {
            let (time, around) = self.zone.span(seconds);
            self.span = Span::new(&time, around);
        }
        &self.span
    }
}

/// Sets the objects that C sees.
fn publish(zone: &Zone) {
    let (standard, daylight) = zone.latest();
    let names = [standard.name, daylight.unwrap_or(standard).name];
    for (place, name) in TZNAME.iter().zip(&names) {
        place.store(c_name(name).as_ptr().cast_mut(), Ordering::Release);
    }
    TIMEZONE.store(-i64::from(standard.offset), Ordering::Release);
    DAYLIGHT.store(i32::from(daylight.is_some()), Ordering::Release);
}

/// POSIX.1-2024 8.3: the zone of a value of TZ: a rule, or the name of a file, after a colon only that. Without a value the file
/// `/etc/localtime`; UTC where nothing is found. Hosts without a folder of zones get those that the library carries. A process that
/// may do more than whoever set TZ reads no files but that one and those of the folders.
pub fn load(host: &impl Platform, value: Option<&[u8]>) -> Zone {
    let value = match value {
        None => return read_zone(host, &[SYSTEMS]).unwrap_or(Zone::UTC),
        Some(b"" | b":") => return Zone::UTC,
        Some(value) => value,
    };
    let name = value.strip_prefix(b":").unwrap_or(value);
    let rule = if name.len() == value.len() { Rule::parse(value) } else { None };
    if let Some(rule) = rule {
        return Zone::of_rule(rule);
    }
    let climbs = name.split(|byte| *byte == b'/').any(|part| part == b"..");
    let is_systems = name == SYSTEMS || !climbs && FOLDERS.iter().any(|folder| name.starts_with(folder));
    let zone = if name.starts_with(b"/") {
        if is_systems || !host.is_secure() { read_zone(host, &[name]) } else { None }
    } else if climbs {
        // A name leads to a zone, not out of the folder of zones.
        None
    } else {
        FOLDERS.iter().find_map(|folder| read_zone(host, &[folder, name])).or_else(|| tzif::parse(database::get(name)?))
    };
    zone.unwrap_or(Zone::UTC)
}

/// Reads the file whose path is made of these parts.
fn read_zone(host: &impl Platform, parts: &[&[u8]]) -> Option<Zone> {
    let mut path = Vec::new();
    path.try_reserve_exact(parts.iter().map(|part| part.len()).sum()).ok()?;
    parts.iter().for_each(|part| path.extend_from_slice(part));
    tzif::parse(&rt::read_file(host, &path, FILE_MAX).ok()?)
}

/// `tzset`.
pub fn update() {
    with_zone(|_| ());
}

/// Local time of a moment; `None` when the year does not fit. TZ counts as `tzset` or a later change by `setenv` and its kin left it:
/// POSIX.1-2024 `localtime_r` need not look at it each time.
pub fn local(seconds: i64) -> Option<tm> {
    LOCAL.with(rt::host(), |local| {
        if local.source.is_none() || local.stamp != environment::stamp() {
            local.look();
        }
        local.span_of(seconds).local(seconds)
    })
}

/// `localtime`: looks at TZ each time.
pub fn local_anew(seconds: i64) -> Option<tm> {
    LOCAL.with(rt::host(), |local| {
        local.look();
        local.span_of(seconds).local(seconds)
    })
}

/// Seconds of a local time.
pub fn seconds(time: &tm) -> i64 {
    with_zone(|zone| zone.seconds(time))
}

/// `mktime`: seconds of a local time, and that time with all members in their ranges; `None` when the year does not fit.
pub fn normalise(time: &tm) -> Option<(i64, tm)> {
    LOCAL.with(rt::host(), |local| {
        local.look();
        let seconds = local.span.seconds(time).unwrap_or_else(|| local.zone.seconds(time));
        Some((seconds, local.span_of(seconds).local(seconds)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::host;
    use crate::rt::{Names, abi};

    #[test]
    fn zones_come_from_rules_files_and_nowhere() {
        let sim = platform_sim::sim();
        let folders: [&[u8]; 6] =
            [b"/etc", b"/etc/zoneinfo", b"/usr", b"/usr/share", b"/usr/share/zoneinfo", b"/usr/share/zoneinfo/Test"];
        for folder in folders {
            host().make_directory(abi::at::CURRENT_DIRECTORY, folder, 0o755).unwrap();
        }
        let file = tzif::tests::file(b'2', "STD-1DST,M3.5.0,M10.5.0/3");
        sim.put_file(b"/usr/share/zoneinfo/Test/Zone", &file);
        sim.put_file(b"/etc/zoneinfo/EST5EDT", &file);
        sim.put_file(b"/home/zone", &file);
        sim.put_file(b"/home/broken", &file[..50]);
        let table: [(Option<&[u8]>, i32); 13] = [
            (Some(b"Asia/Kolkata"), 19_800),
            (None, 0),
            (Some(b""), 0),
            (Some(b":"), 0),
            (Some(b"JST-9"), 32_400),
            (Some(b"Test/Zone"), 3600),
            (Some(b":Test/Zone"), 3600),
            (Some(b"EST5EDT"), -18_000),
            (Some(b":EST5EDT"), 3600),
            (Some(b"/home/zone"), 3600),
            (Some(b"/home/broken"), 0),
            (Some(b"../../home/zone"), 0),
            (Some(b"No/Where"), 0),
        ];
        for (value, offset) in table {
            assert_eq!(load(host(), value).at(0).offset, offset, "{value:?}");
        }
        sim.set_secure(true);
        for (value, offset) in [
            (&b"/home/zone"[..], 0),
            (b":/home/zone", 0),
            (b"/usr/share/zoneinfo/../../../home/zone", 0),
            (b"/usr/share/zoneinfo/Test/Zone", 3600),
            (b":Test/Zone", 3600),
            (b"JST-9", 32_400),
        ] {
            assert_eq!(load(host(), Some(value)).at(0).offset, offset, "{value:?}");
        }
        sim.set_secure(false);
        sim.put_file(b"/etc/localtime", &file);
        assert_eq!(load(host(), None).at(0).offset, 3600);
        sim.hook.fail_once("read", 0, rt::Errno::INTR);
        assert_eq!(load(host(), None).at(0).offset, 3600);
        sim.hook.fail_once("read", 0, rt::Errno::IO);
        assert_eq!(load(host(), None).at(0).offset, 0);
    }
}
