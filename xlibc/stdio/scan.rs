//! scanf: one engine for narrow and wide formats, strings and streams (C23 7.23.6.2, 7.31.2.2).

use super::format::{POSITIONS_MAX, refusal, store};
use super::scan_input::{Counted, Input, Stop};
use super::scan_text::Target;
use super::text::Text;
use super::va_list::VaList;
use crate::ctype::class::Class;
use crate::rt::Errno;
use crate::text::decimal::DIGITS_MAX;
use crate::text::directive::{Cursor, Length, ScanDirective, set_holds};
use crate::text::float::LONG_DOUBLE;
use crate::text::parse_float::{DIGITS_DOUBLE, FloatScan};
use crate::text::parse_int::IntScan;

/// The result of following a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scanned {
    /// Conversions whose results were stored.
    pub assigned: i32,
    /// Why the format was not followed to its end.
    pub stop: Option<Stop>,
}

/// Where results go: pointers in order, or by position.
enum Places<'a> {
    Ordered(&'a mut VaList),
    Positional(&'a [u64]),
}

impl Places<'_> {
    /// # Safety
    /// A pointer is next.
    unsafe fn next(&mut self, position: Option<usize>) -> Result<u64, Stop> {
        let place = match (self, position) {
            // SAFETY: caller contract.
            (Self::Ordered(list), None) => Some(unsafe { list.general() }),
            (Self::Positional(places), Some(position)) => places.get(position.wrapping_sub(1)).copied(),
            _ => None,
        };
        place.ok_or(Stop::Failed(Errno::INVAL))
    }
}

/// The highest `n$` of a format, 0 without any.
fn highest_position<U: Text>(format: &[U]) -> Result<usize, Stop> {
    let mut highest = 0;
    if !format.iter().any(|unit| unit.ascii() == b'$') {
        return Ok(0);
    }
    let mut cursor = Cursor::new(format);
    loop {
        cursor.literal();
        if cursor.next_unit().is_none() {
            return if highest > POSITIONS_MAX { Err(Stop::Failed(Errno::INVAL)) } else { Ok(highest) };
        }
        let directive = cursor.scan_directive().map_err(|malformed| Stop::Failed(refusal(malformed)))?;
        highest = highest.max(directive.position.unwrap_or(0));
    }
}

/// Follows a format.
///
/// # Safety
/// `list` holds the pointers that the format names, valid for what it stores.
pub unsafe fn scan<U: Text>(input: &mut dyn Input, format: &[U], list: &mut VaList) -> Scanned {
    let mut scanned = Scanned { assigned: 0, stop: None };
    // SAFETY: caller contract.
    let result = unsafe { start(&mut Counted::new(input), format, list, &mut scanned.assigned) };
    scanned.stop = result.err();
    scanned
}

/// # Safety
/// As for [`scan`].
unsafe fn start<U: Text>(
    input: &mut Counted<'_>,
    format: &[U],
    list: &mut VaList,
    assigned: &mut i32,
) -> Result<(), Stop> {
    let highest = highest_position(format)?;
    if highest == 0 {
        // SAFETY: caller contract.
        return unsafe { run(input, format, &mut Places::Ordered(list), assigned) };
    }
    let mut places = [0; POSITIONS_MAX];
    for place in places.iter_mut().take(highest) {
        // SAFETY: caller contract; all arguments of scanf are pointers.
        *place = unsafe { list.general() };
    }
    let places = places.get(..highest).unwrap_or(&[]);
    // SAFETY: caller contract.
    unsafe { run(input, format, &mut Places::Positional(places), assigned) }
}

/// # Safety
/// As for [`scan`].
unsafe fn run<U: Text>(
    input: &mut Counted<'_>,
    format: &[U],
    places: &mut Places<'_>,
    assigned: &mut i32,
) -> Result<(), Stop> {
    let mut cursor = Cursor::new(format);
    loop {
        literal::<U>(input, cursor.literal())?;
        if cursor.next_unit().is_none() {
            return Ok(());
        }
        let directive = cursor.scan_directive().map_err(|malformed| Stop::Failed(refusal(malformed)))?;
        if !matches!(directive.conversion, b'c' | b'[' | b'n') {
            skip_space::<U>(input)?;
        }
        if directive.conversion == b'%' {
            literal_unit(input, u32::from(b'%'))?;
            continue;
        }
        let place = if directive.suppress {
            None
        } else {
            // SAFETY: caller contract.
            Some(unsafe { places.next(directive.position) }?)
        };
        // SAFETY: caller contract.
        unsafe { convert::<U>(input, &directive, place) }?;
        *assigned += i32::from(place.is_some() && directive.conversion != b'n');
    }
}

fn is_space<U: Text>(character: u32) -> bool {
    if U::WIDE { Class::Space.has(character) } else { matches!(character, 0x20 | 0x09..=0x0d) }
}

