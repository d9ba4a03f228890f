//! The decimal digits of floating numbers, exactly and as many as are asked for: in 128 bits where they hold everything, else by
//! arithmetic on long integers.

/// Significant decimal digits that some `double` has, and room for a step of nine.
pub const DIGITS_DOUBLE: usize = 767 + 16;
/// Words of 32 bits for the integer or the fraction of a `double`.
pub const WORDS_DOUBLE: usize = 36;
/// As [`DIGITS_DOUBLE`], for binary128, which needs more than x87.
pub const DIGITS_LONG: usize = 11_564 + 16;
/// As [`WORDS_DOUBLE`], for both long formats.
pub const WORDS_LONG: usize = 519;

/// How many digits are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want {
    Significant(usize),
    AfterPoint(usize),
}

/// Decimal digits of a number: `0.d1 d2 d3... * 10^point`.
pub(super) struct Decimal<const DIGITS: usize> {
    digits: [u8; DIGITS],
    pub count: usize,
    pub point: i32,
    /// Something other than zeros follows.
    sticky: bool,
}

impl<const DIGITS: usize> Decimal<DIGITS> {
    pub const ZERO: Self = Self { digits: [0; DIGITS], count: 0, point: 1, sticky: false };

    /// Appends digits; zeros before the first other digit only lower the point.
    fn push(&mut self, digit: u8) {
        if self.count == 0 && digit == 0 {
            self.point -= 1;
            return;
        }
        match self.digits.get_mut(self.count) {
            Some(place) => {
                *place = b'0' + digit;
                self.count += 1;
            }
            None => self.sticky |= digit != 0,
        }
    }

    /// Appends nine digits; once there are enough, only whether they are zeros.
    fn push_nine(&mut self, value: u32, want: Want) {
        if self.is_enough(want) {
            self.sticky |= value != 0;
            return;
        }
        let mut power = 100_000_000;
        while power > 0 {
            self.push((value / power % 10) as u8);
            power /= 10;
        }
    }

    fn digit(&self, index: usize) -> u8 {
        self.digits.get(..self.count).and_then(|digits| digits.get(index)).copied().unwrap_or(b'0')
    }

    fn keep_count(&self, want: Want) -> i64 {
        match want {
            Want::Significant(count) => count as i64,
            Want::AfterPoint(count) => i64::from(self.point) + count as i64,
        }
    }

    fn is_enough(&self, want: Want) -> bool {
        self.count > 0 && self.count as i64 > self.keep_count(want)
    }

    /// Rounds to what is wanted: to nearest, ties to even, on the exact value.
    fn round(&mut self, want: Want) {
        let keep = self.keep_count(want);
        if keep < 0 {
            self.count = 0;
            self.trim();
            return;
        }
        let keep = keep as usize;
        if keep >= self.count {
            self.trim();
            return;
        }
        let rest_beyond = self.sticky || (keep + 1..self.count).any(|index| self.digit(index) != b'0');
        let odd = keep > 0 && self.digit(keep - 1) & 1 != 0;
        let up = match self.digit(keep) {
            b'0'..=b'4' => false,
            b'5' => rest_beyond || odd,
            _ => true,
        };
        self.count = keep;
        self.sticky = false;
        if up {
            self.increment();
        }
        self.trim();
    }

    /// Drops zeros at the end.
    fn trim(&mut self) {
        while self.count > 0 && self.digit(self.count - 1) == b'0' {
            self.count -= 1;
        }
        if self.count == 0 {
            self.point = 1;
        }
    }

    fn increment(&mut self) {
        for at in (0..self.count).rev() {
            let Some(digit) = self.digits.get_mut(at) else { return };
            if *digit < b'9' {
                *digit += 1;
                self.count = at + 1;
                return;
            }
        }
        // All nines, or nothing: one, a place higher.
        if let Some(first) = self.digits.first_mut() {
            *first = b'1';
        }
        self.count = 1;
        self.point += 1;
    }

    /// The digits that are stored of `count` from the one at `from`; zeros follow.
    pub fn stored(&self, from: usize, count: usize) -> &[u8] {
        let stored = self.digits.get(from..self.count).unwrap_or(&[]);
        stored.get(..count).unwrap_or(stored)
    }
}

/// The cases that 128 bits hold: `significand * 2^exponent * 10^scale`, rounded to an integer.
fn scaled_integer(significand: u128, exponent: i32, scale: i32) -> Option<u128> {
    let bits = |value: u128| 128 - value.leading_zeros() as i32;
    let shift = exponent + scale.max(0);
    if scale >= 0 {
        let five = 5_u128.checked_pow(scale.unsigned_abs())?;
        let product = significand.checked_mul(five)?;
        if shift >= 0 {
            return (bits(product) + shift <= 128).then(|| product << shift);
        }
        return match shift.unsigned_abs() {
            away @ 0..=127 => Some(round_half_even(product >> away, product & ((1 << away) - 1), 1 << (away - 1), 0)),
            _ => None,
        };
    }
    if exponent < 0 || bits(significand) + exponent > 128 || scale < -27 {
        return None;
    }
    let divisor = 10_u128.pow(scale.unsigned_abs());
    let value = significand << exponent;
    let quotient = value.checked_div(divisor)?;
    Some(round_half_even(quotient, value - quotient * divisor, divisor / 2, divisor % 2))
}

/// The decimal digits of a number, most significant first, as values; none for zero.
struct Digits128 {
    digits: [u8; 40],
    start: usize,
}

