//! Strings as numbers: what strto*, wcsto* and ato* share.

pub mod abi;

use crate::ctype::class::Class;
use crate::rt::CBytes;
use crate::text::decimal::DIGITS_MAX;
use crate::text::float::{LONG_DOUBLE, Rounded};
use crate::text::parse_float::{DIGITS_DOUBLE, FloatScan};
use crate::text::parse_int::IntScan;
use crate::types::wchar_t;

/// The characters of a string, read only as far as asked.
pub trait Characters: Iterator<Item: Into<u32>> + Clone {
    /// White space of this kind of string.
    fn is_space(character: u32) -> bool;
}

impl Characters for CBytes {
    #[inline]
    fn is_space(character: u32) -> bool {
        matches!(character, 0x20 | 0x09..=0x0d)
    }
}

/// The characters of a wide string up to its zero.
#[derive(Clone, Copy, Debug)]
pub struct CWide {
    at: *const wchar_t,
}

impl CWide {
    /// # Safety
    /// `string` ends in a zero and is not written while the iterator lives.
    #[must_use]
    pub unsafe fn new(string: *const wchar_t) -> Self {
        Self { at: string }
    }
}

impl Iterator for CWide {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        // SAFETY: contract of `new`; `at` never moves past the zero.
        let character = unsafe { *self.at } as u32;
        if character == 0 {
            return None;
        }
        // SAFETY: not at the zero.
        self.at = unsafe { self.at.add(1) };
        Some(character)
    }
}

impl Characters for CWide {
    fn is_space(character: u32) -> bool {
        Class::Space.has(character)
    }
}

/// A number, how many characters it took with the white space before it (0: there is none), and whether it is out of range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parsed<T> {
    /// The value.
    pub value: T,
    /// Characters.
    pub used: usize,
    /// `ERANGE`.
    pub out_of_range: bool,
}

fn skip_space<T: Characters>(text: &mut T) -> usize {
    let mut count = 0;
    loop {
        let before = text.clone();
        if !text.next().is_some_and(|character| T::is_space(character.into())) {
            *text = before;
            return count;
        }
        count += 1;
    }
}

fn integer<T: Characters, V>(mut text: T, base: i32, value: impl Fn(&IntScan) -> (V, bool)) -> Option<Parsed<V>> {
    let scan = IntScan::new(base)?;
    let spaces = skip_space(&mut text);
    let scan = scan.read(text);
    let (value, out_of_range) = value(&scan);
    Some(Parsed { value, used: if scan.used() == 0 { 0 } else { spaces + scan.used() }, out_of_range })
}

/// C23 7.24.1.7, signed; `None` for a base outside 0, 2..=36.
pub fn signed<T: Characters>(text: T, base: i32) -> Option<Parsed<i64>> {
    integer(text, base, IntScan::signed)
}

/// C23 7.24.1.7, unsigned.
pub fn unsigned<T: Characters>(text: T, base: i32) -> Option<Parsed<u64>> {
    integer(text, base, IntScan::unsigned)
}

fn float<T: Characters, V, const DIGITS: usize>(
    mut text: T,
    value: impl Fn(&FloatScan<DIGITS>) -> (V, bool),
) -> Parsed<V> {
    let spaces = skip_space(&mut text);
    let mut scan = FloatScan::<DIGITS>::new();
    scan.take(text);
    let (value, out_of_range) = value(&scan);
    Parsed { value, used: if scan.used() == 0 { 0 } else { spaces + scan.used() }, out_of_range }
}

/// C23 7.24.1.5, `double`.
pub fn double<T: Characters>(text: T) -> Parsed<f64> {
    float(text, FloatScan::<DIGITS_DOUBLE>::double)
}

/// C23 7.24.1.5, `float`.
pub fn single<T: Characters>(text: T) -> Parsed<f32> {
    float(text, FloatScan::<DIGITS_DOUBLE>::float)
}

/// C23 7.24.1.5, `long double`, as its bits.
#[inline(never)]
pub fn long_double<T: Characters>(text: T) -> Parsed<u128> {
    float(text, |scan: &FloatScan<DIGITS_MAX>| {
        let Rounded { bits, out_of_range } = scan.value(&LONG_DOUBLE);
        (bits, out_of_range)
    })
}

/// Defines functions that return a `long double`, which Rust has no type for: `$work` gets the arguments and a place for the
/// 16 bytes as its third, and they go into the register where C looks for them.
macro_rules! long_double_result {
    ($($name:ident => $work:ident),* $(,)?) => {$(
        /// C23 7.24.1.5.
        ///
        /// # Safety
        /// As for the function of `double`.
        #[cfg(not(any(test, fuzzing)))]
        #[unsafe(naked)]
        #[export]
        pub unsafe extern "C" fn $name() {
            #[cfg(target_arch = "x86_64")]
            core::arch::naked_asm!(
                "sub rsp, 24",
                "mov rdx, rsp",
                "call {}",
                "fld tbyte ptr [rsp]",
                "add rsp, 24",
                "ret",
                sym $work,
            );
            #[cfg(target_arch = "aarch64")]
            core::arch::naked_asm!(
                "sub sp, sp, #32",
                "str x30, [sp, #16]",
                "mov x2, sp",
                "bl {}",
                "ldr q0, [sp]",
                "ldr x30, [sp, #16]",
                "add sp, sp, #32",
                "ret",
                sym $work,
            );
        }
    )*};
}
pub(crate) use long_double_result;

#[cfg(test)]
mod tests;
