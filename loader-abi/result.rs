//! Results on their way through the table: as one word, or through a pointer.

use core::convert::Infallible;
use core::mem::MaybeUninit;

use platform::{Errno, Result};

use crate::plain::{C, Plain};

/// A result that is one word: `>= 0`, or `-errno`.
pub(crate) trait Word: Sized {
    fn word(self) -> i64;
    fn from_word(word: i64) -> Self;
}

pub(crate) fn refused(errno: Errno) -> i64 {
    -i64::from(errno.number())
}

/// The error in a word.
fn success(word: i64) -> Result<i64> {
    if word < 0 { Err(Errno::from_number(i32::try_from(-word).unwrap_or(0))) } else { Ok(word) }
}

impl<T: Word> Word for Result<T> {
    fn word(self) -> i64 {
        self.map_or_else(refused, Word::word)
    }
    fn from_word(word: i64) -> Self {
        success(word).map(T::from_word)
    }
}

/// What only fails. A host that says otherwise has lost the process.
impl Word for Infallible {
    fn word(self) -> i64 {
        match self {}
    }
    fn from_word(_: i64) -> Self {
        loop {
            core::hint::spin_loop();
        }
    }
}

impl Word for () {
    fn word(self) -> i64 {
        0
    }
    fn from_word(_: i64) {}
}

impl Word for bool {
    fn word(self) -> i64 {
        i64::from(self)
    }
    fn from_word(word: i64) -> Self {
        word != 0
    }
}

macro_rules! word {
    ($($type:ty),*) => {$(
        impl Word for $type {
            fn word(self) -> i64 {
                self as i64
            }
            fn from_word(word: i64) -> Self {
                word as Self
            }
        }
    )*};
}

word!(i32, u32, usize);

/// A result that is stored through a pointer when there is one; the word is 0, or `-errno`.
pub(crate) trait Stored: Sized {
    /// What is stored.
    type Form: Copy;
    /// The pointer in C.
    const C: C;
    /// # Safety
    /// `out` is valid for one write.
    unsafe fn store(self, out: *mut Self::Form) -> i64;
    /// # Safety
    /// `out` was written if the word is 0.
    unsafe fn take(word: i64, out: MaybeUninit<Self::Form>) -> Self;
}

impl<T: Plain> Stored for T {
    type Form = T;
    const C: C = C::Output(T::NAME);
    unsafe fn store(self, out: *mut T) -> i64 {
        // SAFETY: caller contract.
        unsafe { out.write(self) };
        0
    }
    unsafe fn take(_: i64, out: MaybeUninit<T>) -> T {
        // SAFETY: caller contract: there always is a result.
        unsafe { out.assume_init() }
    }
}

impl<T: Stored> Stored for Result<T> {
    type Form = T::Form;
    const C: C = T::C;
    unsafe fn store(self, out: *mut T::Form) -> i64 {
        match self {
            // SAFETY: caller contract.
            Ok(value) => unsafe { value.store(out) },
            Err(errno) => refused(errno),
        }
    }
    unsafe fn take(word: i64, out: MaybeUninit<T::Form>) -> Self {
        // SAFETY: caller contract.
        success(word).map(|word| unsafe { T::take(word, out) })
    }
}

/// `None` is `-ENOENT`.
impl<T: Stored> Stored for Option<T> {
    type Form = T::Form;
    const C: C = T::C;
    unsafe fn store(self, out: *mut T::Form) -> i64 {
        // SAFETY: caller contract.
        unsafe { self.ok_or(Errno::NOENT).store(out) }
    }
    unsafe fn take(word: i64, out: MaybeUninit<T::Form>) -> Self {
        // SAFETY: caller contract.
        unsafe { Result::take(word, out).ok() }
    }
}

macro_rules! pairs {
    ($($type:ty: $name:literal),*) => {$(
        impl Stored for ($type, $type) {
            type Form = [$type; 2];
            const C: C = C::Output($name);
            unsafe fn store(self, out: *mut [$type; 2]) -> i64 {
                // SAFETY: caller contract.
                unsafe { out.write(self.into()) };
                0
            }
            unsafe fn take(_: i64, out: MaybeUninit<[$type; 2]>) -> Self {
                // SAFETY: caller contract.
                unsafe { out.assume_init() }.into()
            }
        }
    )*};
}

pairs!(i32: "int32_t", usize: "size_t");
