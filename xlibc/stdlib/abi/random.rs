//! Pseudo-random numbers: `rand`, the `drand48` family, `random`.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU64, Ordering};

use crate::rt::{Errno, host, set_errno};
use crate::stdlib::feedback;
use crate::sync::Lock;
use crate::types::{c_char, c_double, c_int, c_long, c_uint, c_ushort, size_t};

/// The state of `rand`.
static RAND: AtomicU64 = AtomicU64::new(0);

/// A step of a 64-bit congruential generator (Knuth's MMIX) and its high 31 bits.
fn congruential(state: u64) -> (u64, u32) {
    let next = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (next, (next >> 33) as u32)
}

/// C23 7.24.2.1: 0 to RAND_MAX (2^31 - 1). Threads share the sequence.
#[export]
pub extern "C" fn rand() -> c_int {
    let before = RAND.update(Ordering::Relaxed, Ordering::Relaxed, |state| congruential(state).0);
    congruential(before).1 as c_int
}

/// C23 7.24.2.2. `rand` starts as after `srand(1)`.
#[export]
pub extern "C" fn srand(seed: c_uint) {
    RAND.store(u64::from(seed.wrapping_sub(1)), Ordering::Relaxed);
}

/// POSIX.1-2008: with a state of the caller, whose 32 bits are all there is.
///
/// # Safety
/// `state` is valid.
#[export]
pub unsafe extern "C" fn rand_r(state: *mut c_uint) -> c_int {
    // SAFETY: caller contract.
    let state = unsafe { &mut *state };
    *state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
    // Low bits of such a generator repeat early: a permutation brings the high ones down (O'Neill 2014, RXS-M-XS).
    let mixed = (*state >> ((*state >> 28) + 4) ^ *state).wrapping_mul(277_803_737);
    ((mixed >> 22 ^ mixed) >> 1) as c_int
}

/// X, a (48 bits each) and c of the `drand48` family: POSIX.1-2024 gives the numbers.
struct Family {
    x: [c_ushort; 3],
    a: u64,
    c: u64,
    before: [c_ushort; 3],
}
struct Shared(UnsafeCell<Family>);
// SAFETY: POSIX makes the callers of this family exclude each other.
unsafe impl Sync for Shared {}

const A: u64 = 0x5_DEEC_E66D;
const C: u64 = 0xB;
/// The low 16 bits that `srand48` gives every seed.
const SEED_LOW: c_ushort = 0x330E;

/// POSIX leaves the first X of a program that does not seed open: 0, as in glibc and musl.
static FAMILY: Shared = Shared(UnsafeCell::new(Family { x: [0; 3], a: A, c: C, before: [0; 3] }));

fn family() -> &'static mut Family {
    // SAFETY: see `Shared`; no function keeps the reference.
    unsafe { &mut *FAMILY.0.get() }
}

/// X of the family, or the caller's, one step on: 48 bits.
///
/// # Safety
/// `own` is null or points to three words.
unsafe fn step(own: *mut c_ushort) -> u64 {
    let Family { x, a, c, .. } = family();
    // SAFETY: caller contract.
    let x = unsafe { own.cast::<[c_ushort; 3]>().as_mut() }.unwrap_or(x);
    let before = u64::from(x[0]) | u64::from(x[1]) << 16 | u64::from(x[2]) << 32;
    let next = before.wrapping_mul(*a).wrapping_add(*c) & 0xffff_ffff_ffff;
    *x = [next as c_ushort, (next >> 16) as c_ushort, (next >> 32) as c_ushort];
    next
}

/// POSIX.1-2024 (XSI): [0, 1).
#[export]
pub extern "C" fn drand48() -> c_double {
    // SAFETY: the family's own state.
    unsafe { erand48(core::ptr::null_mut()) }
}

/// POSIX.1-2024 (XSI).
///
/// # Safety
/// `x` points to three words.
#[export]
pub unsafe extern "C" fn erand48(x: *mut c_ushort) -> c_double {
    // SAFETY: caller contract.
    unsafe { step(x) as c_double / 281_474_976_710_656.0 }
}

/// POSIX.1-2024 (XSI): 0 to 2^31 - 1.
#[export]
pub extern "C" fn lrand48() -> c_long {
    // SAFETY: the family's own state.
    unsafe { nrand48(core::ptr::null_mut()) }
}

/// POSIX.1-2024 (XSI).
///
/// # Safety
/// `x` points to three words.
#[export]
pub unsafe extern "C" fn nrand48(x: *mut c_ushort) -> c_long {
    // SAFETY: caller contract.
    unsafe { (step(x) >> 17) as c_long }
}

/// POSIX.1-2024 (XSI): -2^31 to 2^31 - 1.
#[export]
pub extern "C" fn mrand48() -> c_long {
    // SAFETY: the family's own state.
    unsafe { jrand48(core::ptr::null_mut()) }
}

/// POSIX.1-2024 (XSI).
///
/// # Safety
/// `x` points to three words.
#[export]
pub unsafe extern "C" fn jrand48(x: *mut c_ushort) -> c_long {
    // SAFETY: caller contract.
    c_long::from(unsafe { (step(x) >> 16) as i32 })
}

/// POSIX.1-2024 (XSI): also restores a and c.
#[export]
pub extern "C" fn srand48(seed: c_long) {
    let family = family();
    family.x = [SEED_LOW, seed as c_ushort, (seed >> 16) as c_ushort];
    (family.a, family.c) = (A, C);
}

/// POSIX.1-2024 (XSI): sets X, restores a and c; where the X before can be read.
///
/// # Safety
/// `x` points to three words.
#[export]
pub unsafe extern "C" fn seed48(x: *mut c_ushort) -> *mut c_ushort {
    let family = family();
    // SAFETY: caller contract.
    family.before = core::mem::replace(&mut family.x, unsafe { *x.cast() });
    (family.a, family.c) = (A, C);
    family.before.as_mut_ptr()
}

