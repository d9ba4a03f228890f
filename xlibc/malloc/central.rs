//! Slabs of each class, shared by all threads.

use core::ptr::null_mut;

use platform::Platform;

use super::classes::{ALIGN, CLASSES, slab_slots, slab_units, slot_bytes};
use super::header::{Header, State};
use super::misuse::corrupt;
use super::pages::{List, Pages, Span, Use};
use super::{keys, mapped};
use crate::sync::Locked;

/// The slabs of one class.
struct Bin {
    /// Slabs with a slot to give.
    open: List,
    /// How many of them have no slot in use.
    empty: usize,
}

// SAFETY: the pointers lead to memory of the heap, which any thread may hold.
unsafe impl Send for Bin {}

/// Slots in a chain: each free object starts with the hidden address of the next.
pub(super) struct Chain {
    pub head: *mut u8,
    pub count: u32,
}

impl Chain {
    pub(super) const EMPTY: Self = Self { head: null_mut(), count: 0 };

    /// # Safety
    /// `object` is a free slot of the chain's class.
    #[inline]
    pub(super) unsafe fn push(&mut self, object: *mut u8) {
        // SAFETY: caller contract.
        unsafe { push(&mut self.head, object) };
        self.count += 1;
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<*mut u8> {
        if self.head.is_null() {
            return None;
        }
        self.count = self.count.wrapping_sub(1);
        // SAFETY: members are free slots.
        Some(unsafe { pop(&mut self.head) })
    }
}

/// # Safety
/// `object` is a free slot, `head` null or one.
#[inline]
unsafe fn push(head: &mut *mut u8, object: *mut u8) {
    // SAFETY: caller contract: free slots have room for a pointer.
    unsafe { object.cast::<u64>().write(keys::hide(*head, object)) };
    *head = object;
}

/// # Safety
/// `head` is the address of a free slot.
#[inline]
unsafe fn pop(head: &mut *mut u8) -> *mut u8 {
    let object = *head;
    // SAFETY: caller contract: free slots start with the hidden address of the next.
    match keys::reveal(unsafe { object.cast::<u64>().read() }, object) {
        Some(next) => *head = next,
        None => corrupt("write after free"),
    }
    object
}

/// All memory of the allocator that no thread keeps to itself.
pub(super) struct Central {
    bins: [Locked<Bin>; CLASSES],
    pub pages: Locked<Pages>,
}

impl Central {
    pub(super) const fn new() -> Self {
        Self {
            bins: [const { Locked::new(Bin { open: List::EMPTY, empty: 0 }) }; CLASSES],
            pages: Locked::new(Pages::EMPTY),
        }
    }

    /// Up to `count` free slots; none when the host has no memory.
    pub(super) fn take(&self, host: &impl Platform, class: usize, count: u32) -> Chain {
        let Some(bin) = self.bins.get(class) else { return Chain::EMPTY };
        bin.with(host, |bin| {
            let mut chain = Chain::EMPTY;
            while chain.count < count {
                if bin.open.head().is_null() && (chain.count > 0 || !self.open_slab(host, class, bin)) {
                    break;
                }
                // SAFETY: open slabs belong to the bin, whose lock is held.
                unsafe { take_from(bin, class, &mut chain, count) };
            }
            chain
        })
    }

    /// Takes back `count` slots of the chain.
    ///
    /// # Safety
    /// The chain's slots are of this class and in no use.
    pub(super) unsafe fn give_back(&self, host: &impl Platform, class: usize, chain: &mut Chain, count: u32) {
        let Some(bin) = self.bins.get(class) else { return };
        bin.with(host, |bin| {
            for _ in 0..count {
                let Some(object) = chain.pop() else { break };
                // SAFETY: caller contract: the header of a slot leads to its slab.
                unsafe {
                    let header = Header::read(object);
                    if !header.is(State::Free) || header.class() != class {
                        corrupt("write after free");
                    }
                    let slab = header.descriptor(object) as *mut Span;
                    if (*slab).purpose != Use::Slab || usize::from((*slab).class) != class || (*slab).used == 0 {
                        corrupt("damaged slab");
                    }
                    self.put(host, class, bin, slab, object);
                }
            }
        });
        mapped::decay(host);
    }

    /// Takes back a slot that no chain holds.
    ///
    /// # Safety
    /// `object` is a free slot of this class.
    #[cold]
    pub(super) unsafe fn give_back_one(&self, host: &impl Platform, class: usize, object: *mut u8) {
        let mut chain = Chain::EMPTY;
        // SAFETY: caller contract.
        unsafe {
            chain.push(object);
            self.give_back(host, class, &mut chain, 1);
        }
    }

    /// Maps a new slab; false when the host has no memory.
    fn open_slab(&self, host: &impl Platform, class: usize, bin: &mut Bin) -> bool {
        let slab = self.pages.with(host, |pages| pages.take(host, slab_units(class)));
        if slab.is_null() {
            return false;
        }
        // SAFETY: a span just taken, which nobody else knows.
        unsafe {
            (*slab).purpose = Use::Slab;
            (*slab).class = class as u8;
            (*slab).free = null_mut();
            (*slab).fresh = 0;
            (*slab).used = 0;
            bin.open.push(slab);
        }
        bin.empty += 1;
        true
    }

    /// # Safety
    /// `object` is a free slot of `slab`, which belongs to the bin.
    unsafe fn put(&self, host: &impl Platform, class: usize, bin: &mut Bin, slab: *mut Span, object: *mut u8) {
        // SAFETY: caller contract; the bin's lock is held.
        unsafe {
            if (*slab).used as usize == slab_slots(class) {
                bin.open.push(slab);
            }
            push(&mut (*slab).free, object);
            (*slab).used -= 1;
            if (*slab).used == 0 {
                // One empty slab stays: a program that frees and takes in turns would map and unmap.
                if bin.empty > 0 {
                    bin.open.remove(slab);
                    self.pages.with(host, |pages| pages.give_back(host, slab));
                } else {
                    bin.empty += 1;
                }
            }
        }
    }
}

/// Moves slots of the first open slab to the chain, until that has `count`; a slab without a slot left is no longer open.
///
/// # Safety
/// The bin's lock is held, and it has an open slab.
unsafe fn take_from(bin: &mut Bin, class: usize, chain: &mut Chain, count: u32) {
    let slab = bin.open.head();
    // SAFETY: caller contract; slot numbers stay below the number of slots.
    unsafe {
        if (*slab).used == 0 {
            bin.empty -= 1;
        }
        while chain.count < count {
            let object = if !(*slab).free.is_null() {
                pop(&mut (*slab).free)
            } else if ((*slab).fresh as usize) < slab_slots(class) {
                let object = ((*slab).start + ALIGN + (*slab).fresh as usize * slot_bytes(class)) as *mut u8;
                (*slab).fresh += 1;
                Header::new(object, slab as usize, class, State::Free, 0).write(object);
                object
            } else {
                bin.open.remove(slab);
                return;
            };
            (*slab).used += 1;
            chain.push(object);
        }
        if (*slab).used as usize == slab_slots(class) {
            bin.open.remove(slab);
        }
    }
}
