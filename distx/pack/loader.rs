//! The loader before the payload, and the mark by which it finds it.

use std::ops::Range;

use anyhow::{Context, Result, bail};
use loader_abi::payload::{ALIGN, MARK, Mark};

use crate::payload::Payload;

/// Puts the payload behind the loader.
///
/// # Errors
/// The loader has no place for the mark: it is of another version, or packed already.
pub fn join(mut loader: Vec<u8>, payload: &Payload) -> Result<Vec<u8>> {
    let place = place(&loader).context("this loader cannot be packed: it is older than this distx")?;
    if loader[place.clone()].iter().any(|byte| *byte != 0) {
        bail!("this loader holds a program already");
    }
    loader.resize(loader.len().next_multiple_of(ALIGN as usize), 0);
    let mark = Mark { offset: loader.len() as u64, ..payload.mark };
    loader[place].copy_from_slice(&mark.to_bytes());
    loader.extend(&payload.bytes);
    Ok(loader)
}

/// The mark of a packed file; `None` in all other files.
pub fn mark(file: &[u8]) -> Option<Mark> {
    let mark = Mark::from_bytes(file.get(place(file)?)?.try_into().ok()?);
    (mark != Mark::default()).then_some(mark)
}

/// Where the numbers behind the first mark lie: members, which may be anything, follow it.
fn place(file: &[u8]) -> Option<Range<usize>> {
    let start = file.windows(MARK.len()).position(|bytes| bytes == MARK)? + MARK.len();
    let place = start..start + Mark::default().to_bytes().len();
    (place.end <= file.len()).then_some(place)
}
