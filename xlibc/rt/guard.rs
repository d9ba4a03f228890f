//! The guard of the stack protector: what compilers put between the buffers of a function and its return address.

use core::sync::atomic::{AtomicUsize, Ordering};

use super::{Host, Random};

/// `__stack_chk_guard`, as protected code reads it on every host. Its first byte in memory is zero, so that copies of strings
/// neither read past it nor write it again.
#[export("__stack_chk_guard")]
pub static GUARD: AtomicUsize = AtomicUsize::new(0);

/// Chooses the guard. Before any function that is protected runs: the value must not change below one.
#[cfg_attr(any(test, fuzzing), expect(dead_code, reason = "the library's initialiser calls it"))]
pub fn choose(host: &Host) {
    let mut random = [0; size_of::<usize>()];
    if host.random(&mut random).is_err() {
        // The addresses of this process are random too, and a line feed ends what many functions read.
        random = ((&raw const random).addr() << 16 | 0x0a00).to_le_bytes();
    }
    GUARD.store(from_random(random), Ordering::Relaxed);
}

fn from_random(random: [u8; size_of::<usize>()]) -> usize {
    let [_, rest @ ..] = random;
    let mut bytes = [0; size_of::<usize>()];
    for (byte, random) in bytes.iter_mut().skip(1).zip(rest) {
        *byte = random;
    }
    usize::from_ne_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_is_zero_and_the_others_are_random() {
        assert_eq!(from_random([0xff; 8]).to_ne_bytes(), [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(from_random([1, 2, 3, 4, 5, 6, 7, 8]).to_ne_bytes(), [0, 2, 3, 4, 5, 6, 7, 8]);
    }
}
