//! Regions of memory from the host, cut into spans of whole units: slabs of equal slots, or one large object each.

use core::ptr::null_mut;

use platform::Platform;

use super::classes::UNIT;
use super::kept::{Block, Fit};
use super::mapped;
use super::misuse::corrupt;
use crate::rt;

/// Units of a region, its descriptors included: those fill the first unit exactly.
const REGION_UNITS: usize = UNIT / size_of::<Span>();
/// The first region is small: most programs need no second one, and some hosts charge for all that is mapped.
const FIRST_UNITS: usize = REGION_UNITS / 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Use {
    /// In no use: descriptors of inner units and of the region itself.
    None = 0,
    /// In a free list of [`Pages`].
    Free,
    /// Equal slots.
    Slab,
    /// One object.
    Object,
}

/// Descriptor of a run of units. It lies in the table at the start of the region, at the place of the run's first unit.
#[repr(C, align(64))]
pub(super) struct Span {
    /// Neighbours in the list that the span is in.
    pub next: *mut Span,
    pub previous: *mut Span,
    /// Address of the first byte.
    pub start: usize,
    /// `Slab`: slots that came back.
    pub free: *mut u8,
    /// Length in units; holds for the first and the last unit of a free span.
    units: u32,
    /// Number of this unit in the region.
    index: u32,
    /// `Slab`: slots never handed out yet start at this number.
    pub fresh: u32,
    /// `Slab`: slots handed out.
    pub used: u32,
    pub class: u8,
    pub purpose: Use,
    /// `Object`: bytes asked for.
    pub wanted: usize,
}

const _: () = assert!(size_of::<Span>() == 64);

impl Span {
    pub(super) fn bytes(&self) -> usize {
        self.units as usize * UNIT
    }
}

/// At the place of the descriptor of unit 0, which is the table itself.
#[repr(C)]
struct Region {
    units: usize,
    used_units: usize,
    /// The memory as it came from the host.
    block: Block,
}

/// Doubly linked list of spans.
pub(super) struct List {
    head: *mut Span,
}

impl List {
    pub(super) const EMPTY: Self = Self { head: null_mut() };

    pub(super) fn head(&self) -> *mut Span {
        self.head
    }

    /// # Safety
    /// `span` is a valid descriptor in no list.
    pub(super) unsafe fn push(&mut self, span: *mut Span) {
        // SAFETY: caller contract; list members are valid descriptors.
        unsafe {
            (*span).next = self.head;
            (*span).previous = null_mut();
            if !self.head.is_null() {
                if !(*self.head).previous.is_null() {
                    corrupt("damaged list");
                }
                (*self.head).previous = span;
            }
        }
        self.head = span;
    }

    /// # Safety
    /// `span` is in this list.
    pub(super) unsafe fn remove(&mut self, span: *mut Span) {
        // SAFETY: caller contract; list members are valid descriptors.
        unsafe {
            let (next, previous) = ((*span).next, (*span).previous);
            let is_first = self.head == span && previous.is_null();
            let follows = !previous.is_null() && (*previous).next == span;
            let is_followed = next.is_null() || (*next).previous == span;
            if !(is_first || follows) || !is_followed {
                corrupt("damaged list");
            }
            if previous.is_null() {
                self.head = next;
            } else {
                (*previous).next = next;
            }
            if !next.is_null() {
                (*next).previous = previous;
            }
        }
    }
}

/// All regions.
pub(super) struct Pages {
    /// Free spans by length in units.
    lists: [List; REGION_UNITS],
    /// Which lists have members.
    members: [u64; REGION_UNITS / 64],
    /// Regions mapped so far, as far as it matters: none, some.
    started: bool,
    /// Regions without a used unit.
    empty_regions: usize,
}

// SAFETY: the pointers lead to memory of the heap, which any thread may hold.
unsafe impl Send for Pages {}

impl Pages {
    pub(super) const EMPTY: Self = Self {
        lists: [const { List::EMPTY }; REGION_UNITS],
        members: [0; REGION_UNITS / 64],
        started: false,
        empty_regions: 0,
    };

    pub(super) fn take(&mut self, host: &impl Platform, units: usize) -> *mut Span {
        let mut span = self.find(units);
        if span.is_null() {
            if !self.grow(host, units) {
                return null_mut();
            }
            span = self.find(units);
        }
        if span.is_null() {
            return span;
        }
        // SAFETY: a member of a free list is the descriptor of a free span.
        unsafe {
            self.unlink(span);
            let region = region_of(span);
            if (*region).used_units == 0 {
                self.empty_regions -= 1;
            }
            let old = (*span).units as usize;
            (*span.add(old - 1)).purpose = Use::None;
            if old > units {
                self.add_free(region, (*span).index as usize + units, old - units);
            }
            (*span).units = units as u32;
            (*span).purpose = Use::None;
            (*region).used_units += units;
        }
        span
    }

