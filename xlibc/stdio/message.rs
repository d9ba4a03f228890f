//! Messages on standard error: `perror`, `err` and `warn`.

use core::sync::atomic::Ordering;

use super::format::format;
use super::registry::STANDARD_ERROR;
use super::va_list::VaList;
use super::writer::Sink;
use crate::rt::{Result, c_bytes};
use crate::string::{error_text, signal_text};
use crate::system::INVOCATION_SHORT_NAME;
use crate::text::print_int::Digits;

/// A message that is sent in one piece if it is not too long: standard error has no buffer.
struct Message {
    text: [u8; 512],
    length: usize,
}

impl Message {
    fn new() -> Self {
        Self { text: [0; 512], length: 0 }
    }

    fn flush(&mut self) -> Result<()> {
        let result = STANDARD_ERROR.output().write(self.text.get(..self.length).unwrap_or(&[])).result();
        self.length = 0;
        result.map(|_| ())
    }
}

impl Sink<u8> for Message {
    fn write(&mut self, text: &[u8]) -> Result<()> {
        for byte in text {
            if self.length == self.text.len() {
                self.flush()?;
            }
            if let Some(place) = self.text.get_mut(self.length) {
                *place = *byte;
                self.length += 1;
            }
        }
        Ok(())
    }
}

/// `prefix: text of the number`, or only the text without a prefix (C23 7.23.10.4).
pub fn perror(prefix: &[u8], number: i32) -> Result<()> {
    say(prefix, error_text::text(number).to_bytes())
}

/// `prefix: text of the signal`, without the prefix where that is empty (POSIX.1-2024 `psignal`).
pub fn signal(prefix: &[u8], number: i32) -> Result<()> {
    say(prefix, signal_text::of(number).to_bytes())
}

fn say(prefix: &[u8], text: &[u8]) -> Result<()> {
    let mut message = Message::new();
    if !prefix.is_empty() {
        message.write(prefix)?;
        message.write(b": ")?;
    }
    message.write(text)?;
    message.write(b"\n")?;
    message.flush()
}

/// `program: message: text of the number`, each part where it is given (BSD err.h).
///
/// # Safety
/// `list` holds the arguments that the format names.
pub unsafe fn warn(name: &[u8], text: Option<&[u8]>, list: &mut VaList, number: Option<i32>) -> Result<()> {
    let mut message = Message::new();
    message.write(name)?;
    message.write(b": ")?;
    if let Some(text) = text {
        // SAFETY: caller contract.
        unsafe { format(&mut message, &mut [0; 128], text, list, number.unwrap_or(0)) }?;
        if number.is_some() {
            message.write(b": ")?;
        }
    }
    if let Some(number) = number {
        message.write(error_text::text(number).to_bytes())?;
    }
    message.write(b"\n")?;
    message.flush()
}

/// What a failed `assert` says, in musl's words, which test suites look for (C23 7.2.1.1 leaves them open).
pub fn assertion(expression: &[u8], file: &[u8], function: &[u8], line: i32) -> Result<()> {
    let mut message = Message::new();
    let sign: &[u8] = if line < 0 { b"-" } else { b"" };
    let digits = Digits::new(line.unsigned_abs().into(), 10, false);
    for part in
        [b"Assertion failed: ", expression, b" (", file, b": ", function, b": ", sign, digits.as_bytes(), b")\n"]
    {
        message.write(part)?;
    }
    message.flush()?;
    // A program may have given the stream a buffer.
    STANDARD_ERROR.output().flush()
}

/// The program's name for messages.
pub fn program_name() -> &'static [u8] {
    let name = INVOCATION_SHORT_NAME.load(Ordering::Relaxed);
    // SAFETY: set to a string at the start; a program may assign another one.
    if name.is_null() { b"" } else { unsafe { c_bytes(name) } }
}
