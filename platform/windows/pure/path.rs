//! Paths of the guest and of Windows.
//!
//! | guest | Windows |
//! |---|---|
//! | `/c/dir/file`, `C:\dir\file`, `C:/dir/file`, `\\?\C:\dir\file` | `C:\dir\file` |
//! | `//server/share/x`, `\\server\share\x`, `\\?\UNC\server\share\x` | `\\server\share\x` |
//! | `/tmp/x` | `x` in the user's folder for temporary files |
//! | `/bin/sh` | the root's, else the command interpreter of Windows |
//! | `/dev/null`, `zero`, `random`, `urandom`, `tty`, `stdin`, `stdout`, `stderr`, `fd/N` | devices |
//! | any other `/x` | `x` under the distx root |
//!
//! A backslash separates only in the forms that start with a drive or two backslashes. Names that Windows does not allow
//! (`< > : " | ? * \` and characters below a blank) cannot exist: `ENOENT` when looked for, `EINVAL` when made.
//! A colon must not get through: NTFS would open a stream of the file before it.
//!
//! The root is `/`, and `..` in it stays there, as it does at the top of a drive or share: what lies above the root has names
//! that start with a drive. A directory is called as it was asked for, less `.`, `..` and symbolic links ([`name_of`]), so
//! `chdir` and `getcwd`, a look-up and `realpath` agree.

use alloc::vec::Vec;

use platform::{Errno, Fd, Result};

use super::utf16;

/// Longest name in UTF-16 units, as NTFS has it.
const NAME_UNITS: usize = 255;
/// Longest path in UTF-16 units: the object manager's limit, less room for a prefix.
const PATH_UNITS: usize = 32_000;

/// Where the parts of the guest's tree lie, as guest paths that name a drive or a share. Empty: nowhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Places<'a> {
    /// The distx root.
    pub root: &'a [u8],
    /// `/tmp`.
    pub temporary: &'a [u8],
}

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file or directory.
    File(FilePath),
    /// A device that the platform supplies.
    Device(Device),
}

/// A file's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath {
    /// In the form of the NT object manager, `\??\C:\dir\file`, without a terminating zero.
    pub nt: Vec<u16>,
    /// The path ends as only a directory's may: `/`, `/.` or `/..`.
    pub directory: bool,
}

/// What the platform supplies itself: the devices under `/dev`, and a shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// `/dev/null`
    Null,
    /// `/dev/zero`
    Zero,
    /// `/dev/random`, `/dev/urandom`
    Random,
    /// `/dev/tty`
    Terminal,
    /// `/dev/stdin`, `/dev/stdout`, `/dev/stderr`, `/dev/fd/N`
    Descriptor(Fd),
    /// `/bin/sh`, unless the root has that file ([`root_shell`]).
    Shell,
}

impl FilePath {
    /// The form for Win32 functions, `\\?\C:\dir\file`, with a terminating zero.
    #[must_use]
    pub fn win32(&self) -> Vec<u16> {
        let mut wide = Vec::with_capacity(self.nt.len() + 1);
        wide.extend_from_slice(&self.nt);
        if let Some(unit) = wide.get_mut(1) {
            *unit = b'\\' as u16;
        }
        wide.push(0);
        wide
    }

    /// The form that every Windows program takes, `C:\dir\file` or `\\server\share\file`, with a terminating zero.
    #[must_use]
    pub fn plain(&self) -> Vec<u16> {
        let after = self.nt.get(4..).unwrap_or_default();
        let mut wide = Vec::with_capacity(self.nt.len() + 1);
        if after.get(1) == Some(&(b':' as u16)) {
            wide.extend_from_slice(after);
        } else {
            wide.push(b'\\' as u16);
            wide.extend_from_slice(after.get(3..).unwrap_or_default());
        }
        wide.push(0);
        wide
    }

