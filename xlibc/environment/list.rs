//! The environment: a list that C may read and assign as `environ`, and that `setenv` grows.
//!
//! Any thread may read while others write, as glibc has it (POSIX.1-2024 does not ask for that): writers take turns, and what a
//! reader may hold is never freed. A string that `setenv` made stays for good and is used again when the same name gets the same
//! value; a list that became too small stays too, and the next one is twice as long. So memory is bounded by the number of
//! different strings that were ever set.

use alloc::vec::Vec;
use core::ffi::CStr;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

use crate::rt::{self, Arena, ENVIRON, Errno, Process, Result, Threads, bytes_mut, c_bytes, copy_parts, heap, strings};
use crate::sync::Locked;
use crate::types::c_char;

/// A place in a list.
type Slot = AtomicPtr<c_char>;

/// Strings that `setenv` made are found again by the hash of their text.
const BUCKETS: usize = 256;

/// A string that `setenv` made; its bytes and a NUL follow.
#[repr(C)]
struct Made {
    next: *mut Made,
    length: usize,
}

/// What only one thread at a time works on.
struct Writer {
    /// The list that the library allocated last, and its slots.
    list: *mut Slot,
    slots: usize,
    /// `clearenv` was called after that list was in force: it is empty and may be used again.
    is_cleared: bool,
    made: [*mut Made; BUCKETS],
}

// SAFETY: the pointers lead to memory that is never freed.
unsafe impl Send for Writer {}

static WRITER: Locked<Writer> =
    Locked::new(Writer { list: null_mut(), slots: 0, is_cleared: false, made: [null_mut(); BUCKETS] });

/// The list in force.
fn in_force() -> *const Slot {
    ENVIRON.load(Ordering::Acquire).cast_const().cast()
}

/// Number of strings in a list.
///
/// # Safety
/// `list` is null or a list of strings ended by a null pointer.
unsafe fn count(list: *const Slot) -> usize {
    if list.is_null() {
        return 0;
    }
    // SAFETY: caller contract: the walk ends at the null pointer.
    (0..).take_while(|index| !unsafe { (*list.add(*index)).load(Ordering::Acquire) }.is_null()).count()
}

/// The value in an entry of this name.
///
/// # Safety
/// `entry` is a string.
unsafe fn value_of(entry: *mut c_char, name: &[u8]) -> Option<*mut c_char> {
    let text = entry.cast_const().cast::<u8>();
    // SAFETY: caller contract: reads stop at the first difference, so at the string's NUL at the latest, as names have none.
    let same = |(at, byte): (usize, &u8)| unsafe { *text.add(at) } == *byte;
    // SAFETY: as above.
    let matches = name.iter().enumerate().all(same) && unsafe { *text.add(name.len()) } == b'=';
    matches.then(|| entry.wrapping_add(name.len() + 1))
}

/// Counts the changes that the library made.
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// Differs from an earlier one when the library changed the environment, or the program assigned `environ`. What the program wrote
/// into the list itself does not show.
pub fn stamp() -> (u64, usize) {
    (CHANGES.load(Ordering::Acquire), ENVIRON.load(Ordering::Acquire).addr())
}

/// A name that can be looked up: not empty, without `=`.
pub fn valid_name(name: &[u8]) -> Result<&[u8]> {
    if name.is_empty() || name.contains(&b'=') { Err(Errno::INVAL) } else { Ok(name) }
}

/// `getenv`. Takes no lock, and waits for nobody.
///
/// # Safety
/// `environ` is null or a list of strings ended by a null pointer, and changed by the library's functions only while this runs.
pub unsafe fn find(name: &[u8]) -> Option<*mut c_char> {
    valid_name(name).ok()?;
    let list = in_force();
    // SAFETY: caller contract. Slots below the count hold strings, or null where the list became shorter meanwhile.
    unsafe {
        let value_at = |index: usize| {
            let entry = (*list.add(index)).load(Ordering::Acquire);
            if entry.is_null() { None } else { value_of(entry, name) }
        };
        let count = count(list);
        // A writer moves entries towards the start only, so a second walk, backwards, meets what moved past the first.
        (0..count).find_map(value_at).or_else(|| (0..count).rev().find_map(value_at))
    }
}

