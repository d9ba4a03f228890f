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
//! Two slashes before a name that roots usually have, or that this one has, are one ([`server`]). A backslash separates only in the forms that start with a drive or two backslashes. Names that Windows does not allow
//! (`< > : " | ? * \` and characters below a blank) cannot exist: `ENOENT` when looked for, `EINVAL` when made.
//! A colon must not get through: NTFS would open a stream of the file before it.
//!
//! The root is `/`, and `..` in it stays there, as it does at the top of a drive or share: what lies above the root has names
//! that start with a drive. A directory is called as it was asked for, less `.`, `..` and symbolic links ([`super::naming`]),
//! so `chdir` and `getcwd`, a look-up and `realpath` agree.

use alloc::vec::Vec;

use platform::{Errno, Fd, Result};

use super::file_id::is_same_path;
use super::normal::{Normal, is_drive, is_unc};
use super::utf16;

pub use super::normal::server;

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
        if self.is_on_network() {
            wide.push(b'\\' as u16);
            wide.extend_from_slice(after.get(3..).unwrap_or_default());
        } else {
            wide.extend_from_slice(after);
        }
        wide.push(0);
        wide
    }

    /// The path of the directory that holds it; `None` for the top of a drive or share.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let top = if self.is_on_network() { 3 } else { 1 };
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

    /// Whether its path starts with a machine's name.
    #[must_use]
    pub fn is_on_network(&self) -> bool {
        self.nt.get(5) != Some(&(b':' as u16))
    }

    /// The top of its drive or share.
    #[must_use]
    pub fn top(&self) -> Self {
        let mut top = Self { nt: self.nt.clone(), directory: true };
        while let Some(above) = top.parent() {
            top = above;
        }
        top
    }

    /// Whether this is `path`, in any form of Windows and, for ASCII, in any case.
    #[must_use]
    pub fn is_same(&self, path: &[u16]) -> bool {
        let same = |own: Vec<u8>, other: Vec<u8>| own.eq_ignore_ascii_case(&other);
        to_guest(&self.nt).zip(to_guest(path)).is_some_and(|(own, other)| same(own, other))
    }

    /// Whether it lies below a directory, whose path may be written in other case.
    #[must_use]
    pub fn is_below(&self, directory: &Self) -> bool {
        let (head, rest) = self.nt.split_at(self.nt.len().min(directory.nt.len()));
        rest.first() == Some(&(b'\\' as u16)) && is_same_path(head, &directory.nt)
    }

    /// The last name.
    #[must_use]
    pub fn name(&self) -> &[u16] {
        last_name(&self.nt)
    }
}

/// The last name of a path of Windows or the kernel.
#[must_use]
pub fn last_name(path: &[u16]) -> &[u16] {
    path.rsplit(|unit| *unit == b'\\' as u16).next().unwrap_or_default()
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
/// Windows (`/c`, `/tmp`, `//server/share`) climbs by name only: the rule does not hold there.
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

/// The guest's path that a symbolic link made by Linux, under WSL, leads to from its directory: drives lie below `/mnt` there.
#[must_use]
pub fn of_linux_link(target: &[u8], directory: &[u8]) -> Vec<u8> {
    match target.strip_prefix(b"/mnt/") {
        Some([drive, rest @ ..]) if drive.is_ascii_alphabetic() && matches!(rest, [] | [b'/', ..]) => {
            [&[b'/', *drive], rest].concat()
        }
        _ => absolute(target, directory),
    }
}

fn is_forbidden(unit: u16) -> bool {
    unit < 0x20 || b"<>:\"|?*\\/".iter().any(|byte| u16::from(*byte) == unit)
}

#[cfg(test)]
#[path = "path_tests.rs"]
mod tests;
