//! Randomness: bytes, and places in memory.

use platform::{Errno, Random, Result};
use windows_sys::Win32::Security::Authentication::Identity::RtlGenRandom;

use super::guest;
use crate::Windows;

impl Random for Windows {
    fn random(&self, buffer: &mut [u8]) -> Result<()> {
        fill(buffer)
    }
}

/// Fills the buffer from Windows' generator.
pub fn fill(buffer: &mut [u8]) -> Result<()> {
    guest::fill(buffer, |piece| {
        // SAFETY: the piece is writable for its length.
        let done = unsafe { RtlGenRandom(piece.as_mut_ptr().cast(), piece.len() as u32) };
        if done { Ok(()) } else { Err(Errno::IO) }
    })
}

/// A place in memory to ask for.
pub fn place() -> usize {
    let mut word = [0; 8];
    fill(&mut word).map_or(0, |()| platform::random_place(u64::from_ne_bytes(word)))
}
