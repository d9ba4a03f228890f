//! The allocator.
//!
//! Three layers, each with one job:
//! - [`pages`]: regions of 1 and 4 MiB from the host, cut into spans of 16 KiB units. Free neighbours join; a region in which
//!   nothing is in use goes back to the host, except one.
//! - [`central`]: per size class, slabs (spans of equal slots) with a lock of their own. An empty slab becomes a span again.
//! - [`cache`]: per thread and class, a short chain of free slots. Most requests end here, without a lock or an atomic. When a
//!   thread ends, its chains and the cache itself go back to the slabs, so nothing of it stays behind.
//!
//! Requests above [`classes::SMALL_MAX`] get a span, those above a quarter of a region's 4 MiB a mapping of their own.
//!
//! Every object has a header of 8 bytes right before it, in the cache line that its first use touches anyway. It says where the
//! span is (a distance, so it survives a moved mapping), the class and the state, with 16 bits of the address mixed in. `free` and
//! `realloc` stop the process with a message when the header is not one of a live object: a double free or a pointer that
//! came from elsewhere is found in almost every case, at no further cost.
//!
//! Nothing here needs the library to have started: all state is constant-initialised, and a thread without a block gets one
//! from `rt::thread`. Threads that the host made keep their cache for ever, as nobody is told when they end.
//! Signal handlers must not allocate (C23 7.14.1.1), so no request nests in another on one thread.

pub mod abi;
mod cache;
mod central;
mod classes;
#[cfg(not(test))]
mod global;
mod header;
mod pages;

use core::ptr::null_mut;

use platform::{Platform, abi::mapping};

use crate::rt::{self, Thread};
use cache::Cache;
use central::Central;
use classes::{ALIGN, HEADER, SMALL_MAX, class_of, slot_bytes};
use header::{Header, State, WHOLE};
use pages::{Span, UNIT, Use};

/// Objects above this size get a mapping of their own.
const SPAN_OBJECT_MAX: usize = 64 * UNIT - ALIGN;
/// Where the object starts in its own mapping: after the span's descriptor and the header.
const MAPPED_START: usize = size_of::<Span>() + ALIGN;
/// No object is larger (C23 6.5.7: a difference of pointers must fit `ptrdiff_t`).
const BYTES_MAX: usize = isize::MAX as usize - (1 << 20);

static CENTRAL: Central = Central::new();

/// Memory as asked for, aligned to 16, or null. A request for 0 bytes gets an object too.
#[inline]
pub fn allocate(bytes: usize) -> *mut u8 {
    if bytes > SMALL_MAX {
        return allocate_large(bytes).0;
    }
    let class = class_of(bytes);
    let host = rt::host();
    let object = match cache(rt::thread()) {
        Some(cache) => cache.take(host, &CENTRAL, class),
        None => None,
    };
    let Some(object) = object else { return null_mut() };
    // SAFETY: a free slot has a header. A chain that a write after `free` has torn shows here.
    unsafe {
        let header = Header::read(object);
        if header.state(object as usize) != Some(State::Free) {
            stop("malloc: the heap is corrupt (write after free or past the end)");
        }
        header.with_state(State::Live).write(object);
    }
    object
}

/// Like [`allocate`], with all bytes zero.
pub fn allocate_zeroed(bytes: usize) -> *mut u8 {
    let (object, is_zero) = if bytes > SMALL_MAX { allocate_large(bytes) } else { (allocate(bytes), false) };
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
    if align > Header::DISTANCE_MAX / 2 || bytes > BYTES_MAX - align {
        return null_mut();
    }
    // Objects are aligned to 16, so the aligned address is at most `align - 16` further on.
    let object = allocate(bytes + align - ALIGN);
    let address = (object as usize).next_multiple_of(align);
    if object.is_null() || address == object as usize {
        return object;
    }
    // SAFETY: `address` is at least 16 bytes into an object that reaches `bytes` further.
    unsafe {
        let header = Header::read(object);
        let aligned = object.add(address - object as usize);
        let span = header.span(object as usize);
        Header::new(address, span, header.class(), State::Aligned).write(aligned);
        aligned
    }
}

