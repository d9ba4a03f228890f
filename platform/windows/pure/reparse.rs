//! What a reparse point says (`REPARSE_DATA_BUFFER`): a tag, the length of the data, and data of the tag's own form.

use alloc::vec::Vec;

use super::utf16;

/// Tags that mean something to us; the rest is what a file system or a filter keeps for itself (deduplicated and compressed
/// files, placeholders of a cloud): files and directories as any other.
#[allow(missing_docs)]
pub mod tag {
    pub const MOUNT_POINT: u32 = 0xA000_0003;
    pub const SYMLINK: u32 = 0xA000_000C;
    /// A symbolic link that Linux made, under WSL. Windows does not follow it.
    pub const LX_SYMLINK: u32 = 0xA000_001D;
    /// An alias for a program of a package, in a folder of the user that is on `PATH`. Only the start of a program follows it.
    pub const APP_EXEC_LINK: u32 = 0x8000_001B;
}

/// The meaning of a reparse point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Point {
    /// A symbolic link or a junction to this path, as Windows writes it.
    Link(Vec<u16>),
    /// A symbolic link to this path of Linux.
    LinuxLink(Vec<u8>),
    /// The top of another volume in the place of a directory.
    Volume,
    /// The program with this path of Windows.
    Program(Vec<u16>),
    /// A file or directory.
    Plain,
}

/// Reads a reparse point; `None` where the data is damaged.
#[must_use]
pub fn parse(point: &[u8]) -> Option<Point> {
    const HEAD: usize = 8;
    let length = usize::from(half(point, 4)?);
    let data = point.get(HEAD..HEAD + length)?;
    match tag_of(point)? {
        // Flags come before the names.
        tag::SYMLINK => Some(Point::Link(names(data, 12)?.0)),
        tag::MOUNT_POINT => {
            let (shown, real) = names(data, 8)?;
            Some(if is_volume(&real) { Point::Volume } else { Point::Link(shown) })
        }
        tag::LX_SYMLINK => {
            const VERSION: u32 = 2;
            (word(data, 0)? == VERSION).then(|| Point::LinuxLink(data.get(4..).unwrap_or_default().to_vec()))
        }
        tag::APP_EXEC_LINK => {
            // Behind the version: the package, the application, the path of its program; later versions add to these.
            let units = utf16::units(data.get(4..)?);
            let program = units.split(|unit| *unit == 0).nth(2)?;
            (word(data, 0)? >= 3 && !program.is_empty()).then(|| Point::Program(program.to_vec()))
        }
        _ => Some(Point::Plain),
    }
}

/// The tag of a reparse point.
#[must_use]
pub fn tag_of(point: &[u8]) -> Option<u32> {
    word(point, 0)
}

/// The name that is shown, or else the real one, and the real one: `text` is where the names begin.
fn names(data: &[u8], text: usize) -> Option<(Vec<u16>, Vec<u16>)> {
    let name = |at: usize| {
        let (start, length) = (usize::from(half(data, at)?), usize::from(half(data, at + 2)?));
        Some(utf16::units(data.get(text + start..text + start + length)?))
    };
    let (real, shown) = (name(0)?, name(4)?);
    Some((if shown.is_empty() { real.clone() } else { shown }, real))
}

/// Whether a junction leads to the top of a volume, `\??\Volume{...}\`, and not to a directory on it.
fn is_volume(path: &[u16]) -> bool {
    let path = utf16::to_bytes(path).to_ascii_lowercase();
    let mut parts = path.strip_prefix(b"\\??\\volume{").unwrap_or_default().splitn(2, |byte| *byte == b'}');
    parts.next().is_some_and(|id| !id.is_empty()) && matches!(parts.next(), Some(b"" | b"\\"))
}

