//! Memory straight from the host: regions, and objects in mappings of their own.

use core::sync::atomic::{AtomicUsize, Ordering};

use platform::{Map, Platform, abi};

use super::classes::{ALIGN, SPAN_OBJECT_GROWN_MAX};
use super::header::{Header, MAPPED, State};
use super::kept::{self, Block, Fit, Kept};
use super::keys;
use super::misuse::corrupt;
use crate::rt;
use crate::sync::Locked;

static KEPT: Locked<Kept> = Locked::new(Kept::EMPTY);
/// How many blocks are kept, for a look without the lock.
static KEPT_COUNT: AtomicUsize = AtomicUsize::new(0);

/// At least `length` bytes, whole pages, and at most `spare` more; and whether they are zero.
pub(super) fn take(host: &impl Platform, length: usize, spare: usize, fit: Fit) -> Option<(Block, bool)> {
    if let Some(block) = with_kept(host, |kept| kept.take(length, spare, fit)) {
        return Some((block, false));
    }
    keys::make(host);
    let address = map(host, length).or_else(|| {
        // Address space is short: what is kept may be what is missing.
        if !give_all_back(host) {
            return None;
        }
        map(host, length)
    })?;
    Some((Block { address, length }, true))
}

/// Keeps a block for the next `take`, or gives it to the host. `marked` is null or an object in it, whose first bytes are to
/// tell of writes after `free`.
///
/// # Safety
/// The block came from `take`, and nobody uses it.
pub(super) unsafe fn keep(host: &impl Platform, block: Block, marked: *mut u8) {
    if block.length > kept::BLOCK {
        unmap(host, block);
        return;
    }
    let now_ns = now_ns(host);
    // SAFETY: caller contract.
    while let Some(old) = with_kept(host, |kept| unsafe { kept.keep(block, marked, now_ns) }) {
        unmap(host, old);
    }
    decay_at(host, now_ns);
}

/// Gives back what was kept long enough.
#[inline]
pub(super) fn decay(host: &impl Platform) {
    if KEPT_COUNT.load(Ordering::Relaxed) > 0 {
        decay_at(host, now_ns(host));
    }
}

#[cold]
fn decay_at(host: &impl Platform, now_ns: u64) {
    while let Some(old) = with_kept(host, |kept| kept.expired(now_ns)) {
        unmap(host, old);
    }
}

/// Gives back all that is kept; false when that was nothing.
fn give_all_back(host: &impl Platform) -> bool {
    let mut some = false;
    while let Some(old) = with_kept(host, Kept::oldest) {
        unmap(host, old);
        some = true;
    }
    some
}

fn with_kept<R>(host: &impl Platform, work: impl FnOnce(&mut Kept) -> R) -> R {
    KEPT.with(host, |kept| {
        let result = work(kept);
        KEPT_COUNT.store(kept.count(), Ordering::Relaxed);
        result
    })
}

/// A time in nanoseconds; 0 where the host has no clock, and then nothing expires.
fn now_ns(host: &impl Platform) -> u64 {
    let time = host.clock(abi::clock::MONOTONIC_COARSE).unwrap_or_default();
    (time.seconds as u64).wrapping_mul(1_000_000_000).wrapping_add(time.nanoseconds as u64)
}

fn map(host: &impl Platform, length: usize) -> Option<usize> {
    let request = Map {
        address: 0,
        length,
        protection: abi::protection::READ | abi::protection::WRITE,
        flags: abi::mapping::PRIVATE | abi::mapping::ANONYMOUS,
        fd: -1,
        offset: 0,
    };
    host.map(request).ok()
}

fn unmap(host: &impl Platform, block: Block) {
    // A host that does not take it back leaves it mapped, which harms nobody.
    let _ = host.unmap(block.address, block.length);
}

/// Descriptor of an object's own mapping, right before its header.
#[repr(C)]
pub(super) struct Mapping {
    block: Block,
    /// Bytes asked for.
    pub wanted: usize,
    /// Ties the block to this place and the secret: it says what is unmapped.
    seal: u64,
    unused: [u64; 2],
}

/// From the descriptor to the object.
const START: usize = size_of::<Mapping>() + ALIGN;
const _: () = assert!(START == 64);

