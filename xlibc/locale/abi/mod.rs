//! `<locale.h>`, `<langinfo.h>`: what C sees.

use core::ptr;
use core::sync::atomic::Ordering;

use super::{C, CATEGORIES, CURRENT, GLOBAL, Locale, convention, information, locale_t, name, requested};
use crate::rt::{Errno, Result, c_bytes, set_errno, thread};
use crate::text::encoding::Encoding;
use crate::types::{c_char, c_int, size_t};

/// LC_ALL.
const ALL: c_int = CATEGORIES as c_int;
/// LC_ALL_MASK.
const ALL_MASK: c_int = 0x7FFF_FFFF;

/// The names for the categories in `wanted`, a bit for each, by `name` ("" asks the environment); the others from `old`. `ENOENT` for
/// a name that is no locale here, `ENOMEM`.
fn changed(old: &Locale, wanted: c_int, name: &[u8]) -> Result<&'static Locale> {
    let mut names = old.names;
    let listed = if name.is_empty() { None } else { Some(name::parse_all(name).ok_or(Errno::NOENT)?) };
    for (category, place) in names.iter_mut().enumerate().filter(|(category, _)| wanted >> category & 1 != 0) {
        let found = match listed {
            Some(listed) => listed.get(category).copied(),
            None => requested::name(category),
        };
        *place = found.ok_or(Errno::NOENT)?;
    }
    Locale::with_names(&names)
}

/// C23 7.11.1.1. Null for an unknown category or name, or without memory; then nothing changes. The result is constant.
///
/// # Safety
/// `name` is null or NUL-terminated.
#[export]
pub unsafe extern "C" fn setlocale(category: c_int, name: *const c_char) -> *mut c_char {
    let wanted = match category {
        ALL => ALL_MASK,
        0..ALL => 1 << category,
        _ => return ptr::null_mut(),
    };
    if !name.is_null() {
        let mut old = CURRENT.load(Ordering::Acquire);
        loop {
            // SAFETY: always a locale; caller contract.
            let Ok(new) = (unsafe { changed(&*old, wanted, c_bytes(name)) }) else { return ptr::null_mut() };
            // A category that another thread sets meanwhile keeps what that thread set.
            let new = ptr::from_ref(new).cast_mut();
            match CURRENT.compare_exchange(old, new, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => break,
                Err(now) => old = now,
            }
        }
    }
    Locale::global().name((category != ALL).then_some(category as usize)).as_ptr().cast_mut()
}

/// POSIX.1-2024. Null with EINVAL for a mask with unknown bits or no name, ENOENT for a name that is no locale here, ENOMEM.
///
/// # Safety
/// `name` is null or NUL-terminated; `base` is null or a locale.
#[export]
pub unsafe extern "C" fn newlocale(mask: c_int, name: *const c_char, base: locale_t) -> locale_t {
    if mask & !ALL_MASK != 0 || (mask != ALL_MASK && mask >> CATEGORIES != 0) || name.is_null() {
        set_errno(Errno::INVAL);
        return ptr::null();
    }
    // SAFETY: caller contract; null is "C" in every category.
    let old = if base.is_null() { &C } else { unsafe { Locale::from_c(base) } };
    // SAFETY: caller contract.
    match changed(old, mask, unsafe { c_bytes(name) }) {
        Ok(locale) => locale,
        Err(errno) => {
            set_errno(errno);
            ptr::null()
        }
    }
}

/// POSIX.1-2024. A copy of `LC_GLOBAL_LOCALE` stays as it is now.
///
/// # Safety
/// `locale` is a locale or `LC_GLOBAL_LOCALE`.
#[export]
pub unsafe extern "C" fn duplocale(locale: locale_t) -> locale_t {
    // SAFETY: caller contract.
    unsafe { Locale::from_c(locale) }
}

/// POSIX.1-2024. Locales stay, for the next that asks for the same.
#[export]
pub extern "C" fn freelocale(_locale: locale_t) {}

/// POSIX.1-2024. The locale before; null only asks.
///
/// # Safety
/// `locale` is null, a locale or `LC_GLOBAL_LOCALE`.
#[export]
pub unsafe extern "C" fn uselocale(locale: locale_t) -> locale_t {
    let slot = &thread().locale;
    let old = slot.get();
    if !locale.is_null() {
        slot.set(if locale == GLOBAL { 0 } else { locale.addr() });
    }
    if old == 0 { GLOBAL } else { ptr::with_exposed_provenance(old) }
}

/// C23 7.11.2.1. The values of "C", which every locale here has. The result is constant.
#[export]
pub extern "C" fn localeconv() -> *mut convention::lconv {
    (&raw const convention::C.0).cast_mut()
}

/// POSIX.1-2024. "" for an unknown item.
#[export]
pub extern "C" fn nl_langinfo(item: c_int) -> *mut c_char {
    information::of(Locale::current(), item).as_ptr().cast_mut()
}

/// POSIX.1-2024. "" for an unknown item.
///
/// # Safety
/// `locale` is a locale or `LC_GLOBAL_LOCALE`.
#[export]
pub unsafe extern "C" fn nl_langinfo_l(item: c_int, locale: locale_t) -> *mut c_char {
    // SAFETY: caller contract.
    information::of(unsafe { Locale::from_c(locale) }, item).as_ptr().cast_mut()
}

/// The macro `MB_CUR_MAX` (C23 7.24.1): most bytes of a character.
#[export]
pub extern "C" fn __ctype_get_mb_cur_max() -> size_t {
    match super::encoding() {
        Encoding::Bytes => 1,
        Encoding::Utf8 => 4,
    }
}

#[cfg(test)]
mod tests;