    /// The path of the directory that holds it; `None` for the top of a drive or share.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let top = if self.nt.get(5) == Some(&(b':' as u16)) { 1 } else { 3 };
        let cut = self.nt.iter().rposition(|unit| *unit == b'\\' as u16)?;
        let names = self.nt.get(4..)?.split(|unit| *unit == b'\\' as u16).filter(|name| !name.is_empty()).count();
        if names <= top {
            return None;
        }
        let mut nt = self.nt.get(..cut)?.to_vec();
        if names == 2 && top == 1 {
            nt.push(b'\\' as u16);
        }
        Some(Self { nt, directory: true })
    }

    /// Whether this is `path`, in any form of Windows and, for ASCII, in any case.
    #[must_use]
    pub fn is_same(&self, path: &[u16]) -> bool {
        let same = |own: Vec<u8>, other: Vec<u8>| own.eq_ignore_ascii_case(&other);
        to_guest(&self.nt).zip(to_guest(path)).is_some_and(|(own, other)| same(own, other))
    }

    /// The last name.
    #[must_use]
    pub fn name(&self) -> &[u16] {
        self.nt.rsplit(|unit| *unit == b'\\' as u16).next().unwrap_or_default()
    }
}

fn slashed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect()
}

/// As [`absolute`], for a path that a person wrote: backslashes separate in relative ones too, which name nothing else.
#[must_use]
pub fn absolute_of_host(path: &[u8], base: &[u8]) -> Vec<u8> {
    match path {
        [b'/', ..] | [b'\\', b'\\', ..] | [_, b':', ..] => absolute(path, base),
        _ => absolute(&slashed(path), base),
    }
}

/// The guest's absolute path, not yet normal, for a path relative to the directory `base`.
#[must_use]
pub fn absolute(path: &[u8], base: &[u8]) -> Vec<u8> {
    match path {
        [b'\\', b'\\', b'?', b'\\', rest @ ..]
            if rest.get(..4).is_some_and(|unc| unc.eq_ignore_ascii_case(b"UNC\\")) =>
        {
            [b"//", &slashed(&rest[4..])[..]].concat()
        }
        [b'\\', b'\\', b'?', b'\\', drive, b':', rest @ ..] | [drive, b':', rest @ ..]
            if drive.is_ascii_alphabetic() && matches!(rest, [] | [b'/' | b'\\', ..]) =>
        {
            [&[b'/', drive.to_ascii_lowercase()][..], &slashed(rest)].concat()
        }
        [b'\\', b'\\', ..] => slashed(path),
        [b'/', ..] => path.to_vec(),
        // Two slashes at the start would lead to another machine.
        _ if base == b"/" => [base, path].concat(),
        _ => [base, b"/", path].concat(),
    }
}

/// Splits at the first `..` that follows a name: the path up to that name, and what follows the `..`. To climb rightly, the
/// caller must find out which directory the name leads to. A `..` after a part of the guest's tree that is no directory of
/// Windows (`/c`, `/tmp`, `//server/share`) climbs by name only and is no such place.
#[must_use]
pub fn climb(path: &[u8]) -> Option<(&[u8], &[u8])> {
    let unc = is_unc(path);
    let mut names = 0usize;
    let mut virtual_names = if unc { 2 } else { 0 };
    let mut at = 0;
    for name in path.split(|byte| *byte == b'/') {
        match name {
            b"" | b"." => {}
            b".." if names > virtual_names => return Some((path.get(..at)?, path.get(at + 2..)?)),
            b".." => names = names.saturating_sub(1),
            _ => {
                if names == 0 && !unc {
                    virtual_names = usize::from(name == b"tmp" || is_drive(name));
                }
                names += 1;
            }
        }
        at += name.len() + 1;
    }
    None
}

/// The directory above one with this name. The root, a drive and a share have none but the root or themselves.
#[must_use]
pub fn above(name: &[u8]) -> Vec<u8> {
    let mut normal = Normal::of(name);
    if !normal.unc || normal.names.len() > 2 {
        normal.names.pop();
    }
    normal.text()
}

/// What the absolute guest path names. `making`: the last name may be new, so a forbidden one is the caller's mistake.
pub fn target(path: &[u8], places: Places<'_>, making: bool) -> Result<Target> {
    let normal = Normal::of(path);
    let names = &normal.names[..];
    if normal.unc {
        return match names {
            [server, share, rest @ ..] => file(&[b"UNC", server, share], rest, &normal, making),
            _ => Err(Errno::NOENT),
        };
    }
    match names {
        [drive, rest @ ..] if is_drive(drive) => file(&[&[drive[0].to_ascii_uppercase(), b':']], rest, &normal, making),
        _ if let Some((device, below)) = device(names) => {
            if below || normal.directory {
                Err(Errno::NOTDIR)
            } else {
                Ok(Target::Device(device))
            }
        }
        [b"tmp", rest @ ..] if !places.temporary.is_empty() => under(places.temporary, rest, &normal, making),
        rest if !places.root.is_empty() => under(places.root, rest, &normal, making),
        _ => Err(Errno::NOENT),
    }
}

