//! `atan2` in fixed point.
#![forbid(unsafe_code)]

use super::{Engine, Exceptions, Magnitude, Normal, Raising, Rounding};

/// Fraction bits of angles; three bits are left before the point.
const PLACES: i32 = 125;
/// The number pi.
const PI: u128 = 0x6487ed5110b4611a62633145c06e0e68;
/// atan(i / 16).
const STEPS: [u128; 17] = [
    0x00000000000000000000000000000000,
    0x01ff55bb72cfde9c6d964f25b81c5c1a,
    0x03fab7535585edb8cb225e627cfa223b,
    0x05ee5ed2f396c089a3d85a7c40e4e3a4,
    0x07d6dd7e4b203758ab6e3cf7afbd10bf,
    0x09b13b9b83f5e5e69c5abb498d27af32,
    0x0b7b0ca0f26f784738aa32122dcfe448,
    0x0d327761e611fe5b6427c95e9001e713,
    0x0ed63382b0dda7b456fe445ecbc3a8d0,
    0x10657e94db30cfc5496d41396c34a2b8,
    0x11e00babdefeb3f36b906bc2ccb886e8,
    0x1345f01cce37bb440844df1c4409fe77,
    0x14978fa3269ee12483350fe548afb593,
    0x15d58987169b1810028e4bc5e7ca40e1,
    0x1700a7c5784633ce7965b4aa42148887,
    0x1819d0b7158a4cc8113bac588dd25f44,
    0x1921fb54442d18469898cc51701b839a,
];
/// Terms of the series: the next one is below 2^-133 of the first.
const TERMS: u32 = 13;

/// The upper half of a product.
fn product_high(a: u128, b: u128) -> u128 {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let (cross, other) = (a1 * b0, a0 * b1);
    let middle = ((a0 * b0) >> 64) + (cross & LOW) + (other & LOW);
    a1 * b1 + (cross >> 64) + (other >> 64) + (middle >> 64)
}

/// `n / d` as `q * 2^exponent`, truncated, `q` with its highest bit set. Both are above 0 and below 2^127.
fn quotient(n: u128, d: u128) -> (u128, i32) {
    let (up, down) = (n.leading_zeros() - 1, d.leading_zeros() - 1);
    let (mut rest, divisor) = (n << up, d << down);
    let mut exponent = down as i32 - up as i32 - 127;
    if rest < divisor {
        rest <<= 1;
        exponent -= 1;
    }
    let mut quotient = 0;
    for _ in 0..128 {
        quotient <<= 1;
        if rest >= divisor {
            rest -= divisor;
            quotient |= 1;
        }
        rest <<= 1;
    }
    (quotient, exponent)
}

/// atan(n / d * 2^-places) for a ratio of at most 1/32, as a significand and an exponent, a little below the true value.
fn small(n: u128, d: u128, places: u32) -> (u128, i32) {
    let (ratio, exponent) = quotient(n, d);
    let exponent = exponent - places as i32;
    // The square with 128 fraction bits, which has at least ten zeros in front.
    let shift = -2 * (exponent + 128);
    let square = product_high(ratio, ratio).checked_shr(shift as u32).unwrap_or(0);
    // 1 - z/3 + z^2/5 ..., with 127 fraction bits.
    let sum =
        (0..TERMS).rev().fold(0_u128, |sum, term| (1 << 127) / u128::from(2 * term + 1) - product_high(square, sum));
    (product_high(ratio, sum.min((1 << 127) - 1)), exponent + 1)
}

/// atan(n / d * 2^-places) for a ratio from above 0 to 1; both have as many bits, 113 at most.
fn ratio_angle(n: u128, d: u128, places: u32) -> (u128, i32) {
    if places > 6 {
        return small(n, d, places);
    }
    // The nearest step: atan(r) = atan(s) + atan((r - s) / (1 + rs)).
    let d = d << places;
    let step = (32 * n + d).checked_div(2 * d).unwrap_or(0);
    if step == 0 {
        return small(n, d, 0);
    }
    let (left, right) = (16 * n, step * d);
    let base = STEPS.get(step as usize).copied().unwrap_or(0);
    let distance = left.abs_diff(right);
    if distance == 0 {
        return (base, -PLACES);
    }
    let (angle, exponent) = small(distance, 16 * d + step * n, 0);
    let angle = angle.checked_shr((-PLACES - exponent) as u32).unwrap_or(0);
    (if left > right { base + angle } else { base - angle }, -PLACES)
}

impl Engine {
    /// `atan2` (C23 7.12.4.4 and F.10.1.4): the angle of the point (x, y), within 0.52 ulp in 113 bits and 0.501 in 64.
    #[must_use]
    pub fn angle(&self, y: u128, x: u128, mode: Rounding) -> Raising<u128> {
        let ((below, y_size), (behind, x_size)) = (self.0.unpack(y), self.0.unpack(x));
        let result = |angle: u128, exponent: i32| self.rounded(below, angle, exponent, true, mode);
        let fixed = |angle: u128| result(angle, -PLACES);
        let on_axis = || if behind { fixed(PI) } else { (self.with_sign(0, below), Exceptions::NONE) };
        let (n, d) = match (y_size, x_size) {
            (Magnitude::Nan, _) => return (self.quieted(y), Exceptions::NONE),
            (_, Magnitude::Nan) => return (self.quieted(x), Exceptions::NONE),
            (Magnitude::Infinite, Magnitude::Infinite) => return fixed(if behind { PI / 4 * 3 } else { PI / 4 }),
            (Magnitude::Finite { significand: 0, .. }, _) | (_, Magnitude::Infinite) => return on_axis(),
            (Magnitude::Infinite, _) | (_, Magnitude::Finite { significand: 0, .. }) => return fixed(PI / 2),
            (Magnitude::Finite { significand: a, exponent: e }, Magnitude::Finite { significand: b, exponent: f }) => {
                (self.normal(a, e), self.normal(b, f))
            }
        };
        let key = |value: &Normal| (value.exponent, value.significand);
        let steep = key(&n) > key(&d);
        let (n, d) = if steep { (d, n) } else { (n, d) };
        let (angle, exponent) = ratio_angle(n.significand, d.significand, d.exponent.abs_diff(n.exponent));
        if !steep && !behind {
            return result(angle, exponent);
        }
        // At most pi / 4, so that the exponent is not above that of `fixed`.
        let angle = angle.checked_shr((-PLACES - exponent) as u32).unwrap_or(0);
        match (steep, behind) {
            (true, false) => fixed(PI / 2 - angle),
            (true, true) => fixed(PI / 2 + angle),
            _ => fixed(PI - angle),
        }
    }
}