/// The value of a variable.
///
/// # Safety
/// As for `find`; the program does not write into the string during `'a`.
pub unsafe fn value<'a>(name: &[u8]) -> Option<&'a [u8]> {
    // SAFETY: caller contract; the value is a string.
    unsafe { find(name).map(|value| c_bytes(value)) }
}

/// The value of a variable that says which file is opened or what runs: none where the process may do more than whoever set it.
///
/// # Safety
/// As for `value`.
pub unsafe fn trusted_value<'a>(name: &[u8]) -> Option<&'a [u8]> {
    // SAFETY: caller contract.
    if rt::host().is_secure() { None } else { unsafe { value(name) } }
}

/// The list, as C has it.
pub fn list() -> *const *const c_char {
    ENVIRON.load(Ordering::Acquire).cast_const().cast()
}

/// The strings of the list. `ENOMEM`.
///
/// # Safety
/// As for `value`.
pub unsafe fn all<'a>() -> Result<Vec<&'a CStr>> {
    // SAFETY: caller contract.
    unsafe { with_steady(list(), |list| strings(list)) }
}

/// Runs `work` on a list of strings that other threads do not change: on a copy, where it is the one in force. Async-signal-safe.
///
/// # Safety
/// As for `value`; `list` is null or a list of strings ended by a null pointer.
pub unsafe fn with_steady<R>(list: *const *const c_char, work: impl FnOnce(*const *const c_char) -> R) -> R {
    if list.is_null() || !core::ptr::eq(list.cast(), in_force()) {
        return work(list);
    }
    let memory = Arena::EMPTY;
    // SAFETY: caller contract.
    let copy = unsafe { copy_in_force(&memory) };
    let result = work(copy.unwrap_or(list));
    // SAFETY: the copy was for `work`.
    unsafe { memory.release_all() };
    result
}

/// A copy of the list in force, of one moment; `None` when there is no memory. Entries move while a writer is at work, so it is made
/// between two of them.
///
/// # Safety
/// As for `value`.
unsafe fn copy_in_force(memory: &Arena) -> Option<*const *const c_char> {
    /// Then the writer is what the caller, a signal handler, has interrupted, and nothing moves.
    const TRIES: u32 = 1000;
    let host = rt::host();
    for _ in 0..TRIES {
        // SAFETY: caller contract.
        if let Some(copy) = WRITER.try_with(host, |_| unsafe { copy_now(memory) }) {
            return copy;
        }
        host.yield_now();
    }
    // SAFETY: caller contract.
    unsafe { copy_now(memory) }
}

/// A copy of what is in the list in force.
///
/// # Safety
/// As for `value`.
unsafe fn copy_now(memory: &Arena) -> Option<*const *const c_char> {
    let list = in_force();
    // SAFETY: caller contract; lists are never freed, so slots below the count stay readable.
    unsafe {
        let room = count(list) + 1;
        let copy: *mut *const c_char =
            memory.allocate(align_of::<*const c_char>(), room * size_of::<*const c_char>()).cast();
        if copy.is_null() {
            return None;
        }
        for index in 0..room {
            let entry = if index + 1 < room { (*list.add(index)).load(Ordering::Acquire) } else { null_mut() };
            copy.add(index).write(entry);
        }
        Some(copy)
    }
}

/// Puts `string` (`NAME=value`) in the place of the entry of that name, or behind the last. `ENOMEM`.
///
/// # Safety
/// As for `find`; `string` is a string that stays.
pub unsafe fn put(string: *mut c_char, name: &[u8]) -> Result<()> {
    // SAFETY: caller contract.
    WRITER.with(rt::host(), |writer| unsafe { writer.replace(name, Some(string)) })
}

/// `setenv`: puts a copy; without `overwrite` only where the name is new. `ENOMEM`.
///
/// # Safety
/// As for `find`.
pub unsafe fn put_copy(name: &[u8], value: &[u8], overwrite: bool) -> Result<()> {
    WRITER.with(rt::host(), |writer| {
        // SAFETY: caller contract.
        unsafe {
            if !overwrite && find(name).is_some() {
                return Ok(());
            }
            let string = writer.made(name, value)?;
            writer.replace(name, Some(string))
        }
    })
}

/// `unsetenv`. `ENOMEM`.
///
/// # Safety
/// As for `find`.
pub unsafe fn remove(name: &[u8]) -> Result<()> {
    WRITER.with(rt::host(), |writer| {
        // SAFETY: caller contract.
        unsafe { if find(name).is_some() { writer.replace(name, None) } else { Ok(()) } }
    })
}