/// The device that the names start with, and whether more names follow.
fn device(names: &[&[u8]]) -> Option<(Device, bool)> {
    let (device, used) = match names {
        [b"dev", b"null", ..] => (Device::Null, 2),
        [b"dev", b"zero", ..] => (Device::Zero, 2),
        [b"dev", b"random" | b"urandom", ..] => (Device::Random, 2),
        [b"dev", b"tty", ..] => (Device::Terminal, 2),
        [b"dev", b"stdin", ..] => (Device::Descriptor(0), 2),
        [b"dev", b"stdout", ..] => (Device::Descriptor(1), 2),
        [b"dev", b"stderr", ..] => (Device::Descriptor(2), 2),
        [b"dev", b"fd", number, ..] if number.len() <= 6 && number.iter().all(u8::is_ascii_digit) => {
            (Device::Descriptor(number.iter().fold(0, |sum, digit| sum * 10 + Fd::from(digit - b'0'))), 3)
        }
        [b"bin", b"sh", ..] => (Device::Shell, 2),
        _ => return None,
    };
    Some((device, names.len() > used))
}

/// The name of a directory whose path without links is `real` (in any form of Windows): `given`, made normal, where no link led
/// to it; else a name that starts as `given` does, with a drive, or with the root. For an unknown origin the latter.
#[must_use]
pub fn name_of(real: &[u16], given: Option<&[u8]>, places: Places<'_>) -> Option<Vec<u8>> {
    let is_real = |name: &[u8]| matches!(target(name, places, false), Ok(Target::File(file)) if file.is_same(real));
    if let Some(given) = given.filter(|given| is_real(given)) {
        return Some(Normal::of(given).text());
    }
    let plain = to_guest(real)?;
    if given.is_some_and(|given| Normal::of(given).is_outside()) {
        return Some(plain);
    }
    let below = |place: &[u8], top: &[u8]| {
        let head = plain.get(..place.len()).filter(|head| !place.is_empty() && head.eq_ignore_ascii_case(place))?;
        let rest = plain.get(head.len()..).filter(|rest| matches!(rest, [] | [b'/', ..]))?;
        let name = Normal::of(&[top, rest].concat()).text();
        // A name of the root may be hidden behind one of the platform's.
        is_real(&name).then_some(name)
    };
    Some(below(places.temporary, b"/tmp").or_else(|| below(places.root, b"")).unwrap_or(plain))
}

/// `/bin/sh` of the distx root, which comes before the platform's own.
pub fn root_shell(places: Places<'_>) -> Result<FilePath> {
    match under(places.root, &[b"bin", b"sh"], &Normal::of(b"/bin/sh"), false)? {
        Target::File(file) => Ok(file),
        Target::Device(_) => Err(Errno::NOENT),
    }
}

/// `rest` under a place that must name a drive or share itself.
fn under(place: &[u8], rest: &[&[u8]], normal: &Normal<'_>, making: bool) -> Result<Target> {
    let top = Normal::of(place);
    let mut names = top.names.clone();
    names.extend_from_slice(rest);
    match &names[..] {
        [server, share, rest @ ..] if top.unc => file(&[b"UNC", server, share], rest, normal, making),
        [drive, rest @ ..] if is_drive(drive) => file(&[&[drive[0].to_ascii_uppercase(), b':']], rest, normal, making),
        _ => Err(Errno::NOENT),
    }
}