    /// Takes a span back, and joins it with free neighbours.
    ///
    /// # Safety
    /// `span` came from `take` and nothing uses its memory.
    pub(super) unsafe fn give_back(&mut self, host: &impl Platform, span: *mut Span) {
        // SAFETY: caller contract; indices stay inside the region's table.
        unsafe {
            let region = region_of(span);
            (*region).used_units -= (*span).units as usize;
            let mut first = span;
            let mut units = (*span).units as usize;
            let index = (*span).index as usize;
            (*span).purpose = Use::None;
            let after = span.add(units);
            if index + units < (*region).units && (*after).purpose == Use::Free {
                self.unlink(after);
                units += (*after).units as usize;
                (*after).purpose = Use::None;
            }
            // The last unit of a free span knows its length too. Unit 0 is the table and never free.
            let before = span.sub(1);
            if index > 1 && (*before).purpose == Use::Free {
                first = span.sub((*before).units as usize);
                units += (*before).units as usize;
                (*before).purpose = Use::None;
                self.unlink(first);
            }
            if (*region).used_units == 0 {
                // One empty region stays, so that a program at the edge does not map and unmap in turns.
                if self.empty_regions > 0 {
                    mapped::keep(host, (*region).block, null_mut());
                    return;
                }
                self.empty_regions += 1;
            }
            self.add_free(region, (*first).index as usize, units);
        }
    }

    /// Makes a span longer or shorter where it is; false when what follows is in use.
    ///
    /// # Safety
    /// `span` came from `take`; memory past the new length is not used.
    pub(super) unsafe fn resize(&mut self, span: *mut Span, units: usize) -> bool {
        // SAFETY: caller contract; indices stay inside the region's table.
        unsafe {
            let region = region_of(span);
            let old = (*span).units as usize;
            let after = span.add(old);
            let has_after = (*span).index as usize + old < (*region).units && (*after).purpose == Use::Free;
            let room = if has_after { (*after).units as usize } else { 0 };
            if units > old + room {
                return false;
            }
            if has_after {
                self.unlink(after);
                (*after.add(room - 1)).purpose = Use::None;
                (*after).purpose = Use::None;
            }
            (*span).units = units as u32;
            (*region).used_units = (*region).used_units + units - old;
            if old + room > units {
                self.add_free(region, (*span).index as usize + units, old + room - units);
            }
            true
        }
    }

    /// The shortest free span of at least `units`, or null.
    fn find(&self, units: usize) -> *mut Span {
        let mut keep = u64::MAX << (units % 64);
        for word in units / 64..self.members.len() {
            let bits = self.members[word] & keep;
            if bits != 0 {
                return self.lists[word * 64 + bits.trailing_zeros() as usize].head();
            }
            keep = u64::MAX;
        }
        null_mut()
    }

    /// Gets another region; a smaller one where address space is short.
    fn grow(&mut self, host: &impl Platform, needed: usize) -> bool {
        let small = !self.started && needed < FIRST_UNITS;
        let mut units = if small { FIRST_UNITS } else { REGION_UNITS };
        let (block, is_zero) = loop {
            match mapped::take(host, rt::whole_pages(units * UNIT), 0, Fit::Shortest) {
                Some(taken) => break taken,
                None if units == needed + 1 => return false,
                None => units = (units / 2).max(needed + 1),
            }
        };
        self.started = true;
        self.empty_regions += 1;
        let region = block.address as *mut Region;
        // SAFETY: memory of `units` units, aligned to a page; the table of at most 256 descriptors fits into the first.
        unsafe {
            if !is_zero {
                region.cast::<u8>().write_bytes(0, UNIT);
            }
            (*region).units = units;
            (*region).block = block;
            self.add_free(region, 1, units - 1);
        }
        true
    }

    /// Describes `units` units from number `index` on as a free span. Only its first and last descriptor are written, so that
    /// the table's pages are touched as the units get used.
    ///
    /// # Safety
    /// The units belong to the region, are in no use, and their descriptors' purpose is not `Free`.
    unsafe fn add_free(&mut self, region: *mut Region, index: usize, units: usize) {
        // SAFETY: caller contract; the table starts the region.
        unsafe {
            let span = region.cast::<Span>().add(index);
            let last = span.add(units - 1);
            (*last).units = units as u32;
            (*last).purpose = Use::Free;
            (*span).units = units as u32;
            (*span).index = index as u32;
            (*span).start = region as usize + index * UNIT;
            (*span).purpose = Use::Free;
            self.lists[units].push(span);
        }
        self.members[units / 64] |= 1 << (units % 64);
    }

    /// # Safety
    /// `span` is in a free list.
    unsafe fn unlink(&mut self, span: *mut Span) {
        // SAFETY: caller contract.
        unsafe {
            let units = (*span).units as usize;
            self.lists[units].remove(span);
            if self.lists[units].head().is_null() {
                self.members[units / 64] &= !(1 << (units % 64));
            }
        }
    }
}

/// The region of a descriptor.
///
/// # Safety
/// `span` is the descriptor of a span in a region.
unsafe fn region_of(span: *mut Span) -> *mut Region {
    // SAFETY: caller contract: the table starts the region.
    unsafe { span.sub((*span).index as usize).cast() }
}
