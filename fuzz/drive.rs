//! A driver for fuzz targets on a stable compiler: it changes good inputs and makes up others. `cargo fuzz` does better where it
//! is installed, as it sees which code an input reaches.

use std::time::{Duration, Instant};
use std::vec::Vec;

/// What reads an input. It panics where it finds an error.
pub type Target = fn(&[u8]);

/// xorshift64* (Vigna 2016).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).filter(|value| *value != 0)
}

/// Calls the target with the good inputs, and with `rounds` others or for `FUZZ_SECONDS`. `FUZZ_SEED` repeats a run. Where the
/// target panics the input is shown.
pub fn drive(target: Target, good: &[&[u8]], rounds: usize) {
    struct Shown<'a>(&'a [u8]);
    impl Drop for Shown<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                std::eprintln!("input: b\"{}\"", self.0.escape_ascii());
            }
        }
    }
    let call = |input: &[u8]| {
        let shown = Shown(input);
        target(shown.0);
    };
    let mut random = Random(number("FUZZ_SEED").unwrap_or(0x9e37_79b9_7f4a_7c15));
    let (begun, limit) = (Instant::now(), Duration::from_secs(number("FUZZ_SECONDS").unwrap_or(0)));
    call(&[]);
    good.iter().for_each(|input| call(input));
    let mut round = 0;
    while round < rounds || begun.elapsed() < limit {
        round += 1;
        call(&changed(good, &mut random));
    }
}

/// A good input with a few changes: bytes replaced, removed, repeated, or taken from another input.
fn changed(good: &[&[u8]], random: &mut Random) -> Vec<u8> {
    let mut input = good[random.below(good.len())].to_vec();
    for _ in 0..=random.below(4) {
        // Headers come first, and most errors are in them.
        let area = if random.below(2) == 0 { input.len().min(512) } else { input.len() };
        let at = random.below(area + 1);
        match random.below(6) {
            0 => input.insert(at, random.below(256) as u8),
            1 => input.truncate(at),
            2 if at < input.len() => drop(input.remove(at)),
            3 if at < input.len() => {
                input[at] = [0, 1, 0x7F, 0x80, 0xFF, input[at] ^ 1 << random.below(8)][random.below(6)]
            }
            4 => {
                let end = at + random.below(input.len() - at + 1);
                let piece = input[at..end].to_vec();
                input.splice(at..at, piece);
            }
            _ => {
                let other = good[random.below(good.len())];
                let from = random.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
        }
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_rare_input_is_found() {
        let found =
            std::panic::catch_unwind(|| drive(|input| assert!(!input.starts_with(b"%%")), &[b"%d", b"a%"], 100_000));
        assert!(found.is_err());
    }

    #[test]
    fn good_inputs_come_first() {
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        let target = |input: &[u8]| match CALLS.fetch_add(1, Ordering::Relaxed) {
            0 => assert!(input.is_empty()),
            1 => assert_eq!(input, b"good"),
            _ => {}
        };
        drive(target, &[b"good"], 0);
        assert!(CALLS.load(Ordering::Relaxed) >= 2);
    }
}