fn file(top: &[&[u8]], rest: &[&[u8]], normal: &Normal<'_>, making: bool) -> Result<Target> {
    let mut nt: Vec<u16> = b"\\??".iter().map(|byte| u16::from(*byte)).collect();
    for name in top {
        nt.push(b'\\' as u16);
        nt.extend(utf16::to_wide(name)?);
    }
    if rest.is_empty() {
        nt.push(b'\\' as u16);
    }
    for (at, name) in rest.iter().enumerate() {
        let wide = utf16::to_wide(name)?;
        if wide.len() > NAME_UNITS || nt.len() + wide.len() > PATH_UNITS {
            return Err(Errno::NAMETOOLONG);
        }
        if wide.iter().any(|unit| is_forbidden(*unit)) {
            return Err(if making && at + 1 == rest.len() { Errno::INVAL } else { Errno::NOENT });
        }
        nt.push(b'\\' as u16);
        nt.extend(wide);
    }
    Ok(Target::File(FilePath { nt, directory: normal.directory || rest.is_empty() }))
}

/// The guest's form of an absolute Windows path (`C:\x`, `\\server\share`, and both with the prefix `\\?\` or `\??\`);
/// `None` for other forms (volumes without a letter, devices).
#[must_use]
pub fn to_guest(wide: &[u16]) -> Option<Vec<u8>> {
    let bytes = utf16::to_bytes(wide);
    let bare = match &bytes[..] {
        [b'\\', b'\\' | b'?', b'?', b'\\', rest @ ..] => match rest.get(..4) {
            Some(unc) if unc.eq_ignore_ascii_case(b"UNC\\") => [b"\\\\", &rest[4..]].concat(),
            _ => rest.to_vec(),
        },
        other => other.to_vec(),
    };
    let mut guest = match &bare[..] {
        [drive, b':'] if drive.is_ascii_alphabetic() => [b'/', drive.to_ascii_lowercase()].to_vec(),
        [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic() => {
            [&[b'/', drive.to_ascii_lowercase()][..], &bare[2..]].concat()
        }
        [b'\\' | b'/', b'\\' | b'/', server, ..] if !matches!(server, b'\\' | b'/' | b'.' | b'?') => bare,
        _ => return None,
    };
    for byte in &mut guest {
        if *byte == b'\\' {
            *byte = b'/';
        }
    }
    while guest.len() > 2 && guest.last() == Some(&b'/') {
        guest.pop();
    }
    Some(guest)
}

/// The text of a symbolic link for Windows: relative targets with backslashes, absolute ones in Windows' form.
pub fn link_text(target: &[u8], places: Places<'_>) -> Result<Vec<u16>> {
    let windows = matches!(target, [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic());
    if !windows && target.first() != Some(&b'/') && !target.starts_with(b"\\\\") {
        let mut wide = utf16::to_wide(target)?;
        if wide.iter().any(|unit| is_forbidden(*unit) && *unit != b'/' as u16) {
            return Err(Errno::INVAL);
        }
        for unit in &mut wide {
            if *unit == b'/' as u16 {
                *unit = b'\\' as u16;
            }
        }
        return Ok(wide);
    }
    match self::target(&absolute(target, b"/"), places, true)? {
        Target::File(file) => {
            let mut wide = file.plain();
            wide.pop();
            Ok(wide)
        }
        // Windows has no such file to point at.
        Target::Device(_) => Err(Errno::PERM),
    }
}

/// The guest's text of a Windows symbolic link.
#[must_use]
pub fn link_target(wide: &[u16], places: Places<'_>) -> Vec<u8> {
    to_guest(wide)
        .and_then(|plain| name_of(wide, None, places).or(Some(plain)))
        .unwrap_or_else(|| utf16::to_bytes(wide).iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect())
}

/// Path without `.`, `..` and doubled slashes.
struct Normal<'a> {
    unc: bool,
    names: Vec<&'a [u8]>,
    directory: bool,
}

impl<'a> Normal<'a> {
    fn of(path: &'a [u8]) -> Self {
        let unc = is_unc(path);
        let mut names = Vec::new();
        let mut directory = true;
        for name in path.split(|byte| *byte == b'/') {
            directory = matches!(name, b"" | b"." | b"..");
            match name {
                b"" | b"." => {}
                b".." => {
                    if !(unc && names.len() <= 2) {
                        names.pop();
                    }
                }
                name => names.push(name),
            }
        }
        Self { unc, names, directory }
    }

    /// Whether it starts with a drive or share.
    fn is_outside(&self) -> bool {
        self.unc || self.names.first().is_some_and(|name| is_drive(name))
    }

    fn text(&self) -> Vec<u8> {
        let mut text = if self.unc { b"/".to_vec() } else { Vec::new() };
        for name in &self.names {
            text.push(b'/');
            text.extend_from_slice(name);
        }
        if text.is_empty() {
            text.push(b'/');
        }
        text
    }
}

/// Exactly two slashes lead to another machine; POSIX.1-2024 XBD 4.16 leaves them to the host, and makes three or more one.
fn is_unc(path: &[u8]) -> bool {
    matches!(path, [b'/', b'/', third, ..] if *third != b'/')
}

fn is_drive(name: &[u8]) -> bool {
    matches!(name, [letter] if letter.is_ascii_alphabetic())
}

fn is_forbidden(unit: u16) -> bool {
    unit < 0x20 || b"<>:\"|?*\\/".iter().any(|byte| u16::from(*byte) == unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    const PLACES: Places<'_> = Places { root: b"/c/distx", temporary: b"/c/Users/me/Temp" };

    fn nt(path: &str) -> core::result::Result<String, Errno> {
        match target(&absolute(path.as_bytes(), b"/d/work"), PLACES, false)? {
            Target::File(file) => Ok(String::from_utf16(&file.nt).unwrap()),
            Target::Device(device) => Ok(alloc::format!("{device:?}")),
        }
    }

    #[test]
    fn every_form_of_a_path_leads_to_its_file() {
        for (path, expected) in [
            ("/c/dir/file", r"\??\C:\dir\file"),
            ("/C/dir/file", r"\??\C:\dir\file"),
            ("/c", r"\??\C:\"),
            ("/c/", r"\??\C:\"),
            (r"C:\dir\file", r"\??\C:\dir\file"),
            ("c:/dir/file", r"\??\C:\dir\file"),
            ("C:", r"\??\C:\"),
            (r"\\?\C:\a", r"\??\C:\a"),
            ("//server/share/x", r"\??\UNC\server\share\x"),
            ("//server/share", r"\??\UNC\server\share\"),
            ("//server/share/../../x", r"\??\UNC\server\share\x"),
            (r"\\server\share\x", r"\??\UNC\server\share\x"),
            (r"\\?\UNC\server\share\x", r"\??\UNC\server\share\x"),
            ("///c/x", r"\??\C:\x"),
            ("file", r"\??\D:\work\file"),
            ("./a//b/./c", r"\??\D:\work\a\b\c"),
            ("..", r"\??\D:\"),
            ("../..", r"\??\C:\distx"),
            ("/", r"\??\C:\distx"),
            ("/distx.org_2024-xlibc-x86_64/lib/libc.so", r"\??\C:\distx\distx.org_2024-xlibc-x86_64\lib\libc.so"),
            ("/tmp", r"\??\C:\Users\me\Temp"),
            ("/tmp/a.txt", r"\??\C:\Users\me\Temp\a.txt"),
            ("/tmp/../xx", r"\??\C:\distx\xx"),
            ("/dev/null", "Null"),
            ("/dev/./urandom", "Random"),
            ("/dev/stderr", "Descriptor(2)"),
            ("/dev/fd/17", "Descriptor(17)"),
            ("/bin/sh", "Shell"),
            ("/bin/shx", r"\??\C:\distx\bin\shx"),
            ("/dev/sda", r"\??\C:\distx\dev\sda"),
        ] {
            assert_eq!(nt(path).as_deref(), Ok(expected), "{path}");
        }
    }

    #[test]
    fn a_person_may_write_backslashes() {
        for (path, expected) in [
            (r"dir\file", "/d/work/dir/file"),
            (r".\file", "/d/work/./file"),
            (r"..\file", "/d/work/../file"),
            (r"C:\dir\file", "/c/dir/file"),
            (r"C:/dir\file", "/c/dir/file"),
            (r"\\server\share\x", "//server/share/x"),
            ("dir/file", "/d/work/dir/file"),
            (r"/dir/a\b", r"/dir/a\b"),
        ] {
            assert_eq!(absolute_of_host(path.as_bytes(), b"/d/work"), expected.as_bytes(), "{path}");
        }
    }

    #[test]
    fn nothing_lies_below_a_device() {
        for path in
            ["/dev/null/x", "/dev/null/", "/dev/zero/.", "/dev/tty/a/b", "/dev/fd/3/x", "/dev/stdin/", "/bin/sh/x"]
        {
            assert_eq!(nt(path), Err(Errno::NOTDIR), "{path}");
        }
        assert!(nt("/dev/nullx/y").is_ok());
        assert_eq!(absolute(b"server/share", b"/"), b"/server/share");
    }

    #[test]
    fn a_directory_is_called_as_it_was_asked_for() {
        let name = |real: &str, given: &str| {
            let real: Vec<u16> = real.encode_utf16().collect();
            let given = Some(given.as_bytes()).filter(|given| !given.is_empty());
            name_of(&real, given, PLACES).map(|name| String::from_utf8(name).unwrap())
        };
        for (real, given, expected) in [
            (r"\\?\C:\distx", "/", "/"),
            (r"\\?\C:\distx", "/..", "/"),
            (r"\\?\C:\distx", "/c/distx", "/c/distx"),
            (r"\\?\C:\distx", "", "/"),
            (r"\\?\c:\DISTX\lib", "/./lib/.", "/lib"),
            (r"\\?\C:\distx\lib", "/link", "/lib"),
            (r"\\?\C:\distx\lib", "/c/link", "/c/distx/lib"),
            (r"\\?\C:\distx\tmp", "/link", "/c/distx/tmp"),
            (r"\\?\C:\distx\c", "/link", "/c/distx/c"),
            (r"\\?\C:\distxx", "/link", "/c/distxx"),
            (r"\\?\C:\Users\me\Temp\a", "/tmp/a", "/tmp/a"),
            (r"\\?\C:\Users\me\Temp\a", "", "/tmp/a"),
            (r"\\?\D:\", "/d/", "/d"),
            (r"\\?\D:\x", "/link", "/d/x"),
            (r"\\?\UNC\s\h\a", "//s/h/a/", "//s/h/a"),
            (r"\\?\UNC\s\h\a", "", "//s/h/a"),
        ] {
            assert_eq!(name(real, given).as_deref(), Some(expected), "{real} {given}");
        }
        assert_eq!(name(r"\\?\Volume{1}\x", "/link"), None);
    }

    #[test]
    fn the_shell_of_the_root_has_a_path_where_there_is_a_root() {
        let shell = root_shell(PLACES).map(|file| String::from_utf16(&file.nt).unwrap());
        assert_eq!(shell.as_deref(), Ok(r"\??\C:\distx\bin\sh"));
        assert_eq!(root_shell(Places::default()), Err(Errno::NOENT));
    }

    #[test]
    fn names_that_windows_forbids_are_errors() {
        for path in ["a:b", "/c/a?b", "x<y", "a\\b", "a\x01", "q\"", "C:relative", "a*/b"] {
            assert_eq!(nt(path), Err(Errno::NOENT), "{path}");
        }
        let long = "x".repeat(256);
        assert_eq!(nt(&long), Err(Errno::NAMETOOLONG));
        assert!(nt(&long[1..]).is_ok());
        assert_eq!(nt(&"x/".repeat(17_000)), Err(Errno::NAMETOOLONG));
        assert_eq!(target(b"/c/a:b", PLACES, true), Err(Errno::INVAL));
        assert_eq!(target(b"/c/a:b/c", PLACES, true), Err(Errno::NOENT));
        assert_eq!(target(b"/c/\xff", PLACES, true), Err(Errno::ILSEQ));
        assert_eq!(target(b"/xx", Places::default(), false), Err(Errno::NOENT));
        assert_eq!(target(b"//server", PLACES, false), Err(Errno::NOENT));
    }

    #[test]
    fn a_trailing_slash_asks_for_a_directory() {
        for (path, directory) in [("/c/a", false), ("/c/a/", true), ("/c/a/.", true), ("/c/a/..", true), ("/c", true)] {
            match target(path.as_bytes(), PLACES, false) {
                Ok(Target::File(file)) => assert_eq!(file.directory, directory, "{path}"),
                other => panic!("{path}: {other:?}"),
            }
        }
    }

    #[test]
    fn windows_paths_become_guest_paths() {
        let guest = |text: &str| {
            to_guest(&text.encode_utf16().collect::<Vec<_>>()).map(|bytes| String::from_utf8(bytes).unwrap())
        };
        for (windows, expected) in [
            (r"C:\dir\file", "/c/dir/file"),
            (r"C:\", "/c"),
            ("C:", "/c"),
            (r"\\?\C:\dir", "/c/dir"),
            (r"\??\C:\dir\", "/c/dir"),
            (r"\\server\share\x", "//server/share/x"),
            (r"\\?\UNC\server\share\x", "//server/share/x"),
        ] {
            assert_eq!(guest(windows).as_deref(), Some(expected), "{windows}");
        }
        for windows in [r"\\?\Volume{1}\x", r"\\.\pipe\x", "relative", ""] {
            assert_eq!(guest(windows), None, "{windows}");
        }
    }

    #[test]
    fn parents_stop_at_the_top() {
        let parent = |path: &str| match target(path.as_bytes(), PLACES, false) {
            Ok(Target::File(file)) => file.parent().map(|parent| String::from_utf16(&parent.nt).unwrap()),
            other => panic!("{other:?}"),
        };
        assert_eq!(parent("/c/a/b").as_deref(), Some(r"\??\C:\a"));
        assert_eq!(parent("/c/a").as_deref(), Some(r"\??\C:\"));
        assert_eq!(parent("/c"), None);
        assert_eq!(parent("//s/h/a").as_deref(), Some(r"\??\UNC\s\h"));
        assert_eq!(parent("//s/h"), None);
    }

    #[test]
    fn climbing_splits_after_a_real_name_only() {
        assert_eq!(climb(b"/c/a/../b"), Some((&b"/c/a/"[..], &b"/b"[..])));
        assert_eq!(climb(b"/c/a/b/../../x"), Some((&b"/c/a/b/"[..], &b"/../x"[..])));
        assert_eq!(climb(b"/c/../x"), None);
        assert_eq!(climb(b"/tmp/../x"), None);
        assert_eq!(climb(b"/../x"), None);
        assert_eq!(climb(b"//s/h/../x"), None);
        assert_eq!(climb(b"//s/h/a/.."), Some((&b"//s/h/a/"[..], &b""[..])));
        assert_eq!(climb(b"/c/a..b/..."), None);
    }

    #[test]
    fn nothing_lies_above_the_root() {
        for (name, expected) in
            [("/", "/"), ("/lib", "/"), ("/c", "/"), ("/tmp", "/"), ("/a/b/", "/a"), ("//s/h", "//s/h")]
        {
            assert_eq!(above(name.as_bytes()), expected.as_bytes(), "{name}");
        }
        assert_eq!(above(b"//s/h/x"), b"//s/h");
    }

    #[test]
    fn link_texts_come_back() {
        let text = |target: &str| link_text(target.as_bytes(), PLACES).map(|wide| String::from_utf16(&wide).unwrap());
        assert_eq!(text("a/b").as_deref(), Ok(r"a\b"));
        assert_eq!(text("../x").as_deref(), Ok(r"..\x"));
        assert_eq!(text("/c/x").as_deref(), Ok(r"C:\x"));
        assert_eq!(text("/lib/x").as_deref(), Ok(r"C:\distx\lib\x"));
        assert_eq!(text("a:b"), Err(Errno::INVAL));
        assert_eq!(link_target(&r"..\x\y".encode_utf16().collect::<Vec<_>>(), PLACES), b"../x/y");
        assert_eq!(link_target(&r"\??\C:\x".encode_utf16().collect::<Vec<_>>(), PLACES), b"/c/x");
        assert_eq!(link_target(&r"\??\C:\distx\lib".encode_utf16().collect::<Vec<_>>(), PLACES), b"/lib");
    }

    #[test]
    fn plain_and_win32_forms() {
        let Ok(Target::File(file)) = target(b"//s/h/a", PLACES, false) else { panic!() };
        assert_eq!(String::from_utf16(&file.plain()).unwrap(), "\\\\s\\h\\a\0");
        assert_eq!(String::from_utf16(&file.win32()).unwrap(), "\\\\?\\UNC\\s\\h\\a\0");
        let Ok(Target::File(file)) = target(b"/c/a", PLACES, false) else { panic!() };
        assert_eq!(String::from_utf16(&file.plain()).unwrap(), "C:\\a\0");
        assert_eq!(String::from_utf16(file.name()).unwrap(), "a");
    }
}
