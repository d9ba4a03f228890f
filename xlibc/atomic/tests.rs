use super::*;
use crate::rt::host;

/// Operations on 16 bytes by every way that there is.
#[test]
fn sixteen_bytes_are_exchanged_when_they_are_as_expected() {
    let all = [0, 1, u128::from(u64::MAX), 1 << 64, u128::MAX, 0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210];
    for old in all {
        for new in all {
            for expected in all {
                let mut object = old;
                // SAFETY: a local object.
                let seen = unsafe { u128::compare_exchange(&raw mut object, expected, new) };
                assert_eq!((seen, object), (old, if old == expected { new } else { old }));
                // SAFETY: as above.
                assert_eq!(unsafe { u128::load(&raw mut object) }, object);
                let (mut object, mut place) = (old, expected);
                let (object_at, place_at) = ((&raw mut object).cast(), (&raw mut place).cast());
                // SAFETY: as above.
                let same = unsafe { locks::compare_exchange(host(), 16, object_at, place_at, (&raw const new).cast()) };
                assert_eq!((same, object, place), (old == expected, if same { new } else { old }, old));
            }
        }
    }
}

#[test]
fn every_size_and_alignment_is_loaded_stored_and_exchanged() {
    let pattern = |seed: u8| -> [u8; 80] { core::array::from_fn(|at| (at as u8).wrapping_mul(7) ^ seed) };
    for size in 0..=40 {
        for offset in 0..=17 {
            let (mut memory, value, mut out) = (pattern(1), pattern(2), pattern(3));
            let object = memory[offset..].as_mut_ptr();
            // SAFETY: the arrays are longer than 17 + 40 bytes.
            unsafe {
                store(host(), size, object, value.as_ptr());
                load(host(), size, object, out.as_mut_ptr());
            }
            assert_eq!(out[..size], value[..size], "{size} at {offset}");
            assert_eq!(out[size..], pattern(3)[size..], "{size} at {offset}");
            let next = pattern(4);
            // SAFETY: as above.
            unsafe { exchange(host(), size, object, next.as_ptr(), out.as_mut_ptr()) };
            assert_eq!((&memory[offset..][..size], &out[..size]), (&next[..size], &value[..size]));
            let object = memory[offset..].as_mut_ptr();
            // SAFETY: as above.
            let first = unsafe { compare_exchange(host(), size, object, out.as_mut_ptr(), value.as_ptr()) };
            assert_eq!(first, size == 0, "another value was there: {size} at {offset}");
            assert_eq!(out[..size], next[..size]);
            // SAFETY: as above.
            assert!(unsafe { compare_exchange(host(), size, object, out.as_mut_ptr(), value.as_ptr()) });
            assert_eq!(memory[offset..][..size], value[..size]);
            // What lies around the object stays.
            assert_eq!(memory[..offset], pattern(1)[..offset]);
            assert_eq!(memory[offset + size..], pattern(1)[offset + size..]);
        }
    }
}

#[test]
fn the_exchanged_value_may_lie_where_the_old_one_goes() {
    let (mut object, mut value) = ([1_u8; 24], [2_u8; 24]);
    let value_at = value.as_mut_ptr();
    // SAFETY: two local arrays.
    unsafe { exchange(host(), 24, object.as_mut_ptr(), value_at, value_at) };
    assert_eq!((object, value), ([2; 24], [1; 24]));
}

#[test]
fn what_takes_no_lock_is_told_by_size_and_address() {
    for (size, address, expected) in [
        (1, 3, true),
        (2, 3, false),
        (4, 8, true),
        (8, 4, false),
        (8, 0, true),
        (3, 0, false),
        (0, 0, false),
        (32, 0, false),
    ] {
        assert_eq!(is_lock_free(size, address), expected, "{size} at {address}");
    }
    assert_eq!(is_lock_free(16, 0), wide::is_lock_free());
    assert!(!is_lock_free(16, 8));
}

/// Several threads count in both halves of one object; a torn or lost update would show in the sum.
#[test]
fn no_update_of_sixteen_bytes_is_lost_or_torn() {
    struct Shared(core::cell::UnsafeCell<u128>);
    // SAFETY: it is only touched by atomic operations.
    unsafe impl Sync for Shared {}
    const STEP: u128 = 1 << 64 | 1;
    static OBJECT: Shared = Shared(core::cell::UnsafeCell::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..20_000 {
                    // SAFETY: an object of 16 bytes.
                    unsafe {
                        u128::update(OBJECT.0.get(), |old| old + STEP);
                        let seen = u128::load(OBJECT.0.get());
                        assert_eq!(seen >> 64, seen & u128::from(u64::MAX));
                    }
                }
            });
        }
    });
    // SAFETY: the threads have ended.
    assert_eq!(unsafe { *OBJECT.0.get() }, 80_000 * STEP);
}
