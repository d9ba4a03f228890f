//! `<wchar.h>` without its I/O, `<uchar.h>`, and the conversions of `<stdlib.h>`: what C sees. Strings are in `abi/strings.rs`.

use core::ptr;

use super::convert::{bytes, string_to_bytes, string_to_wide};
use super::multibyte::{Decoded, Decoded16, OwnState, State, decode, decode16, encode16};
use crate::locale::encoding;
use crate::rt::{CResult, Errno, set_errno};
use crate::string::copy;
use crate::text::encoding::Encoded;
use crate::types::{c_char, c_int, char16_t, char32_t, size_t, wchar_t, wint_t};

pub mod strings;

/// `(size_t)-1`, with EILSEQ.
const ILLEGAL: size_t = usize::MAX;
/// `(size_t)-2`: all bytes taken, no character yet.
const INCOMPLETE: size_t = usize::MAX - 1;
/// `(size_t)-3`: a character without taking bytes.
const SECOND: size_t = usize::MAX - 2;
const WEOF: wint_t = u32::MAX;

/// EILSEQ and its result.
#[cold]
fn illegal() -> size_t {
    set_errno(Errno::ILSEQ);
    ILLEGAL
}

/// Calls with the caller's state, or else with the function's own.
///
/// # Safety
/// `state` is null or valid.
unsafe fn with_state<R>(state: *mut State, own: &OwnState, call: impl FnOnce(&mut State) -> R) -> R {
    if state.is_null() {
        let mut copied = own.get();
        let result = call(&mut copied);
        own.set(copied);
        return result;
    }
    // SAFETY: caller contract.
    call(unsafe { &mut *state })
}

/// The engine of `mbrtowc` and its relatives: `store` gets the character.
///
/// # Safety
/// `from` is null or readable up to the end of a character or for `n` bytes.
unsafe fn to_wide(from: *const c_char, n: size_t, state: &mut State, store: impl FnOnce(u32)) -> size_t {
    // A null string asks for what "" would give.
    // SAFETY: caller contract.
    let decoded = unsafe {
        if from.is_null() {
            decode(encoding(), state, [0].into_iter())
        } else {
            decode(encoding(), state, bytes(from, n))
        }
    };
    match decoded {
        Decoded::Wide(wide, taken) => {
            if !from.is_null() {
                store(wide);
            }
            if wide == 0 { 0 } else { taken }
        }
        Decoded::Incomplete => INCOMPLETE,
        Decoded::Invalid => illegal(),
    }
}

/// Stores the bytes of a conversion. -1 with EILSEQ if there are none to store.
///
/// # Safety
/// `to` is writable for the bytes.
unsafe fn store(to: *mut c_char, encoded: Option<Encoded>) -> size_t {
    let Some(encoded) = encoded else { return illegal() };
    // SAFETY: caller contract.
    unsafe { copy::copy(to.cast(), encoded.as_bytes().as_ptr(), encoded.as_bytes().len()) };
    encoded.as_bytes().len()
}

/// C23 7.31.6.1.1. WEOF for a byte that is not a character by itself.
#[export]
pub extern "C" fn btowc(byte: c_int) -> wint_t {
    u8::try_from(byte).ok().and_then(|byte| encoding().widen(byte)).unwrap_or(WEOF)
}

/// C23 7.31.6.1.2. EOF for a character that is not one byte.
#[export]
pub extern "C" fn wctob(character: wint_t) -> c_int {
    encoding().narrow(character).map_or(-1, c_int::from)
}

/// C23 7.31.6.2.1.
///
/// # Safety
/// `state` is null or valid.
#[export]
pub unsafe extern "C" fn mbsinit(state: *const State) -> c_int {
    // SAFETY: caller contract.
    unsafe { state.as_ref() }.is_none_or(|state| state.is_initial()).into()
}

/// C23 7.31.6.3.2. -1 with EILSEQ; -2 for an incomplete character.
///
/// # Safety
/// `from` is null or readable up to the end of a character or for `n` bytes; `to` is null or writable.
/// `state` is null (then the function keeps its own) or valid.
#[export]
pub unsafe extern "C" fn mbrtowc(to: *mut wchar_t, from: *const c_char, n: size_t, state: *mut State) -> size_t {
    static OWN: OwnState = OwnState::new();
    // SAFETY: caller contract.
    unsafe {
        with_state(state, &OWN, |state| {
            to_wide(from, n, state, |wide| {
                if !to.is_null() {
                    *to = wide as wchar_t;
                }
            })
        })
    }
}

