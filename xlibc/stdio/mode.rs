//! The mode strings of `fopen`, `fdopen`, `freopen`, `fmemopen` and `popen`.

use crate::rt::abi::open;
use crate::rt::{Errno, Result};

/// What a mode string asks for (C23 7.23.5.3, POSIX.1-2024 fopen).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Input is allowed.
    pub readable: bool,
    /// Output is allowed.
    pub writable: bool,
    /// Every write goes to the end.
    pub append: bool,
    /// `r`, `w` or `a`.
    pub kind: u8,
    /// `x`: the file must be new.
    pub exclusive: bool,
    /// `e`: not for programs started by `exec`.
    pub close_on_exec: bool,
}

impl Mode {
    /// `EINVAL` when it does not begin with r, w or a. `b`, `t` and unknown letters mean nothing; a comma ends it.
    pub fn parse(text: &[u8]) -> Result<Self> {
        let (kind, rest) = match text.split_first() {
            Some((kind @ (b'r' | b'w' | b'a'), rest)) => (*kind, rest),
            _ => return Err(Errno::INVAL),
        };
        let letters = rest.split(|byte| *byte == b',').next().unwrap_or(&[]);
        let update = letters.contains(&b'+');
        Ok(Self {
            readable: kind == b'r' || update,
            writable: kind != b'r' || update,
            append: kind == b'a',
            kind,
            exclusive: letters.contains(&b'x'),
            close_on_exec: letters.contains(&b'e'),
        })
    }

    /// The flags of `open`.
    #[must_use]
    pub fn open_flags(&self) -> u32 {
        let access = match (self.readable, self.writable) {
            (true, true) => open::READ_WRITE,
            (true, false) => open::READ_ONLY,
            (false, _) => open::WRITE_ONLY,
        };
        let kind = match self.kind {
            b'w' => open::CREATE | open::TRUNCATE,
            b'a' => open::CREATE | open::APPEND,
            _ => 0,
        };
        let exclusive = if self.exclusive && self.kind != b'r' { open::EXCLUSIVE } else { 0 };
        let on_exec = if self.close_on_exec { open::CLOSE_ON_EXEC } else { 0 };
        access | kind | exclusive | on_exec
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_have_the_flags_of_the_standard() {
        for (text, flags) in [
            ("r", open::READ_ONLY),
            ("rb+", open::READ_WRITE),
            ("r+b", open::READ_WRITE),
            ("w", open::WRITE_ONLY | open::CREATE | open::TRUNCATE),
            ("w+x", open::READ_WRITE | open::CREATE | open::TRUNCATE | open::EXCLUSIVE),
            ("ae", open::WRITE_ONLY | open::CREATE | open::APPEND | open::CLOSE_ON_EXEC),
            ("r,ccs=+", open::READ_ONLY),
        ] {
            assert_eq!(Mode::parse(text.as_bytes()).unwrap().open_flags(), flags, "{text}");
        }
        for text in ["", "x", "+r", "R"] {
            assert_eq!(Mode::parse(text.as_bytes()), Err(Errno::INVAL));
        }
    }
}
