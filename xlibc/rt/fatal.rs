//! The end of a process that cannot go on: a message on descriptor 2, then SIGABRT.

use super::{abi, blocking, host};
use crate::rt::{Files, Process};

/// [`report`], and ends the process as by SIGABRT.
#[cold]
pub fn fatal(parts: &[&str]) -> ! {
    report(parts);
    host().terminate(abi::signal::ABRT)
}

/// Writes `xlibc: ` and the parts as one line. Takes no lock and no memory.
#[cold]
pub fn report(parts: &[&str]) {
    let mut line = Line::new();
    line.add("xlibc: ");
    for part in parts {
        line.add(part);
    }
    line.add("\n");
    let mut rest = line.bytes();
    while !rest.is_empty() {
        match blocking(|| host().write(2, rest)) {
            Ok(written) if written > 0 => rest = rest.get(written..).unwrap_or(&[]),
            _ => break,
        }
    }
}

/// A line that is cut off where it does not fit.
pub(super) struct Line {
    bytes: [u8; 256],
    used: usize,
}

impl Line {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; 256], used: 0 }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.used).unwrap_or(&[])
    }

    fn add(&mut self, text: &str) {
        for (place, byte) in self.bytes.iter_mut().skip(self.used).zip(text.bytes()) {
            *place = byte;
            self.used += 1;
        }
    }
}

impl core::fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.add(text);
        Ok(())
    }
}

/// The end of a process in which the library itself has gone wrong; `xlibc/cdylib` makes it the panic handler.
pub fn panicked(info: &core::panic::PanicInfo<'_>) -> ! {
    use core::fmt::Write;
    let mut place = Line::new();
    // The message itself would pull in all of the formatting of whatever panicked; the place says enough.
    if let Some(location) = info.location() {
        let _ = write!(place, "{}:{}", location.file(), location.line());
    }
    fatal(&["internal error at ", core::str::from_utf8(place.bytes()).unwrap_or("?")])
}
