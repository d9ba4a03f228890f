//! What is wrong with a file.

use core::fmt;

/// What is wrong with a file, in words for the person who runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    what: &'static str,
    number: Option<u64>,
}

impl Fault {
    pub(crate) const fn new(what: &'static str) -> Self {
        Self { what, number: None }
    }

    /// With the value that was found.
    pub(crate) const fn with(what: &'static str, number: u64) -> Self {
        Self { what, number: Some(number) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        match self.number {
            Some(number) if number > 0xffff => write!(f, " ({number:#x})"),
            Some(number) => write!(f, " ({number})"),
            None => Ok(()),
        }
    }
}
