//! printf: one engine for narrow and wide formats (C23 7.23.6.1, 7.31.2.1).

use super::text::Text;
use super::va_list::VaList;
use super::writer::{Sink, Writer};
use crate::rt::{Errno, Result};
use crate::text::directive::{Count, Cursor, Length, Malformed, PrintDirective};
use crate::text::float::{F64, LONG_DOUBLE};
use crate::text::print_float::{self, Output, Style, print_float};
use crate::text::print_int::Digits;

/// Highest position of `n$`.
pub const POSITIONS_MAX: usize = 64;

/// How an argument is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    General,
    Double,
    LongDouble,
}

/// An argument by value.
#[derive(Clone, Copy, Debug)]
enum Value {
    General(u64),
    Double(f64),
    LongDouble(u128),
}

impl Kind {
    /// # Safety
    /// The next argument is of this kind.
    unsafe fn take(self, list: &mut VaList) -> Value {
        // SAFETY: caller contract.
        unsafe {
            match self {
                Self::General => Value::General(list.general()),
                Self::Double => Value::Double(list.double()),
                Self::LongDouble => Value::LongDouble(list.long_double()),
            }
        }
    }

    fn of(directive: &PrintDirective) -> Option<Self> {
        match directive.conversion {
            b'%' | b'm' => None,
            b'a' | b'A' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' if directive.length == Length::LongDouble => {
                Some(Self::LongDouble)
            }
            b'a' | b'A' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => Some(Self::Double),
            _ => Some(Self::General),
        }
    }
}

/// What a malformed directive is called.
pub(super) fn refusal(malformed: Malformed) -> Errno {
    match malformed {
        Malformed::Syntax => Errno::INVAL,
        Malformed::TooLarge => Errno::OVERFLOW,
    }
}

/// The arguments of a format: in order, or by position.
enum Arguments<'a> {
    Ordered(&'a mut VaList),
    Positional(&'a [Value]),
}

/// Whether the first argument is named by position; then all are.
fn starts_positional<U: Text>(format: &[U]) -> bool {
    let mut cursor = Cursor::new(format);
    loop {
        cursor.literal();
        cursor.next_unit();
        match cursor.print_directive() {
            Ok(directive) if matches!(directive.conversion, b'%' | b'm') => {}
            Ok(directive) => {
                let at = |count| matches!(count, Count::At(_));
                return directive.position.is_some() || at(directive.width) || at(directive.precision);
            }
            // The end, or something for the main loop to refuse.
            Err(_) => return false,
        }
    }
}

/// The kinds of positional arguments, as far as the format names them, and how many there are.
fn positional_kinds<U: Text>(format: &[U], kinds: &mut [Kind; POSITIONS_MAX]) -> Result<usize> {
    let mut count = 0;
    let mut note = |position: usize, kind| -> Result<()> {
        let place = kinds.get_mut(position.wrapping_sub(1)).ok_or(Errno::INVAL)?;
        *place = kind;
        count = count.max(position);
        Ok(())
    };
    let mut cursor = Cursor::new(format);
    loop {
        cursor.literal();
        if cursor.next_unit().is_none() {
            return Ok(count);
        }
        let directive = cursor.print_directive().map_err(refusal)?;
        for size in [directive.width, directive.precision] {
            if let Count::At(position) = size {
                note(position, Kind::General)?;
            }
        }
        if let (Some(position), Some(kind)) = (directive.position, Kind::of(&directive)) {
            note(position, kind)?;
        }
    }
}

impl Arguments<'_> {
    /// The argument of a directive. Mixing both ways is not C.
    ///
    /// # Safety
    /// An argument of this kind is next.
    unsafe fn take(&mut self, position: Option<usize>, kind: Kind) -> Result<Value> {
        match (self, position) {
            // SAFETY: caller contract.
            (Self::Ordered(list), None) => Ok(unsafe { kind.take(list) }),
            (Self::Positional(values), Some(position)) => {
                values.get(position.wrapping_sub(1)).copied().ok_or(Errno::INVAL)
            }
            _ => Err(Errno::INVAL),
        }
    }

    /// # Safety
    /// As for `take`.
    unsafe fn general(&mut self, position: Option<usize>) -> Result<u64> {
        // SAFETY: caller contract.
        match unsafe { self.take(position, Kind::General) }? {
            Value::General(value) => Ok(value),
            Value::Double(_) | Value::LongDouble(_) => Err(Errno::INVAL),
        }
    }

    /// A width or precision; negative numbers as they are.
    ///
    /// # Safety
    /// As for `take`.
    unsafe fn size(&mut self, count: Count) -> Result<Option<i64>> {
        let position = match count {
            Count::Absent => return Ok(None),
            Count::Given(number) => return Ok(Some(number as i64)),
            Count::Next => None,
            Count::At(position) => Some(position),
        };
        // SAFETY: caller contract. The argument is an int.
        Ok(Some(i64::from(unsafe { self.general(position) }? as i32)))
    }
}

/// A directive with its sizes known.
struct Field {
    directive: PrintDirective,
    width: usize,
    precision: Option<usize>,
}