impl Digits128 {
    fn new(mut value: u128) -> Self {
        const HALF: u128 = 10_000_000_000_000_000_000;
        let mut digits = Self { digits: [0; 40], start: 40 };
        while value > HALF {
            // Dividing 64 bits is far cheaper, so as much as they hold at a time.
            let rest = value / HALF;
            digits.push((value - rest * HALF) as u64, 19);
            value = rest;
        }
        digits.push(value as u64, 0);
        digits
    }

    fn push(&mut self, mut value: u64, least: usize) {
        let mut count = 0;
        while value > 0 || count < least {
            self.start = self.start.saturating_sub(1);
            if let Some(place) = self.digits.get_mut(self.start) {
                *place = (value % 10) as u8;
            }
            value /= 10;
            count += 1;
        }
    }

    fn as_slice(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or(&[])
    }
}

pub(super) fn round_half_even(value: u128, rest: u128, half: u128, odd: u128) -> u128 {
    let above = rest > half || (rest == half && odd == 0 && value & 1 != 0);
    value + u128::from(above)
}

impl<const DIGITS: usize> Decimal<DIGITS> {
    /// The digits of a number that is not zero, rounded as wanted.
    pub fn new<const WORDS: usize>(significand: u128, exponent: i32, want: Want) -> Self {
        if let Some(decimal) = Self::short(significand, exponent, want) {
            return decimal;
        }
        let mut decimal = Self::ZERO;
        decimal.point = 0;
        let length = 128 - significand.leading_zeros() as i32;
        if exponent > -length {
            decimal.integer::<WORDS>(significand, exponent, want);
        }
        if exponent < 0 {
            decimal.fraction::<WORDS>(significand, exponent.unsigned_abs(), want);
        }
        decimal.round(want);
        decimal
    }

    /// The same in 128 bits, where they hold everything exactly.
    fn short(significand: u128, exponent: i32, want: Want) -> Option<Self> {
        match want {
            Want::AfterPoint(count) => {
                let scale = i32::try_from(count).ok()?;
                let digits = Digits128::new(scaled_integer(significand, exponent, scale)?);
                Some(Self::from_integer(&digits, scale))
            }
            Want::Significant(count) => {
                let count = i32::try_from(count).ok()?;
                let length = 128 - significand.leading_zeros() as i32;
                // floor(log10(value)), or one less: a digit too many shows, one too few would hide behind rounding up.
                let power = i64::from(exponent + length - 1) * 30_102_999_566;
                let mut scale = count - 1 - power.div_euclid(100_000_000_000) as i32;
                for _ in 0..2 {
                    let digits = Digits128::new(scaled_integer(significand, exponent, scale)?);
                    match digits.as_slice().len() as i32 - count {
                        0 => return Some(Self::from_integer(&digits, scale)),
                        off => scale -= off,
                    }
                }
                None
            }
        }
    }

    /// `digits / 10^scale`.
    fn from_integer(digits: &Digits128, scale: i32) -> Self {
        let mut decimal = Self::ZERO;
        decimal.point = digits.as_slice().len() as i32 - scale;
        for digit in digits.as_slice() {
            decimal.push(*digit);
        }
        decimal.trim();
        decimal
    }

    #[inline(never)]
    fn integer<const WORDS: usize>(&mut self, significand: u128, exponent: i32, want: Want) {
        let mut words = [0_u32; WORDS];
        let (value, shift) =
            if exponent < 0 { (significand >> exponent.unsigned_abs(), 0) } else { (significand, exponent as usize) };
        place(&mut words, value, shift);
        let mut length = WORDS;
        // Parts of nine digits, least first. 32 bits hold a little more than nine digits, so the parts outnumber the words.
        let mut parts = [[0_u32; WORDS]; 2];
        let parts = parts.as_flattened_mut();
        let mut count = 0;
        loop {
            while length > 0 && words.get(length - 1).is_none_or(|word| *word == 0) {
                length -= 1;
            }
            let Some(part) = parts.get_mut(count).filter(|_| length > 0) else { break };
            let mut rest = 0_u64;
            for word in words.iter_mut().take(length).rev() {
                let value = rest << 32 | u64::from(*word);
                *word = (value / 1_000_000_000) as u32;
                rest = value % 1_000_000_000;
            }
            *part = rest as u32;
            count += 1;
        }
        self.point += 9 * count as i32;
        for part in parts.iter().take(count).rev() {
            self.push_nine(*part, want);
        }
    }

    #[inline(never)]
    fn fraction<const WORDS: usize>(&mut self, significand: u128, bits: u32, want: Want) {
        // The fraction as words after the point, the last words[0]: times 10^9, what overflows is the next nine digits.
        let length = bits.div_ceil(32) as usize;
        let mut words = [0_u32; WORDS];
        let value = if bits < 128 { significand & ((1 << bits) - 1) } else { significand };
        place(&mut words, value, length * 32 - bits as usize);
        let mut lowest = 0;
        while lowest < length {
            if words.get(lowest).is_none_or(|word| *word == 0) {
                lowest += 1;
                continue;
            }
            if self.is_enough(want) {
                self.sticky = true;
                return;
            }
            let mut carry = 0_u64;
            for word in words.iter_mut().take(length).skip(lowest) {
                let product = u64::from(*word) * 1_000_000_000 + carry;
                *word = product as u32;
                carry = product >> 32;
            }
            self.push_nine(carry as u32, want);
        }
    }
}

/// Stores `value << shift`.
fn place(words: &mut [u32], value: u128, shift: usize) {
    let (whole, part) = (shift / 32, shift % 32);
    let mut rest = value;
    let mut carry = 0_u64;
    for word in words.iter_mut().skip(whole) {
        if rest == 0 && carry == 0 {
            return;
        }
        let shifted = u64::from(rest as u32) << part | carry;
        *word = shifted as u32;
        carry = shifted >> 32;
        rest >>= 32;
    }
}