impl Mapping {
    fn seal_of(at: usize, block: Block) -> u64 {
        keys::mix(keys::mix(at, block.address as u64) as usize, block.length as u64)
    }

    /// The descriptor of a live object of class [`MAPPED`].
    ///
    /// # Safety
    /// `header` is that of `object`, and right.
    pub(super) unsafe fn of(object: *mut u8, header: Header) -> *mut Self {
        let mapping = header.descriptor(object) as *mut Self;
        // SAFETY: caller contract: a header that is right leads to the descriptor.
        let (seal, block) = unsafe { ((*mapping).seal, (*mapping).block) };
        if seal != Self::seal_of(mapping as usize, block) {
            corrupt("damaged descriptor");
        }
        mapping
    }

    /// Bytes from the object to the mapping's end.
    ///
    /// # Safety
    /// `mapping` came from `of`.
    pub(super) unsafe fn room(mapping: *mut Self) -> usize {
        // SAFETY: caller contract.
        let block = unsafe { (*mapping).block };
        block.address + block.length - (mapping as usize + START)
    }
}

/// An object at a multiple of `align`, and whether its bytes are zero.
pub(super) fn allocate(host: &impl Platform, align: usize, bytes: usize, fit: Fit) -> Option<(*mut u8, bool)> {
    let length = rt::whole_pages(bytes + START + (align - ALIGN));
    let (block, is_zero) = take(host, length, length / 4, fit)?;
    let object = (block.address + START).next_multiple_of(align);
    // SAFETY: fresh memory, in which the object has that many bytes and `START` before it.
    Some((unsafe { lay(block, object, bytes) }, is_zero))
}

/// Makes an object in a block.
///
/// # Safety
/// Nobody else uses the block; the object is aligned and lies in it, at least `START` bytes behind its beginning.
unsafe fn lay(block: Block, object: usize, wanted: usize) -> *mut u8 {
    let mapping = (object - START) as *mut Mapping;
    let seal = Mapping::seal_of(mapping as usize, block);
    let object = object as *mut u8;
    // SAFETY: caller contract.
    unsafe {
        mapping.write(Mapping { block, wanted, seal, unused: [0; 2] });
        let header = Header::new(object, mapping as usize, MAPPED, State::Live, 0);
        header.write(object);
        if Mapping::room(mapping) > wanted {
            object.add(wanted).write(header.canary());
        }
    }
    object
}

/// # Safety
/// `object` is a live object of class [`MAPPED`] with this header.
pub(super) unsafe fn release(host: &impl Platform, object: *mut u8, header: Header) {
    // SAFETY: caller contract.
    unsafe {
        let block = (*Mapping::of(object, header)).block;
        header.turned(State::Live, State::Free, 0).write(object);
        keep(host, block, object);
    }
}

/// Changes the length of an object's mapping; null when that is not possible, and then the object is as it was. What it gives
/// up is kept, and what is kept behind it is where it grows first.
///
/// # Safety
/// As for `release`.
pub(super) unsafe fn resize(host: &impl Platform, object: *mut u8, header: Header, bytes: usize) -> *mut u8 {
    if bytes <= SPAN_OBJECT_GROWN_MAX / 2 {
        return core::ptr::null_mut();
    }
    // SAFETY: caller contract; a moved mapping keeps its content.
    unsafe {
        let old = (*Mapping::of(object, header)).block;
        let before = object as usize - old.address;
        let length = rt::whole_pages(before + bytes);
        if length <= old.length {
            let rest = Block { address: old.address + length, length: old.length - length };
            let object = lay(Block { length, ..old }, object as usize, bytes);
            if rest.length > 0 {
                keep(host, rest, core::ptr::null_mut());
            }
            return object;
        }
        // More than asked for, so that what grows by small steps does not move at each.
        let spare = rt::whole_pages(bytes / 4);
        let behind = with_kept(host, |kept| kept.take_at(old.address + old.length, length - old.length, spare));
        if let Some(more) = behind {
            return lay(Block { length: old.length + more.length, ..old }, object as usize, bytes);
        }
        for length in [length + spare, length] {
            let moved = host.remap(old.address, old.length, length, abi::mapping::REMAP_MAY_MOVE, 0);
            if let Ok(address) = moved {
                return lay(Block { address, length }, address + before, bytes);
            }
        }
    }
    core::ptr::null_mut()
}
