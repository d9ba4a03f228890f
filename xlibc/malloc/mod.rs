//! The allocator.
//!
//! Layers, each with one job:
//! - [`mapped`]: memory from the host. What is freed is kept for a while ([`kept`]), and large objects grow into it.
//! - [`pages`]: regions of 1 and 4 MiB, cut into spans of 16 KiB units. Free neighbours join; a region in which nothing is in
//!   use goes back, except one.
//! - [`central`]: per size class, slabs (spans of equal slots) with a lock of their own. An empty slab becomes a span again.
//! - [`cache`]: per thread and class, a short chain of free slots. Most requests end here, without a lock or an atomic. When a
//!   thread ends, its chains and the cache itself go back to the slabs, so nothing of it stays behind.
//!
//! Requests above [`classes::SMALL_MAX`] get a span, those above a quarter of a region's 4 MiB a mapping of their own.
//! Objects that `realloc` makes larger get one from 128 KiB on, where most growth takes no copy.
//!
//! Misuse stops the process with a message. Every object has a header of 8 bytes right before it, in the cache line that its
//! first use touches anyway. It says where the descriptor is, the class and the state, and is tied to the object's address and
//! to a secret of the process ([`keys`]), so a pointer that came from elsewhere, a second `free` and a header that was
//! overwritten are found whatever way an object comes back ([`found`]). Where the room of an object is larger than what was
//! asked for, the byte after it is a canary. Links of free slots are hidden under the secret and verified when they are followed.
//!
//! Nothing here needs the library to have started: all state is constant-initialised, and a thread without a block gets one
//! from `rt::thread`. Threads that the host made keep their cache for ever, as nobody is told when they end.
//! Signal handlers must not allocate (C23 7.14.1.1), so no request nests in another on one thread.

pub mod abi;
mod cache;
mod central;
mod classes;
mod found;
#[cfg(not(any(test, fuzzing)))]
mod global;
mod header;
mod kept;
mod keys;
mod mapped;
mod misuse;
mod pages;
mod spans;

use core::ptr::null_mut;

use crate::rt::{self, Thread};
use cache::Cache;
use central::Central;
use classes::{ALIGN, SMALL_MAX, SPAN_OBJECT_GROWN_MAX, SPAN_OBJECT_MAX, class_of, slot_room};
use found::{Found, find, slot_header};
use header::{Header, MAPPED, State, WHOLE};
use kept::Fit;
use misuse::corrupt;

/// No object is larger (C23 6.5.7: a difference of pointers must fit `ptrdiff_t`).
const BYTES_MAX: usize = isize::MAX as usize - (1 << 20);

static CENTRAL: Central = Central::new();

/// Memory as asked for, aligned to 16, or null. A request for 0 bytes gets an object too.
#[inline]
pub fn allocate(bytes: usize) -> *mut u8 {
    allocate_at_once(bytes).unwrap_or_else(|| allocate_slowly(bytes))
}

/// The same where the thread's cache has what is needed.
#[inline(always)]
fn allocate_at_once(bytes: usize) -> Option<*mut u8> {
    if bytes > SMALL_MAX {
        return None;
    }
    let class = class_of(bytes);
    let object = known_cache()?.pop(class)?;
    // SAFETY: a free slot of the class of this size.
    Some(unsafe { hand_out(object, class, bytes) })
}

/// The same where it has not.
#[cold]
#[inline(never)]
fn allocate_slowly(bytes: usize) -> *mut u8 {
    if bytes > SMALL_MAX {
        return allocate_large(ALIGN, bytes).0;
    }
    let class = class_of(bytes);
    match take_slot(class) {
        // SAFETY: a free slot of the class of this size.
        Some(object) => unsafe { hand_out(object, class, bytes) },
        None => null_mut(),
    }
}

/// A free slot; `None` when there is no memory.
fn take_slot(class: usize) -> Option<*mut u8> {
    cache(rt::thread())?.take(rt::host(), &CENTRAL, class)
}

/// Makes a free slot an object.
///
/// # Safety
/// The slot is free, and its class is that of `bytes`.
#[inline(always)]
unsafe fn hand_out(object: *mut u8, class: usize, bytes: usize) -> *mut u8 {
    let room = slot_room(class);
    // SAFETY: caller contract.
    unsafe {
        let header = free_header(object, class);
        header.taken(room - bytes).write(object);
        if bytes < room {
            object.add(bytes).write(header.canary());
        }
    }
    object
}

/// The header of a free slot. A chain that a write after `free` has torn shows here.
///
/// # Safety
/// `object` is a free slot of this class.
#[inline(always)]
unsafe fn free_header(object: *mut u8, class: usize) -> Header {
    // SAFETY: caller contract: a free slot has a header.
    let header = unsafe { Header::read(object) };
    if !header.is(State::Free) || header.class() != class {
        corrupt("write after free or past the end");
    }
    header
}