/// C23 7.31.6.3.1; see [`mbrtowc`].
///
/// # Safety
/// `from` is null or readable up to the end of a character or for `n` bytes.
/// `state` is null (then the function keeps its own) or valid.
#[export]
pub unsafe extern "C" fn mbrlen(from: *const c_char, n: size_t, state: *mut State) -> size_t {
    static OWN: OwnState = OwnState::new();
    // SAFETY: caller contract.
    unsafe { with_state(state, &OWN, |state| to_wide(from, n, state, |_| {})) }
}

/// C23 7.30.2.5; see [`mbrtowc`].
///
/// # Safety
/// `from` is null or readable up to the end of a character or for `n` bytes; `to` is null or writable.
/// `state` is null (then the function keeps its own) or valid.
#[export]
pub unsafe extern "C" fn mbrtoc32(to: *mut char32_t, from: *const c_char, n: size_t, state: *mut State) -> size_t {
    static OWN: OwnState = OwnState::new();
    // SAFETY: caller contract.
    unsafe {
        with_state(state, &OWN, |state| {
            to_wide(from, n, state, |wide| {
                if !to.is_null() {
                    *to = wide;
                }
            })
        })
    }
}

/// C23 7.30.2.3. As `mbrtowc`; -3 for the second unit of a pair, for which no byte is taken.
///
/// # Safety
/// `from` is null or readable up to the end of a character or for `n` bytes; `to` is null or writable.
/// `state` is null (then the function keeps its own) or valid.
#[export]
pub unsafe extern "C" fn mbrtoc16(to: *mut char16_t, from: *const c_char, n: size_t, state: *mut State) -> size_t {
    static OWN: OwnState = OwnState::new();
    let empty = from.is_null();
    // SAFETY: caller contract; a null string asks for what "" would give.
    let unit = unsafe {
        with_state(state, &OWN, |state| {
            if empty {
                decode16(encoding(), state, [0].into_iter())
            } else {
                decode16(encoding(), state, bytes(from, n))
            }
        })
    };
    let (unit, result) = match unit {
        Decoded16::Unit(unit, taken) => (unit, if unit == 0 { 0 } else { taken }),
        Decoded16::Second(unit) => (unit, SECOND),
        Decoded16::Incomplete => return INCOMPLETE,
        Decoded16::Invalid => return illegal(),
    };
    if !to.is_null() && !empty {
        // SAFETY: caller contract.
        unsafe { *to = unit };
    }
    result
}

/// C23 7.31.6.3.3. -1 with EILSEQ. 1 for a null `to`, as for "".
///
/// # Safety
/// `to` is null or writable for MB_CUR_MAX bytes.
#[export]
pub unsafe extern "C" fn wcrtomb(to: *mut c_char, character: wchar_t, state: *mut State) -> size_t {
    // No encoding here has states between wide characters.
    let _ = state;
    if to.is_null() {
        return 1;
    }
    // SAFETY: caller contract.
    unsafe { store(to, encoding().encode(character as u32)) }
}

/// C23 7.30.2.6; see [`wcrtomb`].
///
/// # Safety
/// `to` is null or writable for MB_CUR_MAX bytes.
#[export]
pub unsafe extern "C" fn c32rtomb(to: *mut c_char, character: char32_t, state: *mut State) -> size_t {
    // SAFETY: caller contract.
    unsafe { wcrtomb(to, character as wchar_t, state) }
}

/// C23 7.30.2.4. 0 for the first unit of a pair. -1 with EILSEQ, also for half a pair.
///
/// # Safety
/// `to` is null or writable for MB_CUR_MAX bytes.
/// `state` is null (then the function keeps its own) or valid.
#[export]
pub unsafe extern "C" fn c16rtomb(to: *mut c_char, unit: char16_t, state: *mut State) -> size_t {
    static OWN: OwnState = OwnState::new();
    // SAFETY: caller contract.
    unsafe {
        with_state(state, &OWN, |state| {
            if to.is_null() {
                // As for a NUL unit, which cannot end a pair.
                return encode16(encoding(), state, 0).map_or_else(illegal, |encoded| encoded.as_bytes().len());
            }
            store(to, encode16(encoding(), state, unit))
        })
    }
}

/// C23 7.31.6.4.1; see [`mbsnrtowcs`].
///
/// # Safety
/// `*from` is NUL-terminated; `to` is null or writable for `n` characters.
/// `state` is null (then the function keeps its own) or valid.
#[export]
pub unsafe extern "C" fn mbsrtowcs(to: *mut wchar_t, from: *mut *const c_char, n: size_t, state: *mut State) -> size_t {
    static OWN: OwnState = OwnState::new();
    // SAFETY: caller contract.
    unsafe { with_state(state, &OWN, |state| string_to_wide(to, from, usize::MAX, n, state)) }.or_errno(ILLEGAL)
}