/// POSIX.1-2024 (XSI): X, a and c.
///
/// # Safety
/// `words` points to seven words.
#[export]
pub unsafe extern "C" fn lcong48(words: *mut c_ushort) {
    // SAFETY: caller contract.
    let words: [c_ushort; 7] = unsafe { *words.cast() };
    let family = family();
    family.x = [words[0], words[1], words[2]];
    family.a = u64::from(words[3]) | u64::from(words[4]) << 16 | u64::from(words[5]) << 32;
    family.c = u64::from(words[6]);
}

/// The state of `random`: where it lies and how many words it has.
struct Current {
    own: UnsafeCell<[u32; feedback::DEFAULT_WORDS]>,
    /// Null: `own`, still to be seeded with 1.
    place: UnsafeCell<(*mut u32, usize)>,
    lock: Lock,
}
// SAFETY: everything else is used under the lock.
unsafe impl Sync for Current {}
static CURRENT: Current = Current {
    own: UnsafeCell::new([0; feedback::DEFAULT_WORDS]),
    place: UnsafeCell::new((core::ptr::null_mut(), 0)),
    lock: Lock::new(),
};

/// Runs `work` on the state in use, and its address, under the lock.
fn with_state<T>(work: impl FnOnce(&mut [u32], &mut (*mut u32, usize)) -> T) -> T {
    CURRENT.lock.lock(host());
    // SAFETY: under the lock.
    let place = unsafe { &mut *CURRENT.place.get() };
    if place.0.is_null() {
        *place = (CURRENT.own.get().cast(), feedback::DEFAULT_WORDS);
        // SAFETY: under the lock.
        feedback::seed(unsafe { &mut *CURRENT.own.get() }, 3, 1);
    }
    // SAFETY: the program lets a state live as long as it is in use.
    let state = unsafe { core::slice::from_raw_parts_mut(place.0, place.1) };
    let result = work(state, place);
    CURRENT.lock.unlock(host());
    result
}

/// POSIX.1-2024 (XSI): 0 to 2^31 - 1. Threads share the sequence.
#[export]
pub extern "C" fn random() -> c_long {
    with_state(|state, _| c_long::from(feedback::next(state)))
}

/// POSIX.1-2024 (XSI). `random` starts as after `srandom(1)`.
#[export]
pub extern "C" fn srandom(seed: c_uint) {
    with_state(|state, _| {
        let kind = state.first().and_then(|first| feedback::kind_of(*first)).unwrap_or(0);
        feedback::seed(state, kind, seed);
    });
}

/// POSIX.1-2024 (XSI): the state before; null with `EINVAL` for less than 8 bytes.
///
/// # Safety
/// `size` bytes at `state`, aligned as an int, live as long as the state is in use.
#[export]
pub unsafe extern "C" fn initstate(seed: c_uint, state: *mut c_char, size: size_t) -> *mut c_char {
    let Some(kind) = feedback::kind_for(size) else {
        set_errno(Errno::INVAL);
        return core::ptr::null_mut();
    };
    with_state(|_, place| {
        let before = core::mem::replace(place, (state.cast(), feedback::words(kind)));
        // SAFETY: caller contract; the words of a kind fit into its bytes.
        feedback::seed(unsafe { core::slice::from_raw_parts_mut(place.0, place.1) }, kind, seed);
        before.0.cast()
    })
}

/// POSIX.1-2024 (XSI): the state before; null with `EINVAL` for memory that `initstate` did not fill.
///
/// # Safety
/// `state` was filled by `initstate` and lives as long as it is in use.
#[export]
pub unsafe extern "C" fn setstate(state: *mut c_char) -> *mut c_char {
    // SAFETY: caller contract.
    let Some(kind) = feedback::kind_of(unsafe { state.cast::<u32>().read() }) else {
        set_errno(Errno::INVAL);
        return core::ptr::null_mut();
    };
    with_state(|_, place| core::mem::replace(place, (state.cast(), feedback::words(kind))).0.cast())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_48_bit_family_follows_the_formula() {
        assert_eq!((lrand48(), lrand48(), mrand48()), (0, 2_116_118, 178_803_790));
        srand48(42);
        let x = 42_u64 << 16 | 0x330E;
        let next = x.wrapping_mul(A).wrapping_add(C) & 0xffff_ffff_ffff;
        assert_eq!(lrand48(), (next >> 17) as c_long);
        let mut own = [SEED_LOW, 42, 0];
        // SAFETY: three words.
        unsafe {
            assert_eq!(jrand48(own.as_mut_ptr()), c_long::from((next >> 16) as i32));
            assert_eq!(own, [next as u16, (next >> 16) as u16, (next >> 32) as u16]);
            assert!((0.0..1.0).contains(&erand48(own.as_mut_ptr())));
        }
    }

    #[test]
    fn a_state_goes_on_where_it_stopped() {
        let mut first = [0_u32; 32];
        let mut second = [0_u32; 2];
        // SAFETY: both states outlive their use: the default one is put back.
        unsafe {
            let default = initstate(7, first.as_mut_ptr().cast(), 128);
            let numbers = [random(), random(), random()];
            srandom(7);
            assert_eq!(random(), numbers[0]);
            assert_eq!(initstate(1, second.as_mut_ptr().cast(), 8), first.as_mut_ptr().cast());
            assert!(initstate(1, second.as_mut_ptr().cast(), 7).is_null());
            assert_eq!(setstate(first.as_mut_ptr().cast()), second.as_mut_ptr().cast());
            assert_eq!([random(), random()], numbers[1..]);
            setstate(default);
        }
    }
}
