//! What differs between narrow and wide formatted text: strings and characters of the other kind are converted.

use crate::locale::encoding;
use crate::rt::{Errno, Result};
use crate::text::Unit;
use crate::text::encoding::{Decoder, Step};

/// A unit of formatted output.
pub trait Text: Unit {
    /// Wide characters.
    const WIDE: bool;

    /// A string of this kind at an address, at most `limit` units.
    ///
    /// # Safety
    /// It ends in a zero or is `limit` units long, and stays for `'a`.
    unsafe fn own_string<'a>(address: usize, limit: usize) -> &'a [Self];

    /// Converts a string of the other kind piece by piece; at most `limit` units come out, and no part of a character. `EILSEQ`.
    ///
    /// # Safety
    /// It ends in a zero, or goes on until `limit` units have come out.
    unsafe fn other_string(address: usize, limit: usize, emit: &mut dyn FnMut(&[Self])) -> Result<()>;

    /// The units of %c and, with `wide`, of %lc. `EILSEQ`.
    fn character(value: u32, wide: bool) -> Result<([Self; 4], usize)>;
}

impl Text for u8 {
    const WIDE: bool = false;

    unsafe fn own_string<'a>(address: usize, limit: usize) -> &'a [u8] {
        let start = core::ptr::with_exposed_provenance::<u8>(address);
        // SAFETY: caller contract.
        let length = unsafe {
            if limit == usize::MAX {
                crate::string::scan::length(start)
            } else {
                crate::string::scan::length_within(start, limit)
            }
        };
        // SAFETY: caller contract.
        unsafe { core::slice::from_raw_parts(start, length) }
    }

    unsafe fn other_string(address: usize, limit: usize, emit: &mut dyn FnMut(&[u8])) -> Result<()> {
        let encoding = encoding();
        let mut at = core::ptr::with_exposed_provenance::<u32>(address);
        let mut room = limit;
        while room > 0 {
            // SAFETY: caller contract: not past the zero.
            let character = unsafe { *at };
            if character == 0 {
                break;
            }
            let encoded = encoding.encode(character).ok_or(Errno::ILSEQ)?;
            let bytes = encoded.as_bytes();
            if bytes.len() > room {
                break;
            }
            room -= bytes.len();
            emit(bytes);
            // SAFETY: as above.
            at = unsafe { at.add(1) };
        }
        Ok(())
    }

    fn character(value: u32, wide: bool) -> Result<([u8; 4], usize)> {
        let mut text = [value as u8, 0, 0, 0];
        if !wide {
            return Ok((text, 1));
        }
        let encoded = encoding().encode(value).ok_or(Errno::ILSEQ)?;
        let bytes = encoded.as_bytes();
        for (to, from) in text.iter_mut().zip(bytes) {
            *to = *from;
        }
        Ok((text, bytes.len()))
    }
}

impl Text for u32 {
    const WIDE: bool = true;

    unsafe fn own_string<'a>(address: usize, limit: usize) -> &'a [u32] {
        let start = core::ptr::with_exposed_provenance::<u32>(address);
        let mut length = 0;
        // SAFETY: caller contract: not past the zero or the limit.
        while length < limit && unsafe { *start.add(length) } != 0 {
            length += 1;
        }
        // SAFETY: caller contract.
        unsafe { core::slice::from_raw_parts(start, length) }
    }

    unsafe fn other_string(address: usize, limit: usize, emit: &mut dyn FnMut(&[u32])) -> Result<()> {
        let mut decoder = Decoder::new(encoding());
        let mut at = core::ptr::with_exposed_provenance::<u8>(address);
        let mut room = limit;
        while room > 0 {
            // SAFETY: caller contract: not past the zero.
            let byte = unsafe { *at };
            if byte == 0 {
                return if decoder.is_inside() { Err(Errno::ILSEQ) } else { Ok(()) };
            }
            match decoder.push(byte) {
                Step::Character(character) => {
                    emit(&[character]);
                    room -= 1;
                }
                Step::More => {}
                Step::Invalid => return Err(Errno::ILSEQ),
            }
            // SAFETY: as above.
            at = unsafe { at.add(1) };
        }
        Ok(())
    }

    fn character(value: u32, wide: bool) -> Result<([u32; 4], usize)> {
        if wide {
            return Ok(([value, 0, 0, 0], 1));
        }
        // btowc of the byte.
        match Decoder::new(encoding()).push(value as u8) {
            Step::Character(character) => Ok(([character, 0, 0, 0], 1)),
            Step::More | Step::Invalid => Err(Errno::ILSEQ),
        }
    }
}
