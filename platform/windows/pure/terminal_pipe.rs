//! Terminals of Cygwin and MSYS (mintty, ssh): where Windows is not told of them as a console, they are pipes with known names.

use alloc::string::String;

/// Whether a pipe of this name, as the file system of pipes has it, leads to such a terminal: `\msys-1888ae32e00d56aa-pty0-to-master`,
/// in newer versions with another word behind it for what each kind of program gets.
#[must_use]
pub fn is_terminal(name: &[u16]) -> bool {
    fn digits(text: &str, is_digit: fn(&u8) -> bool) -> Option<&str> {
        let count = text.bytes().take_while(is_digit).count();
        text.get(count..).filter(|_| count > 0)
    }
    let Ok(name) = String::from_utf16(name) else { return false };
    let end = || {
        let name = name.strip_prefix('\\')?;
        let name = name.strip_prefix("msys-").or_else(|| name.strip_prefix("cygwin-"))?;
        let name = digits(name, u8::is_ascii_hexdigit)?.strip_prefix("-pty")?;
        let name = digits(name, u8::is_ascii_digit)?;
        name.strip_prefix("-to-master").or_else(|| name.strip_prefix("-from-master"))
    };
    matches!(end(), Some("" | "-nat" | "-cyg"))
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn is_named(name: &str) -> bool {
        is_terminal(&name.encode_utf16().collect::<Vec<_>>())
    }

    #[test]
    fn names_of_terminals() {
        for name in [
            r"\msys-1888ae32e00d56aa-pty0-to-master",
            r"\msys-1888ae32e00d56aa-pty12-from-master",
            r"\cygwin-e022582115c10879-pty4-from-master",
            r"\cygwin-E022582115C10879-pty4-to-master",
            r"\msys-dd50a72ab4668b33-pty1-to-master-nat",
            r"\cygwin-dd50a72ab4668b33-pty1-from-master-cyg",
        ] {
            assert!(is_named(name), "{name}");
        }
    }

    #[test]
    fn other_pipes() {
        for name in [
            "",
            r"\",
            r"\Win32Pipes.00001f4c.00000001",
            r"msys-1888ae32e00d56aa-pty0-to-master",
            r"\msys-1888ae32e00d56aa-pty0-to-master2",
            r"\msys-1888ae32e00d56aa-pty0-echoloop",
            r"\msys-1888ae32e00d56aa-pty-to-master",
            r"\msys--pty0-to-master",
            r"\msys-xyz-pty0-to-master",
            r"\mingw-1888ae32e00d56aa-pty0-to-master",
            r"\cygwin-e022582115c10879-pipe-0x1-to-master",
            r"\cygwin-e022582115c10879-pty1",
            r"\x\msys-1888ae32e00d56aa-pty0-to-master",
        ] {
            assert!(!is_named(name), "{name}");
        }
        assert!(!is_terminal(&[0xD800]));
    }
}