/// Like [`allocate`], with all bytes zero.
pub fn allocate_zeroed(bytes: usize) -> *mut u8 {
    let (object, is_zero) = if bytes > SMALL_MAX { allocate_large(ALIGN, bytes) } else { (allocate(bytes), false) };
    if !object.is_null() && !is_zero {
        // SAFETY: a new object of at least that size.
        unsafe { object.write_bytes(0, bytes) };
    }
    object
}

/// Memory at a multiple of `align`, a power of two, or null.
pub fn allocate_aligned(align: usize, bytes: usize) -> *mut u8 {
    if align <= ALIGN {
        return allocate(bytes);
    }
    // Objects are aligned to 16, so the aligned address is at most `align - 16` further on.
    let total = bytes.saturating_add(align - ALIGN);
    if total > SPAN_OBJECT_MAX {
        return allocate_large(align, bytes).0;
    }
    let (start, header, room) = if total > SMALL_MAX {
        let start = allocate(total);
        if start.is_null() {
            return start;
        }
        // SAFETY: just made.
        let found = unsafe { find(start, "aligned_alloc") };
        (start, found.header, found.room)
    } else {
        let class = class_of(total);
        let Some(start) = take_slot(class) else { return null_mut() };
        // SAFETY: a free slot.
        (start, unsafe { free_header(start, class) }.taken(0), slot_room(class))
    };
    let offset = (start as usize).next_multiple_of(align) - start as usize;
    // SAFETY: a new object that reaches `bytes` beyond the aligned address, which is 0 or at least 16 bytes into it.
    unsafe {
        let mut found = Found { object: start, header, start, room, wanted: room };
        if offset > 0 {
            found.object = start.add(offset);
            found.room -= offset;
            found.header = Header::new(found.object, header.descriptor(start), header.class(), State::Aligned, 0);
            header.turned(State::Live, State::Carrier, 0).write(start);
            if header.class() == WHOLE {
                found.header.write(found.object);
            }
        }
        found.set_wanted(bytes);
        found.object
    }
}

/// Frees an object; nothing for a null pointer.
///
/// # Safety
/// `object` is null or came from here and is not in use.
#[inline]
pub unsafe fn release(object: *mut u8) {
    // SAFETY: caller contract.
    unsafe {
        if let Some(header) = slot_header(object) {
            header.freed().write(object);
            keep(header.class(), object);
        } else {
            release_slowly(object);
        }
    }
}

/// The same for an address that is not the start of a slot.
///
/// # Safety
/// As for [`release`].
#[cold]
#[inline(never)]
unsafe fn release_slowly(object: *mut u8) {
    if object.is_null() {
        return;
    }
    // SAFETY: caller contract.
    if let Some((class, slot)) = unsafe { retire(find(object, "free")) } {
        // SAFETY: a slot that nobody uses.
        unsafe { keep(class, slot) };
    }
}

/// # Safety
/// `slot` is a free slot of this class.
#[inline(always)]
unsafe fn keep(class: usize, slot: *mut u8) {
    // SAFETY: caller contract.
    unsafe {
        match cache(rt::thread()) {
            Some(cache) => cache.keep(rt::host(), &CENTRAL, class, slot),
            None => CENTRAL.give_back_one(rt::host(), class, slot),
        }
    }
}

/// Frees an object without a look at the calling thread's block: for that block itself.
///
/// # Safety
/// As for [`release`], and it is not null.
pub unsafe fn release_without_thread(object: *mut u8) {
    // SAFETY: caller contract.
    unsafe {
        if let Some((class, slot)) = retire(find(object, "free")) {
            CENTRAL.give_back_one(rt::host(), class, slot);
        }
    }
}

/// Changes the size of an object, which may move; null when there is no memory, and then it stays as it was.
///
/// # Safety
/// `object` is null or came from here; after success only the result is in use.
pub unsafe fn reallocate(object: *mut u8, bytes: usize) -> *mut u8 {
    if object.is_null() {
        return allocate(bytes);
    }
    // SAFETY: caller contract; copies stay inside both objects.
    unsafe {
        let found = find(object, "realloc");
        // In place, unless that kept more than half of a large object unused.
        if bytes <= found.room && (bytes >= found.room / 2 || found.room <= 128) {
            found.set_wanted(bytes);
            return object;
        }
        let resized = resize_large(&found, bytes);
        if !resized.is_null() {
            return resized;
        }
        let is_growing = bytes > found.room;
        let target = if is_growing { allocate_grown(bytes) } else { allocate(bytes) };
        if target.is_null() {
            if is_growing {
                return target;
            }
            // A smaller object always fits where it is.
            found.set_wanted(bytes);
            return object;
        }
        target.copy_from_nonoverlapping(object, bytes.min(found.wanted));
        release(object);
        target
    }
}

