//! What Win32 functions make of names in a path that is not marked `\\?\`.

/// Longest path of an ordinary program, with its terminating zero.
pub const MAX_PATH: usize = 260;

const fn is(unit: u16, byte: u8) -> bool {
    unit == byte as u16
}

/// The name that a file gets which is asked for by this one: dots and blanks at the end do not count.
#[must_use]
pub fn stripped(name: &[u16]) -> &[u16] {
    let end = name.iter().rposition(|unit| !is(*unit, b'.') && !is(*unit, b' ')).map_or(0, |last| last + 1);
    name.get(..end).unwrap_or_default()
}

fn is_same(name: &[u16], lower: &[u8]) -> bool {
    let fold = |unit: &u16| u8::try_from(*unit).ok().map(|byte| byte.to_ascii_lowercase());
    name.len() == lower.len() && name.iter().zip(lower).all(|(unit, byte)| fold(unit) == Some(*byte))
}

/// Whether a file of this name, or a stream of one, is a batch file to Windows.
#[must_use]
pub fn is_batch(name: &[u16]) -> bool {
    let file = stripped(name.split(|unit| is(*unit, b':')).next().unwrap_or_default());
    let ending = file.len().checked_sub(4).and_then(|at| file.get(at..)).unwrap_or_default();
    is_same(ending, b".bat") || is_same(ending, b".cmd")
}

/// Whether a file of this name would be a device.
fn is_device(name: &[u16]) -> bool {
    let base = stripped(name.split(|unit| is(*unit, b'.') || is(*unit, b':')).next().unwrap_or_default());
    let numbered = |unit: &u16| matches!(*unit, 0x30..=0x39 | 0xB9 | 0xB2 | 0xB3);
    match base {
        [start @ .., last] if start.len() == 3 && numbered(last) => is_same(start, b"com") || is_same(start, b"lpt"),
        _ => [&b"con"[..], b"prn", b"aux", b"nul", b"conin$", b"conout$"].iter().any(|device| is_same(base, device)),
    }
}

/// Whether Win32 functions find the same file by a path, `C:\dir\file` with its terminating zero, as the kernel does.
#[must_use]
pub fn is_taken_as_written(plain: &[u16]) -> bool {
    let names = plain.split(|unit| is(*unit, b'\\') || *unit == 0);
    plain.len() <= MAX_PATH && names.into_iter().all(|name| stripped(name).len() == name.len() && !is_device(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn wide(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[test]
    fn batch_files_are_known_however_they_are_written() {
        for name in [
            "x.bat",
            "x.cmd",
            "X.BAT",
            "x.CmD",
            ".bat",
            "x.bat.",
            "x.bat ",
            "x.bat. . .",
            "X~1.BAT",
            "x.bat::$DATA",
            "x.bat:s",
            "x.cmd. :s",
            "a.b.bat",
            "x .bat",
        ] {
            assert!(is_batch(&wide(name)), "{name}");
        }
        for name in ["", "bat", "xbat", "x.batch", "x.bat.exe", "x.ba", "x.exe", "x.b\u{e2}t", ". .", "x.bat_"] {
            assert!(!is_batch(&wide(name)), "{name}");
        }
    }

    #[test]
    fn what_win32_would_change_is_told() {
        for (path, same) in [
            (r"C:\dir\file.exe", true),
            (r"C:\", true),
            (r"\\server\share\x", true),
            (r"C:\.hidden\x", true),
            (r"C:\dir.\x", false),
            (r"C:\dir \x", false),
            (r"C:\x.", false),
            (r"C:\nul", false),
            (r"C:\Aux.exe", false),
            (r"C:\con .x\y", false),
            (r"C:\com7.txt", false),
            ("C:\\lpt\u{b2}", false),
            (r"C:\conout$", false),
            (r"C:\com", true),
            (r"C:\com10", true),
            (r"C:\console", true),
        ] {
            assert_eq!(is_taken_as_written(&wide(&[path, "\0"].concat())), same, "{path}");
        }
        for (length, same) in [(259, true), (260, false)] {
            let path = [r"C:\", &"x".repeat(length - 3), "\0"].concat();
            assert_eq!(is_taken_as_written(&wide(&path)), same, "{length}");
        }
    }
}