/// Formats; the number of characters. `EINVAL` for a format that is not C's, `EOVERFLOW` beyond `INT_MAX`, `EILSEQ` for text that
/// the encoding cannot show, and the errors of the sink. `errno` is the number that %m tells about.
///
/// # Safety
/// `list` holds the arguments that the format names, strings end in a zero or at the precision.
pub unsafe fn format<U: Text>(
    sink: &mut dyn Sink<U>,
    staging: &mut [U],
    format: &[U],
    list: &mut VaList,
    errno: i32,
) -> Result<usize> {
    let mut writer = Writer::new(sink, staging);
    let result = if starts_positional(format) {
        // SAFETY: caller contract.
        unsafe { run_positional(&mut writer, format, list, errno) }
    } else {
        // SAFETY: caller contract.
        unsafe { run(&mut writer, format, &mut Arguments::Ordered(list), errno) }
    };
    let finished = writer.finish();
    result.and(finished)
}

/// # Safety
/// As for [`format`].
#[cold]
unsafe fn run_positional<U: Text>(
    writer: &mut Writer<'_, U>,
    format: &[U],
    list: &mut VaList,
    errno: i32,
) -> Result<()> {
    let mut kinds = [Kind::General; POSITIONS_MAX];
    let count = positional_kinds(format, &mut kinds)?;
    let mut values = [Value::General(0); POSITIONS_MAX];
    for (value, kind) in values.iter_mut().zip(kinds).take(count) {
        // SAFETY: caller contract: all positions up to the highest have an argument.
        *value = unsafe { kind.take(list) };
    }
    let values = values.get(..count).unwrap_or(&[]);
    // SAFETY: caller contract.
    unsafe { run(writer, format, &mut Arguments::Positional(values), errno) }
}

/// # Safety
/// As for [`format`].
unsafe fn run<U: Text>(
    writer: &mut Writer<'_, U>,
    format: &[U],
    arguments: &mut Arguments<'_>,
    errno: i32,
) -> Result<()> {
    let mut cursor = Cursor::new(format);
    loop {
        let literal = cursor.literal();
        if !literal.is_empty() {
            writer.text(literal);
        }
        if cursor.next_unit().is_none() {
            return Ok(());
        }
        let directive = cursor.print_directive().map_err(refusal)?;
        // SAFETY: caller contract.
        unsafe { convert(writer, directive, arguments, errno) }?;
        if let Some(errno) = writer.error {
            return Err(errno);
        }
    }
}

/// # Safety
/// As for [`format`].
unsafe fn convert<U: Text>(
    writer: &mut Writer<'_, U>,
    directive: PrintDirective,
    arguments: &mut Arguments<'_>,
    errno: i32,
) -> Result<()> {
    let mut field = Field { directive, width: 0, precision: None };
    // SAFETY: caller contract, here and below: arguments are taken in the order of the format.
    if let Some(width) = unsafe { arguments.size(directive.width) }? {
        // A negative width is a - flag and a width.
        field.directive.flags.left |= width < 0;
        field.width = width.unsigned_abs() as usize;
    }
    // SAFETY: as above. A negative precision counts as absent.
    field.precision = unsafe { arguments.size(directive.precision) }?.and_then(|size| usize::try_from(size).ok());
    let position = directive.position;
    match directive.conversion {
        b'%' => writer.ascii(b"%"),
        b'm' => {
            let text = crate::string::error_text::text(errno);
            // SAFETY: a string.
            unsafe { string(writer, &field, text.as_ptr() as u64, false) }?;
        }
        b'n' => {
            // SAFETY: as above; the pointer is valid for the length by contract.
            unsafe { store(arguments.general(position)?, directive.length.integer_bits(), writer.total as u64) };
        }
        b'c' => {
            // SAFETY: as above.
            let value = unsafe { arguments.general(position) }? as u32;
            let (text, length) = U::character(value, directive.length == Length::Long)?;
            padded(writer, &field, text.get(..length).unwrap_or(&[]));
        }
        b's' => {
            // SAFETY: as above.
            unsafe { string(writer, &field, arguments.general(position)?, directive.length == Length::Long) }?;
        }
        b'a' | b'A' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {
            // SAFETY: as above.
            let value = unsafe { arguments.take(position, Kind::of(&directive).unwrap_or(Kind::Double)) }?;
            float(writer, &field, value)?;
        }
        // SAFETY: as above.
        _ => integer(writer, &field, unsafe { arguments.general(position) }?),
    }
    Ok(())
}

fn padded<U: Text>(writer: &mut Writer<'_, U>, field: &Field, text: &[U]) {
    let padding = field.width.saturating_sub(text.len());
    if !field.directive.flags.left {
        writer.spaces(padding);
    }
    writer.text(text);
    if field.directive.flags.left {
        writer.spaces(padding);
    }
}

