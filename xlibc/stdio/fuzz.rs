//! Fuzz targets: formats and scanned text from outside.

use super::format::{POSITIONS_MAX, format};
use super::scan::scan;
use super::scan_input::StringInput;
use super::text::Text;
use super::va_list::VaList;
use super::writer::Sink;
use crate::rt::{Errno, Result};
use std::vec::Vec;

/// Takes so much and no more: widths reach to 2^31.
struct Short<U>(Vec<U>);

const MOST: usize = 4096;

impl<U: Text> Sink<U> for Short<U> {
    fn write(&mut self, text: &[U]) -> Result<()> {
        if self.0.len() + text.len() > MOST {
            return Err(Errno::OVERFLOW);
        }
        self.0.extend_from_slice(text);
        Ok(())
    }
}

/// The part before the first newline, which is the format, and the rest.
fn parts(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &[]),
    }
}

/// printf: a format, and behind a newline the arguments. Where the format has strings or `%n`, every argument is the address of the
/// same buffer.
pub fn printf(data: &[u8]) {
    let (text, rest) = parts(data);
    let mut buffer = [0_u64; 8];
    buffer[0] = u64::from_le_bytes(*b"text\xC3\xA9\0\0");
    let address = buffer.as_mut_ptr().expose_provenance() as u64;
    let takes_addresses = text.iter().any(|byte| matches!(byte, b's' | b'S' | b'n'));
    // Each directive takes three at most, one of them twice as large and aligned; or as many as there can be by their position.
    let word = |index: usize| (8 * index..8 * index + 8).fold(0, |sum, at| sum << 8 | u64::from(rest[at % rest.len()]));
    let slots = (0..5 * text.len() + 2 * POSITIONS_MAX + 2).map(|index| match rest.is_empty() {
        _ if takes_addresses => address,
        true => 0,
        false => word(index),
    });
    let slots: Vec<u64> = slots.collect();
    one_printf(text, &slots);
    let wide: Vec<u32> = text.iter().map(|byte| u32::from(*byte)).collect();
    one_printf(&wide, &slots);
}

fn one_printf<U: Text + Copy + Default>(text: &[U], slots: &[u64]) {
    let mut slots = slots.to_vec();
    let mut out = Short(Vec::new());
    // SAFETY: there are slots for all that the format names, and addresses are those of a buffer with a string in it.
    let result = unsafe { format(&mut out, &mut [U::default(); 16], text, &mut VaList::on_stack(&mut slots), 2) };
    if let Ok(count) = result {
        assert_eq!(count, out.0.len(), "the result is not the number of characters");
    }
}

/// scanf: a format, and behind a newline the text. All results go to the same place. Not `m`, which leaves memory behind.
pub fn scanf(data: &[u8]) {
    let (text, input) = parts(data);
    let input = input.split(|byte| *byte == 0).next().unwrap_or(&[]);
    if text.contains(&b'm') {
        return;
    }
    // Wide characters of the whole text, aligned as any type is.
    let mut place: Vec<u128> = std::vec![0; input.len() / 4 + 8];
    let address = place.as_mut_ptr().expose_provenance() as u64;
    let mut slots = std::vec![address; text.len() + POSITIONS_MAX];
    let ended: Vec<u8> = input.iter().copied().chain([0]).collect();
    // SAFETY: the text ends in a zero, and the place has room for all of it, in each conversion.
    let scanned = unsafe { scan(&mut StringInput::new(ended.as_ptr()), text, &mut VaList::on_stack(&mut slots)) };
    assert!(scanned.assigned <= text.len() as i32, "more results than conversions");
}

#[cfg(test)]
mod tests {
    use crate::fuzz::drive;

    #[test]
    fn printf() {
        let good: [&[u8]; 7] = [
            b"%d %5.3i|%-8x|%#o|%+lld|% hhd\n\x01\x02\x03\x04\x05\x06\x07\x08\xFF\xFE",
            b"%e %.3f %g %a %#G %010.2F\n\x40\x09\x21\xFB\x54\x44\x2D\x18\x7F\xEF\xFF\xFF\xFF\xFF\xFF\xFF",
            b"%Lf|%La|%.20Lg\n\x3F\xFF\x80\x00\x00\x00\x00\x00\x40\x00",
            b"%s|%.2s|%10s|%ls|%n|%p",
            b"%2$d %1$*2$d %2$s",
            b"%c%lc%%%m%b%B\n\0\0\0\0\0\0\0\x41",
            b"%*d%.*f%-*x\n\0\0\0\0\0\0\0\x09",
        ];
        drive(super::printf, &good, 3_000);
    }

    #[test]
    fn scanf() {
        let good: [&[u8]; 6] = [
            b"%d %i %x %o %b\n-42 0x1f 77 17 101",
            b"%f %lg %La %5e\n1.5 -2e308 0x1.8p3 nan(12)",
            b"%5s %c %3c %ls %[a-z] %[^]x]\nhello w abc text lower ]",
            b"x=%hhd,%lln,%%%*d\nx=7,% 9",
            b"%2$d %1$d\n1 2",
            b"%p%u\n0xbeef99999999999999999999",
        ];
        drive(super::scanf, &good, 20_000);
    }
}
