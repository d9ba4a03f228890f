//! What is wrong with a file, and where.

use alloc::string::{String, ToString};
use core::fmt;

/// A place in a file, both numbers from 1; a column is a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Lines end with `\n`.
    pub line: u32,
    /// Characters, not bytes.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What is wrong with a file. It shows as `FILE:LINE:COLUMN: KEY: MESSAGE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// As the caller named it; empty before the reader adds it.
    pub file: String,
    /// Where in the file, if it is about a place.
    pub at: Option<Position>,
    /// The keys that lead there with dots between them (`run.build.cmd`); empty at the top.
    pub key: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl Error {
    /// An error at a place of a file that is not yet known here.
    pub(crate) fn at(at: Position, message: impl ToString) -> Self {
        Self { file: String::new(), at: Some(at), key: String::new(), message: message.to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(Position { line, column }) = self.at {
            write!(f, ":{line}:{column}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl core::error::Error for Error {}
