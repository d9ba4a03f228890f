//! Thread-specific data.

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::exit;
use crate::rt::{self, Errno, KEYS_MAX, Result, Thread};
use crate::sync::Locked;
use crate::types::c_void;

/// What runs at the end of a thread on a value that is not null.
pub type Destructor = unsafe extern "C" fn(*mut c_void);

/// PTHREAD_DESTRUCTOR_ITERATIONS of the ABI.
const ROUNDS: usize = 4;

/// Generation of each key: odd while it is in use. A value counts only in the generation it was set in, so a key that is made
/// again starts with null on every thread.
static GENERATIONS: [AtomicUsize; KEYS_MAX] = [const { AtomicUsize::new(0) }; KEYS_MAX];
static DESTRUCTORS: Locked<[Option<Destructor>; KEYS_MAX]> = Locked::new([None; KEYS_MAX]);

/// A new key; `AGAIN` when all are in use.
pub fn create(destructor: Option<Destructor>) -> Result<usize> {
    DESTRUCTORS.with(rt::host(), |destructors| {
        for (key, (generation, place)) in GENERATIONS.iter().zip(destructors).enumerate() {
            let before = generation.load(Ordering::Relaxed);
            if before % 2 == 0 {
                *place = destructor;
                generation.store(before + 1, Ordering::Release);
                return Ok(key);
            }
        }
        Err(Errno::AGAIN)
    })
}

/// Frees a key; destructors do not run. `INVAL` for an unknown one.
pub fn delete(key: usize) -> Result<()> {
    DESTRUCTORS.with(rt::host(), |_| {
        let generation = GENERATIONS.get(key).ok_or(Errno::INVAL)?;
        let before = generation.load(Ordering::Relaxed);
        if before % 2 == 0 {
            return Err(Errno::INVAL);
        }
        generation.store(before + 1, Ordering::Release);
        Ok(())
    })
}

/// The thread's value; null when none was set, or for an unknown key.
#[inline]
pub fn get(thread: &Thread, key: usize) -> *mut c_void {
    match (thread.keys.get(key), GENERATIONS.get(key)) {
        (Some(place), Some(generation)) => {
            let (value, set_in) = place.get();
            if set_in == generation.load(Ordering::Relaxed) { value } else { core::ptr::null_mut() }
        }
        _ => core::ptr::null_mut(),
    }
}

/// Sets the thread's value. `INVAL` for an unknown key.
#[inline]
pub fn set(thread: &Thread, key: usize, value: *mut c_void) -> Result<()> {
    let (Some(place), Some(generation)) = (thread.keys.get(key), GENERATIONS.get(key)) else {
        return Err(Errno::INVAL);
    };
    let generation = generation.load(Ordering::Relaxed);
    if generation % 2 == 0 {
        return Err(Errno::INVAL);
    }
    place.set((value, generation));
    thread.has_keys.set(true);
    Ok(())
}

/// What runs on a value that was set in this generation of the key: nothing when the key has been deleted, though it may have
/// been made again.
fn destructor_of(key: usize, generation: usize) -> Option<Destructor> {
    DESTRUCTORS.with(rt::host(), |destructors| {
        let is_same = GENERATIONS.get(key)?.load(Ordering::Relaxed) == generation;
        destructors.get(key).copied().flatten().filter(|_| is_same)
    })
}

/// Runs the destructors of the thread's values, as often as they set new ones, up to four times; with each round those of
/// C++ thread_local objects that it made.
pub fn run_destructors(thread: &Thread) {
    for _ in 0..ROUNDS {
        if !thread.has_keys.replace(false) {
            return;
        }
        for (key, place) in thread.keys.iter().enumerate() {
            // POSIX.1-2024 pthread_key_create: null before the destructor runs.
            let (value, set_in) = place.replace((core::ptr::null_mut(), 0));
            let destructor = if value.is_null() { None } else { destructor_of(key, set_in) };
            if let Some(destructor) = destructor {
                // SAFETY: the contract of `pthread_key_create`: it takes the values set for its key.
                unsafe { destructor(value) };
            }
        }
        exit::run_destructors(thread);
    }
}