/// Frees an object; null is none.
///
/// # Safety
/// `object` is null or came from here and is not in use.
#[inline]
pub unsafe fn release(object: *mut u8) {
    if object.is_null() {
        return;
    }
    // SAFETY: caller contract.
    unsafe {
        let (object, header) = checked(object, "free");
        if header.class() == WHOLE {
            release_large(object, header);
            return;
        }
        header.with_state(State::Free).write(object);
        let class = usize::from(header.class());
        match cache(rt::thread()) {
            Some(cache) => cache.keep(rt::host(), &CENTRAL, class, object),
            None => release_to_central(class, object),
        }
    }
}

/// Frees an object without a look at the calling thread's block: for that block itself.
///
/// # Safety
/// As for [`release`].
pub unsafe fn release_without_thread(object: *mut u8) {
    // SAFETY: caller contract.
    unsafe {
        let (object, header) = checked(object, "free");
        if header.class() == WHOLE {
            release_large(object, header);
        } else {
            header.with_state(State::Free).write(object);
            release_to_central(usize::from(header.class()), object);
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
        let (start, header) = checked(object, "realloc");
        let room = usable(object);
        // In place, unless that kept more than half of a large object unused.
        if bytes <= room && (bytes >= room / 2 || room <= 128) {
            return object;
        }
        if header.class() == WHOLE && start == object && bytes > SMALL_MAX {
            let resized = resize_large(object, header, bytes);
            if !resized.is_null() {
                return resized;
            }
        }
        let target = allocate(bytes);
        if target.is_null() {
            // A smaller object always fits where it is.
            return if bytes <= room { object } else { null_mut() };
        }
        target.copy_from_nonoverlapping(object, bytes.min(room));
        release(object);
        target
    }
}

/// Bytes that an object really has.
///
/// # Safety
/// `object` is null or came from here and is in use.
pub unsafe fn usable(object: *mut u8) -> usize {
    if object.is_null() {
        return 0;
    }
    // SAFETY: caller contract.
    unsafe {
        let (start, header) = checked(object, "malloc_usable_size");
        let offset = object as usize - start as usize;
        if header.class() != WHOLE {
            return slot_bytes(usize::from(header.class())) - HEADER - offset;
        }
        let span = header.span(start as usize) as *mut Span;
        match (*span).purpose {
            Use::Mapped => (*span).free - MAPPED_START - offset,
            _ => (*span).bytes() - ALIGN - offset,
        }
    }
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

/// The calling thread's cache; made at the first request, `None` when there is no memory for it.
#[inline]
fn cache(thread: &Thread) -> Option<&'static mut Cache> {
    let cache = thread.heap.get() as *mut Cache;
    if cache.is_null() {
        return new_cache(thread);
    }
    // SAFETY: the slot holds the thread's cache; requests of one thread do not nest, so this is the only reference.
    Some(unsafe { &mut *cache })
}

#[cold]
fn new_cache(thread: &Thread) -> Option<&'static mut Cache> {
    let cache = CENTRAL.take(rt::host(), class_of(size_of::<Cache>()), 1).pop()?;
    // SAFETY: a free slot of at least that size.
    unsafe {
        Header::read(cache).with_state(State::Live).write(cache);
        cache.cast::<Cache>().write(Cache::EMPTY);
        thread.heap.set(cache as usize);
        Some(&mut *cache.cast())
    }
}

/// The start of the object that `object` is in, and that object's header. Stops the process when it is not a live object.
///
/// # Safety
/// `object` came from here, else the process may stop in a rougher way.
#[inline]
unsafe fn checked(object: *mut u8, caller: &str) -> (*mut u8, Header) {
    if !(object as usize).is_multiple_of(ALIGN) {
        stop_at(caller, "invalid pointer");
    }
    // SAFETY: caller contract.
    unsafe {
        let header = Header::read(object);
        match header.state(object as usize) {
            Some(State::Live) => (object, header),
            Some(State::Aligned) => {
                let start = start_of(object, header);
                (start, Header::read(start))
            }
            Some(State::Free) => stop_at(caller, "double free"),
            None => stop_at(caller, "invalid pointer"),
        }
    }
}