/// `clearenv`.
pub fn clear() {
    WRITER.with(rt::host(), |writer| {
        let own = core::ptr::eq(in_force(), writer.list);
        ENVIRON.store(null_mut(), Ordering::Release);
        CHANGES.fetch_add(1, Ordering::AcqRel);
        if own {
            for index in (0..writer.slots).rev() {
                // SAFETY: the list has that many slots.
                unsafe { (*writer.list.add(index)).store(null_mut(), Ordering::Release) };
            }
            writer.is_cleared = true;
        }
    });
}

impl Writer {
    /// Puts `string` in the place of the first entry of `name`, or behind the last; other entries of that name go.
    ///
    /// # Safety
    /// As for `put`.
    unsafe fn replace(&mut self, name: &[u8], string: Option<*mut c_char>) -> Result<()> {
        // SAFETY: caller contract; nobody else writes to the library's list.
        unsafe {
            let old = count(in_force());
            let list = self.own_list(old + 2)?;
            let slot = |index: usize| &*list.add(index);
            let mut string = string;
            let mut kept = 0;
            for index in 0..old {
                let entry = slot(index).load(Ordering::Acquire);
                let entry = if value_of(entry, name).is_some() { string.take() } else { Some(entry) };
                if let Some(entry) = entry {
                    slot(kept).store(entry, Ordering::Release);
                    kept += 1;
                }
            }
            if let Some(string) = string {
                // The slot behind it is null already.
                slot(kept).store(string, Ordering::Release);
                kept += 1;
            }
            for index in kept..old {
                slot(index).store(null_mut(), Ordering::Release);
            }
        }
        CHANGES.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    /// The library's own list, in force, with at least so many slots; all behind the last string are null. `ENOMEM`.
    ///
    /// # Safety
    /// As for `find`.
    unsafe fn own_list(&mut self, slots: usize) -> Result<*const Slot> {
        let current = in_force();
        let is_own = !self.list.is_null() && core::ptr::eq(current, self.list) || self.is_cleared && current.is_null();
        if !is_own || slots > self.slots {
            let room = slots.max(32).next_power_of_two();
            let bytes = room.checked_mul(size_of::<Slot>()).ok_or(Errno::NOMEM)?;
            let list: *mut Slot = heap::allocate(bytes)?.cast();
            // SAFETY: fresh memory of that size; null is a valid slot; the strings of the list in force are fewer than `slots`.
            unsafe {
                list.cast::<u8>().write_bytes(0, bytes);
                for index in 0..count(current).min(room - 1) {
                    (*list.add(index)).store((*current.add(index)).load(Ordering::Acquire), Ordering::Relaxed);
                }
            }
            self.list = list;
            self.slots = room;
        }
        self.is_cleared = false;
        ENVIRON.store(self.list.cast(), Ordering::Release);
        Ok(self.list)
    }

    /// `NAME=value`, which stays for good. `ENOMEM`.
    fn made(&mut self, name: &[u8], value: &[u8]) -> Result<*mut c_char> {
        let parts: [&[u8]; 4] = [name, b"=", value, b"\0"];
        let length = name.len() + value.len() + 2;
        // FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo 1991).
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        let hash = parts.iter().flat_map(|part| part.iter()).fold(0xcbf2_9ce4_8422_2325, step);
        let bucket = self.made.get_mut((hash >> 32) as usize % BUCKETS).ok_or(Errno::NOMEM)?;
        let mut at = *bucket;
        // SAFETY: members stay for good, and the bytes of their string follow them.
        while let Some(made) = unsafe { at.as_ref() } {
            // SAFETY: as above.
            let text = unsafe { core::slice::from_raw_parts(at.add(1).cast::<u8>(), made.length) };
            if made.length == length && text.iter().eq(parts.iter().flat_map(|part| part.iter())) {
                // SAFETY: as above.
                return Ok(unsafe { at.add(1) }.cast());
            }
            at = made.next;
        }
        let made: *mut Made = heap::allocate(size_of::<Made>() + length)?.cast();
        // SAFETY: fresh memory of that length.
        unsafe {
            made.write(Made { next: *bucket, length });
            let text = made.add(1).cast::<u8>();
            copy_parts(bytes_mut(text, length), &parts);
            *bucket = made;
            Ok(text.cast())
        }
    }
}
