//! What the guest calls a file that Windows names.

use alloc::vec::Vec;

use super::normal::Normal;
use super::path::{self, FilePath, Places, Target};
use super::utf16;

/// The path without links of an open file that Windows calls `real`, as a guest path that starts with a drive or share: that of
/// `asked` where the file lies there. Windows calls a file of a mapped drive by its share, one of a `subst` drive by what that
/// stands for, and one of a volume that it has no path for by the device: `real_top` tells what it calls the top of `asked`.
/// `None`: the guest has no path for it.
#[must_use]
pub fn without_links(real: &[u16], asked: &FilePath, real_top: impl FnOnce() -> Option<Vec<u16>>) -> Option<Vec<u8>> {
    let plain = path::to_guest(real);
    let top = path::to_guest(&asked.top().nt)?;
    if plain.as_ref().is_some_and(|plain| below(plain, &top).is_some()) {
        return plain;
    }
    let same_form = |wide: &[u16]| path::to_guest(wide).unwrap_or_else(|| device_path(wide));
    let rest = real_top().and_then(|real_top| below(&same_form(real), &same_form(&real_top)).map(<[u8]>::to_vec));
    rest.map(|rest| [top, rest].concat()).or(plain)
}

/// A path that starts with a device's name, with slashes and without one at the end.
fn device_path(wide: &[u16]) -> Vec<u8> {
    let mut text: Vec<u8> =
        utf16::to_bytes(wide).iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
    while text.last() == Some(&b'/') {
        text.pop();
    }
    text
}

/// What follows `place` in a path below it; empty for `place` itself.
fn below<'a>(path: &'a [u8], place: &[u8]) -> Option<&'a [u8]> {
    let head = path.get(..place.len()).filter(|head| !place.is_empty() && head.eq_ignore_ascii_case(place))?;
    path.get(head.len()..).filter(|rest| matches!(rest, [] | [b'/', ..]))
}

/// The name of a directory whose path without links is `plain`, which starts with a drive or share: `given`, made normal, where no
/// link led to it; else a name that starts as `given` does, with a drive, or with the root. For an unknown origin the latter.
#[must_use]
pub fn name_of(plain: &[u8], given: Option<&[u8]>, places: Places<'_>) -> Vec<u8> {
    let is_plain = |name: &[u8]| match path::target(name, places, false) {
        Ok(Target::File(file)) => path::to_guest(&file.nt).is_some_and(|own| own.eq_ignore_ascii_case(plain)),
        _ => false,
    };
    if let Some(given) = given.filter(|given| is_plain(given)) {
        return Normal::of(given).text();
    }
    if given.is_some_and(|given| Normal::of(given).is_outside()) {
        return plain.to_vec();
    }
    let called = |place: &[u8], top: &[u8]| {
        let name = Normal::of(&[top, below(plain, place)?].concat()).text();
        // A name of the root may be hidden behind one of the platform's.
        is_plain(&name).then_some(name)
    };
    called(places.temporary, b"/tmp").or_else(|| called(places.root, b"")).unwrap_or_else(|| plain.to_vec())
}

