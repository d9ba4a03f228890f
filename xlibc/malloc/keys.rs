//! The secret of the process, to which headers, links and descriptors are tied, so that what an overflow or a write after
//! `free` puts there is noticed before it is followed.

use core::sync::atomic::{AtomicU64, Ordering};

use platform::{Platform, abi::clock};

use crate::sync::Locked;

/// In a cache line of its own: every request reads it, and nobody writes it again.
#[repr(align(64))]
struct Keys {
    address: AtomicU64,
    content: AtomicU64,
    link: AtomicU64,
}

static KEYS: Keys = Keys { address: AtomicU64::new(0), content: AtomicU64::new(0), link: AtomicU64::new(0) };
static MADE: Locked<bool> = Locked::new(false);

/// Makes the secret before the first memory comes from the host, so every object knows it.
pub(super) fn make(host: &impl Platform) {
    MADE.with(host, |made| {
        if *made {
            return;
        }
        *made = true;
        for key in [&KEYS.address, &KEYS.content, &KEYS.link] {
            key.store(random(host), Ordering::Relaxed);
        }
    });
}

/// A random number; where the host has none, what differs from run to run.
fn random(host: &impl Platform) -> u64 {
    let mut bytes = [0; 8];
    if host.random(&mut bytes).is_err() {
        let time = host.clock(clock::REALTIME).map_or(0, |time| time.seconds << 30 ^ time.nanoseconds);
        let seed = time as u64 ^ (&raw const bytes as u64).rotate_left(40) ^ u64::from(host.process_id() as u32) << 16;
        bytes = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
    }
    u64::from_le_bytes(bytes)
}

/// 64 bits that depend on all of the address, the content and the secret: both halves of a product, which costs one
/// multiplication (the mixing step of W. Yi's wyhash, 2019).
#[inline]
pub(super) fn mix(address: usize, content: u64) -> u64 {
    let address = address as u64 ^ KEYS.address.load(Ordering::Relaxed);
    let product = u128::from(address) * u128::from(content ^ KEYS.content.load(Ordering::Relaxed));
    (product ^ product >> 64) as u64
}

/// A link as it is stored at `place`. Its first bytes in memory, which a write past an end or after `free` hits first, are the
/// upper ones of the address, of which it is known what they must be.
#[inline]
pub(super) fn hide(next: *mut u8, place: *mut u8) -> u64 {
    (next as u64).swap_bytes() ^ place as u64 ^ KEYS.link.load(Ordering::Relaxed)
}

/// The link stored at `place`, unless no such address can be one of an object.
#[inline]
pub(super) fn reveal(hidden: u64, place: *mut u8) -> Option<*mut u8> {
    let next = (hidden ^ place as u64 ^ KEYS.link.load(Ordering::Relaxed)).swap_bytes();
    // Objects are aligned to 16, and user space has 48 bits.
    (next & 0xffff_0000_0000_000f == 0).then_some(next as *mut u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_come_back_only_where_they_were_stored() {
        make(crate::rt::host());
        let place = 0x7f12_3456_7890 as *mut u8;
        for next in [0usize, 16, 0x7fff_ffff_fff0, 0xffff_ffff_fff0] {
            let hidden = hide(next as *mut u8, place);
            assert_eq!(reveal(hidden, place), Some(next as *mut u8));
            assert_ne!(reveal(hidden, place.wrapping_add(16)), Some(next as *mut u8));
            assert_eq!(reveal(hidden ^ 1, place), None, "the first byte was overwritten");
            assert_eq!(reveal(hidden ^ 0x8000, place), None, "the second byte was overwritten");
        }
    }

    #[test]
    fn every_bit_of_address_and_content_counts() {
        make(crate::rt::host());
        let same = mix(0x7f12_3456_7890, 0x123456);
        for bit in 0..48 {
            assert_ne!(mix(0x7f12_3456_7890 ^ 1 << bit, 0x123456) >> 24, same >> 24);
            assert_ne!(mix(0x7f12_3456_7890, 0x123456 ^ 1 << bit) >> 24, same >> 24);
        }
    }

    #[test]
    fn a_host_without_randomness_gets_a_key_too() {
        let host = platform_sim::sim();
        host.hook.fail_always("random", 0, platform::Errno::NOSYS);
        assert_ne!(random(host), 0);
        host.hook.heal("random");
    }
}