/// POSIX.1-2024: characters stored, without the NUL. With `to` `*from` moves: to null after the NUL, else to the first byte not taken.
/// -1 with EILSEQ.
///
/// # Safety
/// `*from` is readable up to its NUL or for `limit` bytes; `to` is null or writable for `n` characters.
/// `state` is null (then the function keeps its own) or valid.
#[export]
pub unsafe extern "C" fn mbsnrtowcs(
    to: *mut wchar_t,
    from: *mut *const c_char,
    limit: size_t,
    n: size_t,
    state: *mut State,
) -> size_t {
    static OWN: OwnState = OwnState::new();
    // SAFETY: caller contract.
    unsafe { with_state(state, &OWN, |state| string_to_wide(to, from, limit, n, state)) }.or_errno(ILLEGAL)
}

/// C23 7.31.6.4.2; see [`wcsnrtombs`].
///
/// # Safety
/// `*from` is NUL-terminated; `to` is null or writable for `n` bytes.
#[export]
pub unsafe extern "C" fn wcsrtombs(to: *mut c_char, from: *mut *const wchar_t, n: size_t, state: *mut State) -> size_t {
    // SAFETY: caller contract.
    unsafe { wcsnrtombs(to, from, usize::MAX, n, state) }
}

/// POSIX.1-2024: bytes stored, without the NUL. With `to` `*from` moves: to null after the NUL, else to the first character that
/// was not taken. -1 with EILSEQ.
///
/// # Safety
/// `*from` is readable up to its NUL or for `limit` characters; `to` is null or writable for `n` bytes.
#[export]
pub unsafe extern "C" fn wcsnrtombs(
    to: *mut c_char,
    from: *mut *const wchar_t,
    limit: size_t,
    n: size_t,
    state: *mut State,
) -> size_t {
    let _ = state;
    // SAFETY: caller contract.
    unsafe { string_to_bytes(to, from, limit, n) }.or_errno(ILLEGAL)
}

/// C23 7.24.8.1. -1 with EILSEQ; `n` says that there is no NUL.
///
/// # Safety
/// `from` is NUL-terminated; `to` is null or writable for `n` characters.
#[export]
pub unsafe extern "C" fn mbstowcs(to: *mut wchar_t, from: *const c_char, n: size_t) -> size_t {
    let mut from = from;
    // SAFETY: caller contract.
    unsafe { string_to_wide(to, &raw mut from, usize::MAX, n, &mut State::default()) }.or_errno(ILLEGAL)
}

/// C23 7.24.8.2. -1 with EILSEQ; `n` says that there is no NUL.
///
/// # Safety
/// `from` is NUL-terminated; `to` is null or writable for `n` bytes.
#[export]
pub unsafe extern "C" fn wcstombs(to: *mut c_char, from: *const wchar_t, n: size_t) -> size_t {
    let mut from = from;
    // SAFETY: caller contract.
    unsafe { string_to_bytes(to, &raw mut from, usize::MAX, n) }.or_errno(ILLEGAL)
}

/// C23 7.24.7.2. -1 with EILSEQ, also for an incomplete character. 0 for a null `from`: no encoding here has states.
///
/// # Safety
/// `from` is null or readable up to the end of a character or for `n` bytes; `to` is null or writable.
#[export]
pub unsafe extern "C" fn mbtowc(to: *mut wchar_t, from: *const c_char, n: size_t) -> c_int {
    if from.is_null() {
        return 0;
    }
    // SAFETY: caller contract.
    match unsafe { mbrtowc(to, from, n, &mut State::default()) } {
        ILLEGAL => -1,
        INCOMPLETE => illegal() as c_int,
        taken => taken as c_int,
    }
}

/// C23 7.24.7.1; see [`mbtowc`].
///
/// # Safety
/// `from` is null or readable up to the end of a character or for `n` bytes.
#[export]
pub unsafe extern "C" fn mblen(from: *const c_char, n: size_t) -> c_int {
    // SAFETY: caller contract.
    unsafe { mbtowc(ptr::null_mut(), from, n) }
}

/// C23 7.24.7.3. -1 with EILSEQ. 0 for a null `to`: no encoding here has states.
///
/// # Safety
/// `to` is null or writable for MB_CUR_MAX bytes.
#[export]
pub unsafe extern "C" fn wctomb(to: *mut c_char, character: wchar_t) -> c_int {
    if to.is_null() {
        return 0;
    }
    // SAFETY: caller contract.
    unsafe { store(to, encoding().encode(character as u32)) as c_int }
}

#[cfg(test)]
mod tests;
