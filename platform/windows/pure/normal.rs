//! The names that a path is made of.

use alloc::vec::Vec;

/// Path without `.`, `..` and doubled slashes.
pub struct Normal<'a> {
    /// It starts with exactly two slashes.
    pub unc: bool,
    /// The names, without slashes.
    pub names: Vec<&'a [u8]>,
    /// The end says that it is a directory.
    pub directory: bool,
}

impl<'a> Normal<'a> {
    /// The names of a path.
    pub fn of(path: &'a [u8]) -> Self {
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
    pub fn is_outside(&self) -> bool {
        self.unc || self.names.first().is_some_and(|name| is_drive(name))
    }

    /// The path without detours.
    pub fn text(&self) -> Vec<u8> {
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

/// The folders that roots have by custom, less those that a machine may well be called by.
const TOP_NAMES: [&[u8]; 14] = [
    b"bin", b"boot", b"dev", b"etc", b"home", b"lib", b"lib64", b"opt", b"proc", b"sbin", b"sys", b"tmp", b"usr",
    b"var",
];

/// Exactly two slashes lead to another machine; POSIX.1-2024 XBD 4.16 leaves them to the host, and makes three or more one. But
/// `//usr/x` is typed by mistake: asking the network for such a machine takes seconds.
pub fn is_unc(path: &[u8]) -> bool {
    server(path).is_some()
}

/// The machine's name in a path that leads to another machine.
pub fn server(path: &[u8]) -> Option<&[u8]> {
    let name = path.strip_prefix(b"//")?.split(|byte| *byte == b'/').next()?;
    let local = name.is_empty() || TOP_NAMES.contains(&name) || name.starts_with(b"distx.org_");
    if local { None } else { Some(name) }
}

/// Whether the name stands for a drive: a letter.
pub fn is_drive(name: &[u8]) -> bool {
    matches!(name, [letter] if letter.is_ascii_alphabetic())
}
