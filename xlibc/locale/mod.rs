//! `<locale.h>`, `<langinfo.h>`.
//!
//! Locales differ in what a byte means, and in nothing else:
//! - "C" and "POSIX": a byte is a character. Bytes from 0x80 become the wide characters 0xDF80 to 0xDFFF, which are no characters
//!   of Unicode, and come back unchanged (POSIX.1-2024 6.2 asks that every byte is one character).
//! - "C.UTF-8": characters are UTF-8, one to four bytes. Names of that encoding for a language, such as "en_US.UTF-8", are the same
//!   under their own name, so that a program which takes its locale from the environment starts anywhere.
//!
//! A locale that was asked for once stays: there are as many as combinations of names in use, and an address stands for one.

use core::ptr::null;
use core::sync::atomic::{AtomicPtr, Ordering};

use crate::rt::{self, Result, heap};
use crate::text::encoding::Encoding;

pub mod abi;
pub mod convention;
pub mod information;
mod name;
mod requested;

pub use name::CATEGORIES;
use name::{Joined, Name, Names};

/// `locale_t` of C; -1 (`LC_GLOBAL_LOCALE`) stands for the locale that `setlocale` sets.
#[expect(non_camel_case_types, reason = "C's name")]
pub type locale_t = *const Locale;

/// `LC_GLOBAL_LOCALE`.
pub const GLOBAL: locale_t = core::ptr::without_provenance(usize::MAX);

/// A locale.
#[derive(Debug)]
pub struct Locale {
    /// Of LC_CTYPE.
    encoding: Encoding,
    names: Names,
    all: Joined,
    /// One that was made before.
    next: locale_t,
}

// SAFETY: nothing changes after it is made; `next` is another one that lives for ever.
unsafe impl Sync for Locale {}

/// "C" in every category: the end of the list of locales.
static C: Locale = Locale { encoding: Encoding::Bytes, names: [Name::C; CATEGORIES], all: Joined::C, next: null() };

/// The locale made last.
static LAST: AtomicPtr<Locale> = AtomicPtr::new((&raw const C).cast_mut());

/// What `setlocale` has set. "C" at program start (C23 7.11.1.1).
static CURRENT: AtomicPtr<Locale> = AtomicPtr::new((&raw const C).cast_mut());

impl Locale {
    /// The locales from one on, the last of which is "C".
    fn list(first: locale_t) -> impl Iterator<Item = &'static Self> {
        // SAFETY: null or a locale, which live for ever.
        let at = |locale: locale_t| unsafe { locale.as_ref() };
        core::iter::successors(at(first), move |locale| at(locale.next))
    }

    /// The locale with these names, the only one. `ENOMEM`.
    fn with_names(names: &Names) -> Result<&'static Self> {
        let mut made = null::<Self>().cast_mut();
        loop {
            let last = LAST.load(Ordering::Acquire);
            if let Some(found) = Self::list(last).find(|locale| locale.names == *names) {
                // SAFETY: null, or allocated below and given to nobody.
                unsafe { heap::release(made.cast()) };
                return Ok(found);
            }
            if made.is_null() {
                made = heap::allocate(size_of::<Self>())?.cast();
            }
            let encoding = if names[0].is_utf8() { Encoding::Utf8 } else { Encoding::Bytes };
            // SAFETY: fresh memory of that size, aligned for any object, that nobody else knows.
            unsafe { made.write(Self { encoding, names: *names, all: Joined::new(names), next: last }) };
            if LAST.compare_exchange(last, made, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                // SAFETY: written above; from here it lives for ever and does not change.
                return Ok(unsafe { &*made });
            }
        }
    }

    /// The locale of the whole process.
    #[must_use]
    pub fn global() -> &'static Self {
        // SAFETY: always a locale, which live for ever.
        unsafe { &*CURRENT.load(Ordering::Acquire) }
    }

    /// The calling thread's locale: that of `uselocale`, else the global one.
    #[inline]
    #[must_use]
    pub fn current() -> &'static Self {
        // SAFETY: only `uselocale` sets it, to a locale; 0 is null.
        unsafe { (rt::thread().locale.get() as locale_t).as_ref() }.unwrap_or_else(Self::global)
    }

    /// The locale that C means.
    ///
    /// # Safety
    /// `locale` came from `newlocale`, `duplocale` or `uselocale`, or is `LC_GLOBAL_LOCALE`.
    #[must_use]
    pub unsafe fn from_c(locale: locale_t) -> &'static Self {
        // SAFETY: caller contract; locales live for ever.
        if locale == GLOBAL || locale.is_null() { Self::global() } else { unsafe { &*locale } }
    }

    /// What the bytes of a string mean here.
    #[inline]
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The name of a category; the names of all for `None`, which `setlocale` accepts again.
    #[must_use]
    pub fn name(&self, category: Option<usize>) -> &core::ffi::CStr {
        match category.and_then(|category| self.names.get(category)) {
            Some(name) => name.text(),
            None => self.all.text(),
        }
    }
}

/// What the bytes of the calling thread's strings mean.
#[inline]
#[must_use]
pub fn encoding() -> Encoding {
    Locale::current().encoding()
}