/// The guest's text of a Windows symbolic link.
#[must_use]
pub fn link_target(wide: &[u16], places: Places<'_>) -> Vec<u8> {
    match path::to_guest(wide) {
        Some(plain) => name_of(&plain, None, places),
        None => utf16::to_bytes(wide).iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    const PLACES: Places<'_> = Places { root: b"/c/distx", temporary: b"/c/Users/me/Temp" };

    fn wide(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn file(path: &str) -> FilePath {
        match path::target(path.as_bytes(), PLACES, false) {
            Ok(Target::File(file)) => file,
            other => panic!("{path}: {other:?}"),
        }
    }

    #[test]
    fn a_file_keeps_the_drive_that_it_was_asked_for_by() {
        for (real, asked, real_top, expected) in [
            // Its own drive, also where a link led to it.
            (r"\\?\C:\a\b", "/c/link", None, Some("/c/a/b")),
            (r"\\?\c:\A", "/c/a", None, Some("/c/A")),
            (r"\\?\D:\x", "/c/link", Some(r"\\?\C:\"), Some("/d/x")),
            // `subst q: C:\t`, `subst q: C:\`
            (r"\\?\C:\t", "/q", Some(r"\\?\C:\t"), Some("/q")),
            (r"\\?\C:\t\x\y", "/q/x/y", Some(r"\\?\C:\t"), Some("/q/x/y")),
            (r"\\?\C:\T\real", "/q/link", Some(r"\\?\C:\t"), Some("/q/real")),
            (r"\\?\C:\tt", "/q/link", Some(r"\\?\C:\t"), Some("/c/tt")),
            (r"\\?\C:\x", "/q/x", Some(r"\\?\C:\"), Some("/q/x")),
            (r"\\?\C:\x", "/q/x", None, Some("/c/x")),
            // A mapped drive, and one whose share is a link of a distributed file system.
            (r"\\?\UNC\s\h\dir\x", "/z/x", Some(r"\\?\UNC\s\h\dir\"), Some("/z/x")),
            (r"\\?\UNC\s2\h2\x", "//dfs/h/x", Some(r"\\?\UNC\s2\h2\"), Some("//dfs/h/x")),
            (r"\\?\UNC\s\h\x", "//s/h/link", None, Some("//s/h/x")),
            // A disk in memory, which only the kernel has a path for.
            (r"\Device\ImDisk0\dir\x", "/r/dir/x", Some(r"\Device\ImDisk0\"), Some("/r/dir/x")),
            (r"\Device\ImDisk0", "/r", Some(r"\Device\ImDisk0\"), Some("/r")),
            (r"\Device\ImDisk0\x", "/c/link", Some(r"\\?\C:\"), None),
            (r"\Device\ImDisk0\x", "/r/x", None, None),
            (r"\\?\Volume{1}\x", "/c/link", Some(r"\\?\C:\"), None),
        ] {
            let name = without_links(&wide(real), &file(asked), || real_top.map(wide));
            assert_eq!(name.as_deref(), expected.map(str::as_bytes), "{real} {asked}");
        }
    }

    #[test]
    fn a_directory_is_called_as_it_was_asked_for() {
        for (plain, given, expected) in [
            ("/c/distx", "/", "/"),
            ("/c/distx", "/..", "/"),
            ("/c/distx", "/c/distx", "/c/distx"),
            ("/c/distx", "", "/"),
            ("/c/DISTX/lib", "/./lib/.", "/lib"),
            ("/c/distx/lib", "/link", "/lib"),
            ("/c/distx/lib", "/c/link", "/c/distx/lib"),
            ("/c/distx/tmp", "/link", "/c/distx/tmp"),
            ("/c/distx/c", "/link", "/c/distx/c"),
            ("/c/distxx", "/link", "/c/distxx"),
            ("/c/Users/me/Temp/a", "/tmp/a", "/tmp/a"),
            ("/c/Users/me/Temp/a", "", "/tmp/a"),
            ("/d", "/d/", "/d"),
            ("/d/x", "/link", "/d/x"),
            ("//s/h/a", "//s/h/a/", "//s/h/a"),
            ("//s/h/a", "", "//s/h/a"),
        ] {
            let given = Some(given.as_bytes()).filter(|given| !given.is_empty());
            let name = name_of(plain.as_bytes(), given, PLACES);
            assert_eq!(String::from_utf8_lossy(&name), expected, "{plain} {given:?}");
        }
    }

    #[test]
    fn texts_of_links_become_the_guests() {
        assert_eq!(link_target(&wide(r"..\x\y"), PLACES), b"../x/y");
        assert_eq!(link_target(&wide(r"\??\C:\x"), PLACES), b"/c/x");
        assert_eq!(link_target(&wide(r"\??\C:\distx\lib"), PLACES), b"/lib");
    }
}
