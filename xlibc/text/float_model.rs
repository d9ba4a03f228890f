//! What C23 7.23.6.1 says of floating conversions, word by word and with numbers of any length: slow, and independent of the engine.

use num_bigint::BigUint;

use super::float::{Format, Magnitude};

/// A directive.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub conversion: u8,
    pub precision: Option<usize>,
    pub width: usize,
    pub alternative: bool,
    pub left: bool,
    pub zeros: bool,
    pub plus: bool,
    pub space: bool,
}

impl Spec {
    /// The directive as it stands in a format.
    pub fn text(&self, length: &str) -> String {
        let flags = [(self.alternative, "#"), (self.left, "-"), (self.zeros, "0"), (self.plus, "+"), (self.space, " ")];
        let flags: String = flags.iter().filter(|flag| flag.0).map(|flag| flag.1).collect();
        let width = if self.width == 0 { String::new() } else { self.width.to_string() };
        let precision = self.precision.map_or(String::new(), |precision| format!(".{precision}"));
        format!("%{flags}{width}{precision}{length}{}", char::from(self.conversion))
    }
}

/// `digits / 10^scale` of a finite value.
fn exact(significand: u128, exponent: i32) -> (String, usize) {
    let number = BigUint::from(significand);
    let power = exponent.unsigned_abs();
    if exponent >= 0 {
        return ((number << power).to_string(), 0);
    }
    ((number * BigUint::from(5_u32).pow(power)).to_string(), power as usize)
}

/// Without the last `drop` digits, rounded to nearest and ties to even.
fn round(digits: &str, drop: usize) -> String {
    if drop == 0 {
        return digits.to_owned();
    }
    let digits = format!("{}{digits}", "0".repeat((drop + 1).saturating_sub(digits.len())));
    let (kept, rest) = digits.split_at(digits.len() - drop);
    let half = format!("5{}", "0".repeat(drop - 1));
    let odd = kept.as_bytes().last().is_some_and(|digit| digit & 1 != 0);
    let up = rest > half.as_str() || rest == half && odd;
    let sum = kept.parse::<BigUint>().unwrap() + BigUint::from(u32::from(up));
    format!("{:0>width$}", sum.to_string(), width = kept.len())
}

fn fixed(digits: &str, scale: usize, precision: usize) -> String {
    let digits = match precision.checked_sub(scale) {
        Some(more) => format!("{digits}{}", "0".repeat(more)),
        None => round(digits, scale - precision),
    };
    let digits = format!("{digits:0>width$}", width = precision + 1);
    let (whole, fraction) = digits.split_at(digits.len() - precision);
    let whole = whole.trim_start_matches('0');
    format!("{}.{fraction}", if whole.is_empty() { "0" } else { whole })
}

/// Digits with a point behind the first, and the exponent.
fn scientific(digits: &str, scale: usize, precision: usize) -> (String, i64) {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return (format!("0.{}", "0".repeat(precision)), 0);
    }
    let mut exponent = digits.len() as i64 - 1 - scale as i64;
    let mut digits = match (precision + 1).checked_sub(digits.len()) {
        Some(more) => format!("{digits}{}", "0".repeat(more)),
        None => round(digits, digits.len() - 1 - precision),
    };
    if digits.len() > precision + 1 {
        digits.pop();
        exponent += 1;
    }
    let (first, rest) = digits.split_at(1);
    (format!("{first}.{rest}"), exponent)
}

fn hexadecimal(significand: u128, exponent: i32, precision: Option<usize>) -> String {
    if significand == 0 {
        return format!("0.{}p+0", "0".repeat(precision.unwrap_or(0)));
    }
    let length = 128 - significand.leading_zeros();
    // The leading one before 31 digits.
    let number = (BigUint::from(significand) << 125) >> length;
    let power = i64::from(exponent) + i64::from(length) - 1;
    let number = match precision {
        Some(precision) if precision < 31 => {
            let unit = BigUint::from(1_u32) << (4 * (31 - precision));
            let (kept, rest): (BigUint, BigUint) = (&number / &unit, &number % &unit);
            let up = &rest * 2_u32 > unit || &rest * 2_u32 == unit && kept.bit(0);
            (kept + BigUint::from(u32::from(up))) * unit
        }
        _ => number,
    };
    let digits = format!("{number:032x}");
    let (first, rest) = digits.split_at(1);
    let rest = match precision {
        Some(precision) => format!("{rest:0<precision$}")[..precision].to_owned(),
        None => rest.trim_end_matches('0').to_owned(),
    };
    format!("{first}.{rest}p{power:+}")
}

fn finite(significand: u128, exponent: i32, spec: &Spec) -> String {
    // A point that nothing follows goes, but with #.
    let point = |text: String| if spec.alternative { text } else { text.strip_suffix('.').unwrap_or(&text).to_owned() };
    let marked = |(text, exponent): (String, i64)| {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{text}e{sign}{:02}", exponent.abs())
    };
    let conversion = spec.conversion.to_ascii_lowercase();
    if conversion == b'a' {
        let text = hexadecimal(significand, exponent, spec.precision);
        let (digits, power) = text.split_once('p').unwrap();
        return format!("{}p{power}", point(digits.to_owned()));
    }
    let (digits, scale) = exact(significand, exponent);
    let precision = spec.precision.unwrap_or(6);
    match conversion {
        b'f' => point(fixed(&digits, scale, precision)),
        b'e' => {
            let (text, exponent) = scientific(&digits, scale, precision);
            marked((point(text), exponent))
        }
        _ => {
            let precision = precision.max(1);
            let (text, exponent) = scientific(&digits, scale, precision - 1);
            let short = |text: String| {
                if spec.alternative { text } else { point(text.trim_end_matches('0').to_owned()) }
            };
            if exponent >= -4 && exponent < precision as i64 {
                short(fixed(&digits, scale, (precision as i64 - 1 - exponent) as usize))
            } else {
                marked((short(text), exponent))
            }
        }
    }
}

/// The text that the directive gives for a value.
pub fn print(format: &Format, bits: u128, spec: &Spec) -> String {
    let (negative, magnitude) = format.unpack(bits);
    let (body, number) = match magnitude {
        Magnitude::Finite { significand, exponent } => (finite(significand, exponent, spec), true),
        Magnitude::Infinite => ("inf".to_owned(), false),
        Magnitude::Nan => ("nan".to_owned(), false),
    };
    let sign = match (negative, spec.plus, spec.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    };
    let prefix =
        if number && spec.conversion.eq_ignore_ascii_case(&b'a') { format!("{sign}0x") } else { sign.to_owned() };
    let padding = spec.width.saturating_sub(prefix.len() + body.len());
    let text = if spec.left {
        format!("{prefix}{body}{}", " ".repeat(padding))
    } else if spec.zeros && number {
        format!("{prefix}{}{body}", "0".repeat(padding))
    } else {
        format!("{}{prefix}{body}", " ".repeat(padding))
    };
    if spec.conversion.is_ascii_uppercase() { text.to_uppercase() } else { text }
}