/// Bytes that may be used of an object: those asked for where the next one is the canary.
///
/// # Safety
/// `object` is null or came from here and is in use.
pub unsafe fn usable(object: *mut u8) -> usize {
    if object.is_null() {
        return 0;
    }
    // SAFETY: caller contract.
    unsafe { find(object, "malloc_usable_size") }.wanted
}

/// Gives back what the allocator keeps for a thread. It must be the last thing that uses the allocator there.
pub fn release_thread(thread: &Thread) {
    let cache = thread.heap.replace(0) as *mut Cache;
    if cache.is_null() {
        return;
    }
    // SAFETY: the slot held the thread's cache, which lies in an object of its own.
    unsafe {
        (*cache).clear(rt::host(), &CENTRAL);
        release_without_thread(cache.cast());
    }
}

/// The calling thread's cache, if it has one.
#[inline(always)]
fn known_cache() -> Option<&'static mut Cache> {
    // SAFETY: the slot holds null or the thread's cache; requests of one thread do not nest, so this is the only reference.
    unsafe { (rt::thread().heap.get() as *mut Cache).as_mut() }
}

/// The calling thread's cache; made at the first request, `None` when there is no memory for it.
#[inline]
fn cache(thread: &Thread) -> Option<&'static mut Cache> {
    // SAFETY: as above.
    match unsafe { (thread.heap.get() as *mut Cache).as_mut() } {
        Some(cache) => Some(cache),
        None => new_cache(thread),
    }
}

#[cold]
fn new_cache(thread: &Thread) -> Option<&'static mut Cache> {
    let cache = CENTRAL.take(rt::host(), class_of(size_of::<Cache>()), 1).pop()?;
    // SAFETY: a free slot of at least that size.
    unsafe {
        Header::read(cache).turned(State::Free, State::Live, 0).write(cache);
        cache.cast::<Cache>().write(Cache::EMPTY);
        thread.heap.set(cache as usize);
        Some(&mut *cache.cast())
    }
}

/// Ends the use of an object: its slot and the class of that, or `None` when its span or mapping has gone back already.
///
/// # Safety
/// The object is not used any more.
unsafe fn retire(found: Found) -> Option<(usize, *mut u8)> {
    let Found { object, header, start, .. } = found;
    // SAFETY: an object in use and its headers.
    unsafe {
        if header.class() == MAPPED {
            mapped::release(rt::host(), object, header);
            return None;
        }
        header.freed().write(object);
        if start != object {
            Header::flip(start, State::Carrier, State::Free);
        }
        if header.class() == WHOLE {
            spans::release(rt::host(), &CENTRAL.pages, object, header);
            return None;
        }
    }
    Some((header.class(), start))
}

/// An object with a span or a mapping of its own, and whether its bytes are zero.
#[cold]
fn allocate_large(align: usize, bytes: usize) -> (*mut u8, bool) {
    if bytes > BYTES_MAX || align > BYTES_MAX - bytes {
        return (null_mut(), false);
    }
    if align == ALIGN && bytes <= SPAN_OBJECT_MAX {
        return (spans::allocate(rt::host(), &CENTRAL.pages, bytes), false);
    }
    mapped::allocate(rt::host(), align, bytes, Fit::Shortest).unwrap_or((null_mut(), false))
}

/// An object for what has grown, and may go on, or null.
fn allocate_grown(bytes: usize) -> *mut u8 {
    if bytes <= SPAN_OBJECT_GROWN_MAX || bytes > BYTES_MAX {
        return allocate(bytes);
    }
    mapped::allocate(rt::host(), ALIGN, bytes, Fit::Longest).map_or(null_mut(), |(object, _)| object)
}

/// Changes the length of a span or mapping; null when that is not possible.
///
/// # Safety
/// The object is in use.
unsafe fn resize_large(found: &Found, bytes: usize) -> *mut u8 {
    let Found { object, header, start, room, .. } = *found;
    // SAFETY: caller contract.
    unsafe {
        match header.class() {
            MAPPED if bytes <= BYTES_MAX => mapped::resize(rt::host(), object, header, bytes),
            WHOLE if start == object && bytes > SMALL_MAX && (bytes <= room || bytes <= SPAN_OBJECT_GROWN_MAX) => {
                spans::resize(rt::host(), &CENTRAL.pages, object, header, bytes)
            }
            _ => null_mut(),
        }
    }
}

#[cfg(test)]
mod tests;
