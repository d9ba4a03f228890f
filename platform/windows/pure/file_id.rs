//! Numbers of files and volumes. What a file system gives is not always one: 0 and -1 stand for none, some ids are wider than
//! `st_ino`, and two volumes may have the same serial number.

use alloc::vec::Vec;

/// A file's number of 64 bits, if it is one.
#[must_use]
pub fn known(told: u64) -> Option<u64> {
    (told != 0 && told != u64::MAX).then_some(told)
}

/// The number for an id of 128 bits, if it is one: its low half where the other is empty, as NTFS has it.
#[must_use]
pub fn folded(id: [u8; 16]) -> Option<u64> {
    let whole = u128::from_le_bytes(id);
    if whole == 0 || whole == u128::MAX {
        return None;
    }
    match u64::try_from(whole) {
        Ok(low) => known(low),
        Err(_) => Some(hash(id.into_iter())),
    }
}

/// The number of a file without one, which its path stands for, in whatever case it is written.
#[must_use]
pub fn of_path(path: &[u16]) -> u64 {
    hash(folded_case(path).flat_map(u16::to_le_bytes))
}

/// Whether two paths differ in the case of ASCII at most.
#[must_use]
pub fn is_same_path(one: &[u16], other: &[u16]) -> bool {
    folded_case(one).eq(folded_case(other))
}

/// The number of a volume: its serial number and the start of an object's name, [`volume_part`], which two volumes with the
/// same serial number do not share.
#[must_use]
pub fn of_volume(serial: u32, name: &[u16]) -> u64 {
    hash(serial.to_le_bytes().into_iter().chain(folded_case(&volume_part(name)).flat_map(u16::to_le_bytes)))
}

/// The part of an object's name (`\Device\HarddiskVolume3\dir\file`, `\Device\Mup\server\share\file`, `\??\C:\file`) that its
/// volume has: the device, and for the network server and share. Which letter led there, `;Z:...`, is left out.
#[must_use]
pub fn volume_part(name: &[u16]) -> Vec<u16> {
    let is = |part: &[u16], text: &str| is_same_path(part, &text.encode_utf16().collect::<Vec<_>>());
    let mut parts = name.split(|unit| *unit == b'\\' as u16).filter(|part| !part.is_empty());
    let (Some(kind), Some(device)) = (parts.next(), parts.next()) else { return name.to_vec() };
    let mut volume = [kind, device].join(&(b'\\' as u16));
    let has = |part: &[u16], byte: u8| part.contains(&u16::from(byte));
    let is_letter = |part: &&[u16]| part.first() == Some(&(b';' as u16));
    let mut parts = parts.peekable();
    // No file's name has a colon.
    let by_letter = parts.peek().is_some_and(|part| is_letter(part) && has(part, b':'));
    if by_letter || ["Mup", "LanmanRedirector", "UNC"].into_iter().any(|network| is(device, network)) {
        for name in parts.skip_while(is_letter).take(2) {
            volume.push(b'\\' as u16);
            volume.extend_from_slice(name);
        }
    }
    volume
}

fn folded_case(path: &[u16]) -> impl Iterator<Item = u16> {
    path.iter().map(|unit| if (0x41..=0x5A).contains(unit) { unit | 0x20 } else { *unit })
}

/// FNV-1a (Fowler, Noll, Vo 1991) with 64 bits; what is not a number does not come out.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    let hash =
        bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
    known(hash).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[test]
    fn what_stands_for_no_number_is_none() {
        assert_eq!([0, 1, u64::MAX - 1, u64::MAX].map(known), [None, Some(1), Some(u64::MAX - 1), None]);
        assert_eq!(folded([0; 16]), None);
        assert_eq!(folded([0xFF; 16]), None);
        assert_eq!(folded(u128::from(u64::MAX).to_le_bytes()), None);
    }

    #[test]
    fn wide_ids_keep_what_fits_and_differ_otherwise() {
        assert_eq!(folded(7u128.to_le_bytes()), Some(7));
        let (one, other) = (folded((7u128 | 1 << 64).to_le_bytes()), folded((7u128 | 2 << 64).to_le_bytes()));
        assert!(one.is_some() && other.is_some() && one != other && one != Some(7));
    }

    #[test]
    fn a_path_is_one_file_in_every_case() {
        assert_eq!(of_path(&wide(r"\\?\UNC\tsclient\C\File.txt")), of_path(&wide(r"\\?\unc\TSCLIENT\c\FILE.TXT")));
        assert_ne!(of_path(&wide(r"\\?\C:\a")), of_path(&wide(r"\\?\C:\b")));
        assert!(is_same_path(&wide("aB\u{e9}[@`{"), &wide("Ab\u{e9}[@`{")) && !is_same_path(&wide("@"), &wide("`")));
    }

    #[test]
    fn volumes_are_told_by_what_leads_to_them() {
        for (name, volume) in [
            (r"\Device\HarddiskVolume3\dir\file", r"Device\HarddiskVolume3"),
            (r"\Device\HarddiskVolume3\", r"Device\HarddiskVolume3"),
            (r"\Device\HarddiskVolume3", r"Device\HarddiskVolume3"),
            (r"\Device\HarddiskVolume3\;x\y", r"Device\HarddiskVolume3"),
            (r"\Device\Mup\server\share\dir", r"Device\Mup\server\share"),
            (r"\Device\Mup\;LanmanRedirector\;Z:00000000000a1b2c\server\share\dir", r"Device\Mup\server\share"),
            (r"\Device\LanmanRedirector\;Z:00000000000a1b2c\server\share", r"Device\LanmanRedirector\server\share"),
            (r"\Device\Mup\;RdpDr\;:1\TSCLIENT\C\x", r"Device\Mup\TSCLIENT\C"),
            (r"\Device\VBoxMiniRdr\;E:\VBOXSVR\share\x", r"Device\VBoxMiniRdr\VBOXSVR\share"),
            (r"\??\C:\dir", r"??\C:"),
            (r"\??\UNC\server\share\dir", r"??\UNC\server\share"),
            ("", ""),
            (r"\x", r"\x"),
        ] {
            assert_eq!(volume_part(&wide(name)), wide(volume), "{name}");
        }
    }

    #[test]
    fn a_serial_number_alone_is_no_volume() {
        let volume = |serial, name: &str| of_volume(serial, &wide(name));
        let first = volume(0x1234, r"\Device\HarddiskVolume3\a\b");
        assert_eq!(first, volume(0x1234, r"\Device\HarddiskVolume3\c"));
        assert_ne!(first, volume(0x1234, r"\Device\HarddiskVolume4\a\b"), "a copy of the volume");
        assert_ne!(first, volume(0x1235, r"\Device\HarddiskVolume3\a\b"), "another disk in the drive");
        assert_ne!(volume(0, r"\Device\Mup\s\one\x"), volume(0, r"\Device\Mup\s\two\x"));
    }
}
