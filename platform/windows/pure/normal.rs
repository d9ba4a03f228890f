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

/// Exactly two slashes lead to another machine; POSIX.1-2024 XBD 4.16 leaves them to the host, and makes three or more one.
pub fn is_unc(path: &[u8]) -> bool {
    matches!(path, [b'/', b'/', third, ..] if *third != b'/')
}

/// Whether the name stands for a drive: a letter.
pub fn is_drive(name: &[u8]) -> bool {
    matches!(name, [letter] if letter.is_ascii_alphabetic())
}