/// # Safety
/// `address` is null or a string, of wide characters with `wide`, that ends in a zero or at the precision.
unsafe fn string<U: Text>(writer: &mut Writer<'_, U>, field: &Field, address: u64, wide: bool) -> Result<()> {
    let limit = field.precision.unwrap_or(usize::MAX);
    let address = address as usize;
    if address == 0 {
        let shown = b"(null)".get(..limit).unwrap_or(b"(null)");
        let padding = field.width.saturating_sub(shown.len());
        let left = field.directive.flags.left;
        writer.spaces(if left { 0 } else { padding });
        writer.ascii(shown);
        writer.spaces(if left { padding } else { 0 });
        return Ok(());
    }
    if wide == U::WIDE {
        // SAFETY: caller contract.
        padded(writer, field, unsafe { U::own_string(address, limit) });
        return Ok(());
    }
    // The length in units of the output comes first, for the padding.
    let mut length = 0;
    // SAFETY: caller contract.
    unsafe { U::other_string(address, limit, &mut |text| length += text.len()) }?;
    let padding = field.width.saturating_sub(length);
    if !field.directive.flags.left {
        writer.spaces(padding);
    }
    // SAFETY: caller contract.
    unsafe { U::other_string(address, limit, &mut |text| writer.text(text)) }?;
    if field.directive.flags.left {
        writer.spaces(padding);
    }
    Ok(())
}

fn float<U: Text>(writer: &mut Writer<'_, U>, field: &Field, value: Value) -> Result<()> {
    let flags = field.directive.flags;
    let style = Style {
        conversion: field.directive.conversion,
        precision: field.precision,
        alternative: flags.alternative,
        left: flags.left,
        zeros: flags.zeros,
        plus: if flags.plus { Some(b'+') } else { flags.space.then_some(b' ') },
        width: field.width,
    };
    match value {
        Value::Double(value) => {
            let (negative, magnitude) = F64.unpack(value.to_bits().into());
            print_float::<{ print_float::DIGITS_DOUBLE }, { print_float::WORDS_DOUBLE }>(
                writer, negative, magnitude, &style,
            );
        }
        Value::LongDouble(bits) => {
            let (negative, magnitude) = LONG_DOUBLE.unpack(bits);
            print_float::<{ print_float::DIGITS_LONG }, { print_float::WORDS_LONG }>(
                writer, negative, magnitude, &style,
            );
        }
        Value::General(_) => return Err(Errno::INVAL),
    }
    Ok(())
}

fn integer<U: Text>(writer: &mut Writer<'_, U>, field: &Field, argument: u64) {
    let (flags, conversion) = (field.directive.flags, field.directive.conversion);
    let bits = if conversion == b'p' { 64 } else { field.directive.length.integer_bits() };
    let shift = 64 - bits;
    let signed = matches!(conversion, b'd' | b'i');
    let (negative, value) = if signed {
        let value = (argument << shift) as i64 >> shift;
        (value < 0, value.unsigned_abs())
    } else {
        (false, argument << shift >> shift)
    };
    let base = match conversion {
        b'x' | b'X' | b'p' => 16,
        b'o' => 8,
        b'b' | b'B' => 2,
        _ => 10,
    };
    let digits = if value == 0 && field.precision == Some(0) {
        Digits::NONE
    } else {
        Digits::new(value, base, conversion == b'X')
    };
    let digits = digits.as_bytes();
    let prefix: &[u8] = match conversion {
        _ if negative => b"-",
        b'd' | b'i' if flags.plus => b"+",
        b'd' | b'i' if flags.space => b" ",
        b'p' => b"0x",
        _ if !flags.alternative || value == 0 => b"",
        b'x' => b"0x",
        b'X' => b"0X",
        b'b' => b"0b",
        b'B' => b"0B",
        _ => b"",
    };
    let mut zeros = field.precision.unwrap_or(0).saturating_sub(digits.len());
    if conversion == b'o' && flags.alternative && zeros == 0 && digits.first() != Some(&b'0') {
        // # makes the precision so large that the first digit is 0.
        zeros = 1;
    }
    let length = prefix.len().saturating_add(zeros).saturating_add(digits.len());
    let mut padding = field.width.saturating_sub(length);
    if !flags.left && flags.zeros && field.precision.is_none() {
        (zeros, padding) = (zeros.saturating_add(padding), 0);
    }
    if !flags.left {
        writer.spaces(padding);
    }
    writer.ascii(prefix);
    writer.fill(b'0', zeros);
    writer.ascii(digits);
    if flags.left {
        writer.spaces(padding);
    }
}

/// Stores an integer of that many bits: %n, and the numbers of scanf.
///
/// # Safety
/// `address` is valid for the write.
pub(super) unsafe fn store(address: u64, bits: u32, value: u64) {
    let place = address as usize as *mut u8;
    // SAFETY: caller contract.
    unsafe {
        match bits {
            8 => place.write(value as u8),
            16 => place.cast::<u16>().write_unaligned(value as u16),
            32 => place.cast::<u32>().write_unaligned(value as u32),
            _ => place.cast::<u64>().write_unaligned(value),
        }
    }
}

#[cfg(test)]
#[path = "format_float_tests.rs"]
mod float_tests;
#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