/// The object that an aligned one lies in.
///
/// # Safety
/// `header` is that of the live object `object`.
#[cold]
unsafe fn start_of(object: *mut u8, header: Header) -> *mut u8 {
    // SAFETY: caller contract.
    unsafe {
        let span = header.span(object as usize) as *mut Span;
        let start = match (*span).purpose {
            Use::Slab => {
                let slot = slot_bytes(usize::from(header.class()));
                let first = (*span).start + ALIGN;
                first + (object as usize - first) / slot * slot
            }
            Use::Mapped => (*span).start + MAPPED_START,
            _ => (*span).start + ALIGN,
        };
        object.sub(object as usize - start)
    }
}

/// # Safety
/// `object` is a free slot of this class.
#[cold]
unsafe fn release_to_central(class: usize, object: *mut u8) {
    let mut chain = central::Chain::EMPTY;
    // SAFETY: caller contract.
    unsafe {
        chain.push(object);
        CENTRAL.give_back(rt::host(), class, &mut chain, 1);
    }
}

/// An object with a span or a mapping of its own, and whether its bytes are zero.
#[cold]
fn allocate_large(bytes: usize) -> (*mut u8, bool) {
    let host = rt::host();
    if bytes > BYTES_MAX {
        return (null_mut(), false);
    }
    if bytes > SPAN_OBJECT_MAX {
        return (allocate_mapped(host, bytes), true);
    }
    let span = CENTRAL.pages.with(host, |pages| pages.take(host, (bytes + ALIGN).div_ceil(UNIT)));
    if span.is_null() {
        return (null_mut(), false);
    }
    // SAFETY: a span just taken; its table is before it, so the object lies in its memory and after its descriptor.
    unsafe {
        (*span).purpose = Use::Object;
        let object = ((*span).start + ALIGN) as *mut u8;
        Header::new(object as usize, span as usize, WHOLE, State::Live).write(object);
        (object, false)
    }
}

fn allocate_mapped(host: &impl Platform, bytes: usize) -> *mut u8 {
    let length = rt::whole_pages(bytes + MAPPED_START);
    let Some(address) = pages::map(host, length) else { return null_mut() };
    // SAFETY: fresh memory of that length; zero bytes are a valid descriptor.
    unsafe {
        let span = address as *mut Span;
        (*span).start = address;
        (*span).free = length;
        (*span).purpose = Use::Mapped;
        let object = (address + MAPPED_START) as *mut u8;
        Header::new(object as usize, address, WHOLE, State::Live).write(object);
        object
    }
}

/// # Safety
/// `object` is the start of a live object with this header and a span of its own.
#[cold]
unsafe fn release_large(object: *mut u8, header: Header) {
    let host = rt::host();
    let span = header.span(object as usize) as *mut Span;
    // SAFETY: caller contract.
    unsafe {
        header.with_state(State::Free).write(object);
        if (*span).purpose == Use::Mapped {
            let _ = host.unmap((*span).start, (*span).free);
        } else {
            CENTRAL.pages.with(host, |pages| pages.give_back(host, span));
        }
    }
}

/// Changes the length of a span or mapping; null when that is not possible.
///
/// # Safety
/// As for [`release_large`].
unsafe fn resize_large(object: *mut u8, header: Header, bytes: usize) -> *mut u8 {
    let host = rt::host();
    let span = header.span(object as usize) as *mut Span;
    // SAFETY: caller contract; a moved mapping keeps its content, so the descriptor moved with it.
    unsafe {
        if (*span).purpose != Use::Mapped {
            let fits = bytes <= SPAN_OBJECT_MAX
                && CENTRAL.pages.with(host, |pages| pages.resize(span, (bytes + ALIGN).div_ceil(UNIT)));
            return if fits { object } else { null_mut() };
        }
        if bytes <= SPAN_OBJECT_MAX / 2 || bytes > BYTES_MAX {
            return null_mut();
        }
        let length = rt::whole_pages(bytes + MAPPED_START);
        let moved = host.remap((*span).start, (*span).free, length, mapping::REMAP_MAY_MOVE, 0);
        let Ok(address) = moved else { return null_mut() };
        let span = address as *mut Span;
        (*span).start = address;
        (*span).free = length;
        let object = (address + MAPPED_START) as *mut u8;
        Header::new(object as usize, address, WHOLE, State::Live).write(object);
        object
    }
}

#[cold]
fn stop_at(caller: &str, problem: &str) -> ! {
    rt::fatal(&[caller, ": ", problem])
}

#[cold]
fn stop(problem: &str) -> ! {
    rt::fatal(&[problem])
}

#[cfg(test)]
mod tests;
