//! Files of compiled time zones: TZif, versions 1 to 4 (RFC 9636).

use alloc::vec::Vec;

use super::names::Name;
use super::rule::{LocalTime, Rule};
use super::zone::Zone;

/// Reads a file; `None` when it is not one.
#[must_use]
pub fn parse(file: &[u8]) -> Option<Zone> {
    let mut at = Reader { rest: file };
    let first = Header::read(&mut at)?;
    if first.version < b'2' {
        return read_block(&mut at, &first, 4);
    }
    // The first block is for readers that know 32 bits only.
    at.take(first.length(4)?)?;
    let second = Header::read(&mut at)?;
    let mut zone = read_block(&mut at, &second, 8)?;
    // The rule for what comes after the last transition, between newlines; empty where nobody knows.
    let footer = at.rest.strip_prefix(b"\n")?;
    let end = footer.iter().position(|byte| *byte == b'\n')?;
    zone.rule = Rule::parse(footer.get(..end)?);
    Some(zone)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn count(&mut self) -> Option<usize> {
        let bytes = self.take(4)?.first_chunk::<4>()?;
        // More than any file can hold.
        usize::try_from(u32::from_be_bytes(*bytes)).ok().filter(|count| *count < 1 << 24)
    }
}

struct Header {
    version: u8,
    ut_indicators: usize,
    standard_indicators: usize,
    leap_seconds: usize,
    transitions: usize,
    types: usize,
    characters: usize,
}

impl Header {
    fn read(at: &mut Reader<'_>) -> Option<Self> {
        if at.take(4)? != b"TZif" {
            return None;
        }
        let version = *at.take(16)?.first()?;
        Some(Self {
            version,
            ut_indicators: at.count()?,
            standard_indicators: at.count()?,
            leap_seconds: at.count()?,
            transitions: at.count()?,
            types: at.count()?,
            characters: at.count()?,
        })
    }

    /// Bytes of the block that follows, with times of so many bytes.
    fn length(&self, time: usize) -> Option<usize> {
        let parts = [
            self.transitions.checked_mul(time + 1)?,
            self.types.checked_mul(6)?,
            self.characters,
            self.leap_seconds.checked_mul(time + 4)?,
            self.standard_indicators,
            self.ut_indicators,
        ];
        parts.into_iter().try_fold(0_usize, usize::checked_add)
    }
}

fn read_block(at: &mut Reader<'_>, header: &Header, time: usize) -> Option<Zone> {
    let times = at.take(header.transitions * time)?;
    let indices = at.take(header.transitions)?;
    let types = at.take(header.types * 6)?;
    let characters = at.take(header.characters)?;
    // Leap seconds and the indicators do not matter: POSIX time has no leap seconds, and the rule is in the footer.
    at.take(header.leap_seconds * (time + 4) + header.standard_indicators + header.ut_indicators)?;

    let mut zone = Zone { transitions: Vec::new(), types: Vec::new(), rule: None };
    zone.types.try_reserve_exact(header.types).ok()?;
    for record in types.as_chunks::<6>().0 {
        let [a, b, c, d, is_dst, name] = *record;
        let from = characters.get(usize::from(name)..)?;
        let length = from.iter().position(|byte| *byte == 0)?;
        let offset = i32::from_be_bytes([a, b, c, d]);
        // RFC 9636 3.2: offsets are between -25 and 26 hours.
        if !(-90_000..=93_600).contains(&offset) || is_dst > 1 {
            return None;
        }
        zone.types.push(LocalTime { offset, is_dst: is_dst == 1, name: Name::new(from.get(..length)?)? });
    }
    if zone.types.is_empty() {
        return None;
    }
    zone.transitions.try_reserve_exact(header.transitions).ok()?;
    for (bytes, index) in times.chunks_exact(time).zip(indices) {
        let seconds = match (bytes.first_chunk::<8>(), bytes.first_chunk::<4>()) {
            (Some(long), _) => i64::from_be_bytes(*long),
            (None, Some(short)) => i64::from(i32::from_be_bytes(*short)),
            _ => return None,
        };
        let rises = zone.transitions.last().is_none_or(|(last, _)| *last < seconds);
        if !rises || usize::from(*index) >= zone.types.len() {
            return None;
        }
        zone.transitions.push((seconds, *index));
    }
    Some(zone)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file with two types, transitions at 1000 (to daylight) and 2000 (back), and a footer.
    pub fn file(version: u8, footer: &str) -> Vec<u8> {
        let block = |time: usize| {
            let mut bytes = b"TZif".to_vec();
            bytes.push(version);
            bytes.extend([0; 15]);
            for count in [0, 0, 0, 2, 2, 8_u32] {
                bytes.extend(count.to_be_bytes());
            }
            for seconds in [1000_i64, 2000] {
                bytes.extend(&seconds.to_be_bytes()[8 - time..]);
            }
            bytes.extend([1, 0]);
            bytes.extend(3600_i32.to_be_bytes());
            bytes.extend([0, 0]);
            bytes.extend(7200_i32.to_be_bytes());
            bytes.extend([1, 4]);
            bytes.extend(b"STD\0DST\0");
            bytes
        };
        let mut bytes = block(4);
        if version >= b'2' {
            bytes.extend(block(8));
            bytes.extend(format!("\n{footer}\n").bytes());
        }
        bytes
    }

    #[test]
    fn all_versions_give_the_same_zone() {
        for version in [0, b'2', b'3', b'4'] {
            let zone = parse(&file(version, "STD-1DST,M3.5.0,M10.5.0/3")).unwrap();
            let offsets = [-5, 999, 1000, 1999, 2000].map(|seconds| zone.at(seconds).offset);
            assert_eq!(offsets, [3600, 3600, 7200, 7200, 3600], "{version}");
            assert_eq!(zone.rule.is_some(), version != 0);
        }
    }

    #[test]
    fn all_zones_of_the_database_go_there_and_back() {
        for (name, file) in crate::time::database::all() {
            let zone = parse(file).unwrap();
            let changes = zone.transitions.iter().map(|(seconds, _)| *seconds);
            let moments = changes.chain((-2_000_000_000..4_000_000_000).step_by(40_000_003));
            for seconds in moments.filter(|seconds| *seconds > -4_000_000_000) {
                let local = zone.local(seconds).unwrap();
                let again = zone.local(zone.seconds(&local)).unwrap();
                // A local time that came twice with the same flag stands for both moments.
                let members = |t: super::super::tm| (t.tm_min, t.tm_hour, t.tm_mday, t.tm_isdst);
                assert_eq!(members(again), members(local), "{name} {seconds}");
            }
        }
    }

    #[test]
    fn every_cut_of_a_file_is_refused() {
        let whole = file(b'2', "STD-1");
        for length in 0..whole.len() {
            assert!(parse(&whole[..length]).is_none(), "{length}");
        }
        let mut wrong = whole.clone();
        // A type beyond the table, in the second block.
        let second = file(0, "").len();
        wrong[second + 44 + 16] = 9;
        assert!(parse(&wrong).is_none());
    }
}