/// The end of the input is no failure here: what needs input will find out.
fn skip_space<U: Text>(input: &mut Counted<'_>) -> Result<(), Stop> {
    match input.take_while(None, is_space::<U>) {
        Ok(_) | Err(Stop::End) => Ok(()),
        Err(stop) => Err(stop),
    }
}

fn literal_unit(input: &mut Counted<'_>, wanted: u32) -> Result<(), Stop> {
    let character = input.next()?;
    if character != wanted {
        input.back(character);
        return Err(Stop::Mismatch);
    }
    Ok(())
}

fn literal<U: Text>(input: &mut Counted<'_>, text: &[U]) -> Result<(), Stop> {
    for unit in text {
        if is_space::<U>((*unit).into()) {
            skip_space::<U>(input)?;
        } else {
            literal_unit(input, (*unit).into())?;
        }
    }
    Ok(())
}

/// # Safety
/// `place` is a pointer valid for what the directive stores.
unsafe fn convert<U: Text>(
    input: &mut Counted<'_>,
    directive: &ScanDirective<'_, U>,
    place: Option<u64>,
) -> Result<(), Stop> {
    let width = directive.width;
    match directive.conversion {
        b'n' => {
            if let Some(place) = place {
                // SAFETY: caller contract.
                unsafe { store(place, directive.length.integer_bits(), input.count()) };
            }
            Ok(())
        }
        b'c' => {
            let count = width.unwrap_or(1);
            // SAFETY: caller contract.
            unsafe { Target::new(place, directive, false) }?.fill_exactly::<U>(input, count)
        }
        b's' => {
            let wanted = |character| !is_space::<U>(character);
            // SAFETY: caller contract.
            unsafe { Target::new(place, directive, true) }?.fill::<U>(input, width, wanted)
        }
        b'[' => {
            let wanted = |character| set_holds(directive.set, character) != directive.inverted;
            // SAFETY: caller contract.
            unsafe { Target::new(place, directive, true) }?.fill::<U>(input, width, wanted)
        }
        b'a' | b'A' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => match directive.length {
            // SAFETY: caller contract.
            Length::LongDouble => unsafe { long_double(input, width, place) },
            // SAFETY: caller contract.
            length => unsafe { double(input, width, place, length == Length::Long) },
        },
        // SAFETY: caller contract.
        conversion => unsafe { integer(input, width, place, conversion, directive.length) },
    }
}

/// # Safety
/// `place` is a pointer valid for what is stored.
unsafe fn integer(
    input: &mut Counted<'_>,
    width: Option<usize>,
    place: Option<u64>,
    conversion: u8,
    length: Length,
) -> Result<(), Stop> {
    let base = match conversion {
        b'i' => 0,
        b'o' => 8,
        b'x' | b'X' | b'p' => 16,
        b'b' => 2,
        _ => 10,
    };
    let mut number = IntScan::new(base).ok_or(Stop::Failed(Errno::INVAL))?;
    input.take_while(width, |character| number.push(character))?;
    if !number.is_complete() {
        return Err(Stop::Mismatch);
    }
    let signed = matches!(conversion, b'd' | b'i');
    let value = if signed { number.signed().0 as u64 } else { number.unsigned().0 };
    if let Some(place) = place {
        let bits = if conversion == b'p' { 64 } else { length.integer_bits() };
        // SAFETY: caller contract.
        unsafe { store(place, bits, value) };
    }
    Ok(())
}

/// # Safety
/// `place` is a pointer valid for a `double`, or for a `float` unless `long`.
#[inline(never)]
unsafe fn double(input: &mut Counted<'_>, width: Option<usize>, place: Option<u64>, long: bool) -> Result<(), Stop> {
    let mut number = FloatScan::<DIGITS_DOUBLE>::new();
    input.take_while(width, |character| number.push(character))?;
    if !number.is_complete() {
        return Err(Stop::Mismatch);
    }
    if let Some(place) = place {
        let (bits, size) = match long {
            true => (number.double().0.to_bits(), 64),
            false => (number.float().0.to_bits().into(), 32),
        };
        // SAFETY: caller contract.
        unsafe { store(place, size, bits) };
    }
    Ok(())
}

/// # Safety
/// `place` is a pointer valid for a `long double`.
#[inline(never)]
unsafe fn long_double(input: &mut Counted<'_>, width: Option<usize>, place: Option<u64>) -> Result<(), Stop> {
    let mut number = FloatScan::<DIGITS_MAX>::new();
    input.take_while(width, |character| number.push(character))?;
    if !number.is_complete() {
        return Err(Stop::Mismatch);
    }
    if let Some(place) = place {
        let bits = number.value(&LONG_DOUBLE).bits;
        // SAFETY: caller contract: 16 bytes on both CPUs.
        unsafe { (place as usize as *mut u128).write_unaligned(bits) };
    }
    Ok(())
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
