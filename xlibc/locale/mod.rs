//! `<locale.h>`, `<langinfo.h>`, `<nl_types.h>`.
//!
//! Three names exist: "C", its twin "POSIX", and "C.UTF-8". They differ in what a byte means, and in nothing else:
//! - "C" and "POSIX": a byte is a character. Bytes from 0x80 become the wide characters 0xDF80 to 0xDFFF, which are no characters
//!   of Unicode, and come back unchanged (POSIX.1-2024 6.2 asks that every byte is one character).
//! - "C.UTF-8": characters are UTF-8, one to four bytes.
//!
//! So a locale is one bit for each category, and all sixty-four of them are constants: `newlocale` allocates nothing.

use core::sync::atomic::{AtomicU8, Ordering};

use crate::rt;

pub mod abi;
pub mod catalog;
pub mod convention;
mod environment;
pub mod information;
mod name;

/// `locale_t` of C; -1 (`LC_GLOBAL_LOCALE`) stands for the locale that `setlocale` sets.
#[expect(non_camel_case_types, reason = "C's name")]
pub type locale_t = *const Locale;

/// `LC_GLOBAL_LOCALE`.
pub const GLOBAL: locale_t = core::ptr::without_provenance(usize::MAX);

/// LC_CTYPE, LC_NUMERIC, LC_TIME, LC_COLLATE, LC_MONETARY, LC_MESSAGES: their numbers are 0 to 5.
pub const CATEGORIES: usize = 6;

/// What the bytes of a string mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Every byte is a character.
    Bytes,
    /// UTF-8.
    Utf8,
}

/// A locale: bit `n` is set if category `n` is "C.UTF-8", else it is "C".
#[derive(Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Locale(u8);

/// Every locale there is, so that an address can stand for one.
static ALL: [Locale; 1 << CATEGORIES] = {
    let mut all = [const { Locale(0) }; 1 << CATEGORIES];
    let mut bits = 0;
    while bits < all.len() {
        all[bits] = Locale(bits as u8);
        bits += 1;
    }
    all
};

/// What `setlocale` has set. "C" at program start (C23 7.11.1.1).
static CURRENT: AtomicU8 = AtomicU8::new(0);

impl Locale {
    const UTF8: u8 = (1 << CATEGORIES) - 1;

    /// The locale with these bits.
    fn with_bits(bits: u8) -> &'static Self {
        &ALL[usize::from(bits & Self::UTF8)]
    }
    /// The locale of the whole process.
    #[must_use]
    pub fn global() -> &'static Self {
        Self::with_bits(CURRENT.load(Ordering::Acquire))
    }
    /// The calling thread's locale: that of `uselocale`, else the global one.
    #[inline]
    #[must_use]
    pub fn current() -> &'static Self {
        // SAFETY: only `uselocale` sets it, to an address of `ALL`; 0 is null.
        unsafe { (rt::thread().locale.get() as locale_t).as_ref() }.unwrap_or_else(Self::global)
    }
    /// The locale that C means.
    ///
    /// # Safety
    /// `locale` came from `newlocale`, `duplocale` or `uselocale`, or is `LC_GLOBAL_LOCALE`.
    #[must_use]
    pub unsafe fn from_c(locale: locale_t) -> &'static Self {
        // SAFETY: caller contract; those are addresses of `ALL`.
        if locale == GLOBAL || locale.is_null() { Self::global() } else { unsafe { &*locale } }
    }
    /// What the bytes of a string mean here.
    #[inline]
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        if self.0 & 1 == 0 { Encoding::Bytes } else { Encoding::Utf8 }
    }
    /// The name of a category; the names of all for `None`, which `setlocale` accepts again.
    #[must_use]
    pub fn name(&self, category: Option<usize>) -> &'static core::ffi::CStr {
        match category {
            Some(category) if self.0 >> category & 1 != 0 => name::UTF8,
            Some(_) => name::C,
            None => name::of_all(self.0),
        }
    }
}

/// What the bytes of the calling thread's strings mean.
#[inline]
#[must_use]
pub fn encoding() -> Encoding {
    Locale::current().encoding()
}
