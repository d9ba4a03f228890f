//! What the loader reports to people: a file and what is wrong.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Display, Write};

use platform::Platform;

/// Exit code of a program that could not be started, as shells use it.
pub const EXIT_CODE: i32 = 127;

/// A file and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The file, as its path or name was given.
    pub file: Vec<u8>,
    /// What is wrong.
    pub what: String,
}

impl Error {
    /// An error of this file.
    pub fn new(file: &[u8], what: impl Display) -> Self {
        Self { file: file.to_vec(), what: what.to_string() }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Text(&self.file), self.what)
    }
}

/// Bytes as text; invalid UTF-8 becomes U+FFFD.
pub(crate) struct Text<'t>(pub &'t [u8]);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        Ok(())
    }
}

/// Writes `xload: <message>` to the standard error output, in one request.
pub(crate) fn report<P: Platform>(platform: &P, message: impl Display) {
    let mut line = String::new();
    // A `String` takes everything.
    let _ = writeln!(line, "xload: {message}");
    print(platform, 2, line.as_bytes());
}

/// Writes all of the text, as far as the host takes it.
pub(crate) fn print<P: Platform>(platform: &P, fd: i32, mut text: &[u8]) {
    while let Ok(written) = platform.write(fd, text) {
        text = text.get(written..).unwrap_or_default();
        if text.is_empty() || written == 0 {
            break;
        }
    }
}
