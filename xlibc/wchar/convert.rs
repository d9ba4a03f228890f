//! Whole strings from the locale's encoding to wide characters and back.

use core::ptr;

use super::multibyte::{Decoded, State, decode};
use crate::locale::encoding;
use crate::rt::{Errno, Result};
use crate::string::copy;
use crate::types::{c_char, size_t, wchar_t};

/// `n` bytes, read as they are asked for: what follows a whole character may be unreadable.
///
/// # Safety
/// Bytes are readable as far as they are taken.
pub unsafe fn bytes(from: *const c_char, n: size_t) -> impl Iterator<Item = u8> {
    // SAFETY: caller contract.
    (0..n).map(move |at| unsafe { from.add(at).cast::<u8>().read() })
}

/// The engine of `mbsnrtowcs`: characters stored. EILSEQ.
///
/// # Safety
/// As there.
pub unsafe fn string_to_wide(
    to: *mut wchar_t,
    from: *mut *const c_char,
    limit: size_t,
    n: size_t,
    state: &mut State,
) -> Result<size_t> {
    let encoding = encoding();
    // Without a place to store, neither the state nor the string moves.
    let mut state_here = *state;
    // SAFETY: caller contract; `at` stops after the NUL or at `limit`.
    unsafe {
        let (mut at, mut left, mut count) = (*from, limit, 0);
        let mut result = Ok(());
        while to.is_null() || count < n {
            match decode(encoding, &mut state_here, bytes(at, left)) {
                Decoded::Wide(wide, taken) => {
                    if !to.is_null() {
                        *to.add(count) = wide as wchar_t;
                    }
                    if wide == 0 {
                        at = ptr::null();
                        break;
                    }
                    at = at.add(taken);
                    left -= taken;
                    count += 1;
                }
                // The limit is reached, perhaps inside a character, which the state holds.
                Decoded::Incomplete => {
                    at = at.add(left);
                    break;
                }
                Decoded::Invalid => {
                    result = Err(Errno::ILSEQ);
                    break;
                }
            }
        }
        if !to.is_null() {
            *from = at;
            *state = state_here;
        }
        result.map(|()| count)
    }
}

/// The engine of `wcsnrtombs`: bytes stored. EILSEQ.
///
/// # Safety
/// As there.
pub unsafe fn string_to_bytes(to: *mut c_char, from: *mut *const wchar_t, limit: size_t, n: size_t) -> Result<size_t> {
    let encoding = encoding();
    // SAFETY: caller contract; `at` stops after the NUL or at `limit`.
    unsafe {
        let (mut at, mut left, mut count) = (*from, limit, 0);
        let mut result = Ok(());
        while left > 0 {
            let character = *at;
            let Some(encoded) = encoding.encode(character as u32) else {
                result = Err(Errno::ILSEQ);
                break;
            };
            let length = encoded.as_bytes().len();
            if !to.is_null() {
                if length > n - count {
                    break;
                }
                copy::copy(to.add(count).cast(), encoded.as_bytes().as_ptr(), length);
            }
            if character == 0 {
                at = ptr::null();
                break;
            }
            at = at.add(1);
            left -= 1;
            count += length;
        }
        if !to.is_null() {
            *from = at;
        }
        result.map(|()| count)
    }
}