fn half(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn word(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    /// As the kernel answers: tag, length, two bytes of nothing, data.
    fn point(tag: u32, data: &[u8]) -> Vec<u8> {
        [&tag.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), &[0, 0], data].concat()
    }

    /// The data of a link: its flags where it has such, the real name and the shown one, each with a zero behind it.
    fn link(flags: &[u8], real: &str, shown: &str) -> Vec<u8> {
        let bytes = |text: &str| wide(text).iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>();
        let (real, shown) = (bytes(real), bytes(shown));
        let places = [0, real.len(), real.len() + 2, shown.len()].map(|number| (number as u16).to_le_bytes()).concat();
        [&places, flags, &real, &[0, 0], &shown, &[0, 0]].concat()
    }

    fn app(version: u32, strings: &str) -> Vec<u8> {
        let strings: Vec<u8> = wide(strings).iter().flat_map(|unit| unit.to_le_bytes()).collect();
        point(tag::APP_EXEC_LINK, &[&version.to_le_bytes()[..], &strings].concat())
    }

    #[test]
    fn links_lead_to_the_name_that_is_shown() {
        let data = link(&[1, 0, 0, 0], r"..\real", r"..\shown");
        assert_eq!(parse(&point(tag::SYMLINK, &data)), Some(Point::Link(wide(r"..\shown"))));
        let data = link(&[0; 4], r"\??\C:\real", "");
        assert_eq!(parse(&point(tag::SYMLINK, &data)), Some(Point::Link(wide(r"\??\C:\real"))));
        let data = link(&[], r"\??\C:\real", r"C:\real");
        assert_eq!(parse(&point(tag::MOUNT_POINT, &data)), Some(Point::Link(wide(r"C:\real"))));
    }

    #[test]
    fn a_junction_to_the_top_of_a_volume_is_a_mount_point() {
        let volume = r"\??\Volume{0a1b2c3d-0000-0000-0000-100000000000}";
        let read = |real: &str, shown: &str| parse(&point(tag::MOUNT_POINT, &link(&[], real, shown)));
        for end in ["", r"\"] {
            assert_eq!(read(&[volume, end].concat(), ""), Some(Point::Volume));
            assert_eq!(read(&[&volume.to_uppercase(), end].concat(), r"D:\"), Some(Point::Volume));
        }
        let below = [volume, r"\dir"].concat();
        assert_eq!(read(&below, ""), Some(Point::Link(wide(&below))));
        for other in [r"\??\Volume", r"\??\Volume{", r"\??\Volume{}\", r"\??\C:\Volume{1}\", r"Volume{1}\"] {
            assert_eq!(read(other, ""), Some(Point::Link(wide(other))), "{other}");
        }
    }

    #[test]
    fn an_alias_names_the_program_of_its_package() {
        let read = |version, strings: &str| parse(&app(version, strings));
        let strings = "Org.Tool_hash\0Org.Tool_hash!App\0C:\\Program Files\\WindowsApps\\Org.Tool\\tool.exe\x000\0";
        let program = Some(Point::Program(wide(r"C:\Program Files\WindowsApps\Org.Tool\tool.exe")));
        assert_eq!(read(3, strings), program);
        assert_eq!(read(4, &[strings, "more\0"].concat()), program);
        for damaged in ["", "package\0", "package\0application\0", "package\0application\0\x000\0"] {
            assert_eq!(read(3, damaged), None, "{damaged:?}");
        }
        assert_eq!(read(2, strings), None, "an unknown form");
    }

    #[test]
    fn a_link_of_linux_is_bytes() {
        let data = [&2u32.to_le_bytes()[..], "../é".as_bytes()].concat();
        assert_eq!(parse(&point(tag::LX_SYMLINK, &data)), Some(Point::LinuxLink("../é".into())));
        assert_eq!(parse(&point(tag::LX_SYMLINK, &[1, 0, 0, 0, b'x'])), None);
    }

    #[test]
    fn what_file_systems_keep_for_themselves_is_plain() {
        // Deduplicated, compressed, three kinds of clouds, a socket.
        for tag in [0x8000_0013, 0x8000_0017, 0x9000_001A, 0x9000_101A, 0x9000_F01A, 0x8000_0023] {
            assert_eq!(parse(&point(tag, &[1, 2, 3])), Some(Point::Plain), "{tag:x}");
        }
    }

    #[test]
    fn damaged_points_are_refused_whatever_is_cut_off() {
        let whole = [
            point(tag::SYMLINK, &link(&[0; 4], r"\??\C:\x", "x")),
            point(tag::MOUNT_POINT, &link(&[], r"\??\C:\x", "x")),
            app(3, "package\0application\0C:\\x.exe\x000\0"),
            point(tag::LX_SYMLINK, &[2, 0, 0, 0, b'x']),
        ];
        for point in whole {
            assert!(parse(&point).is_some());
            for length in 0..point.len() {
                assert_eq!(parse(&point[..length]), None, "{point:?}, {length}");
            }
            let mut wrong = point;
            wrong[8..].fill(0xFF);
            assert_eq!(parse(&wrong), None);
        }
    }
}
