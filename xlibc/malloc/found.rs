//! An object that a program gives back or asks about: everything that is known of it is verified before it is used.

use super::classes::{ALIGN, CLASSES, slot_bytes, slot_room};
use super::header::{Header, MAPPED, SLACK_MAX, State, WHOLE};
use super::mapped::Mapping;
use super::misuse::{corrupt, stop_at};
use super::pages::{Span, Use};

/// An object in use.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub object: *mut u8,
    pub header: Header,
    /// What the program was given, or the start of the slot or span that it lies in.
    pub start: *mut u8,
    /// Bytes that it has.
    pub room: usize,
    /// Bytes that may be used: those asked for, or all.
    pub wanted: usize,
}

/// Finds the object, or stops the process when there is none at this address.
///
/// # Safety
/// `object` came from here, else the process may stop in a rougher way.
#[inline]
pub(super) unsafe fn find(object: *mut u8, caller: &str) -> Found {
    if !(object as usize).is_multiple_of(ALIGN) {
        stop_at(caller, "invalid pointer");
    }
    // SAFETY: caller contract.
    unsafe {
        let header = Header::read(object);
        if !is_live_slot(object, header) {
            return find_other(object, header, caller);
        }
        let room = slot_room(header.class());
        Found { object, header, start: object, room, wanted: room - header.slack() }
    }
}

/// The header of a live object at the start of a slot, with its canary as it was written; `None` for all else.
///
/// # Safety
/// As for `find`, or null.
#[inline(always)]
pub(super) unsafe fn slot_header(object: *mut u8) -> Option<Header> {
    if object.is_null() || !(object as usize).is_multiple_of(ALIGN) {
        return None;
    }
    // SAFETY: caller contract.
    unsafe {
        let header = Header::read(object);
        is_live_slot(object, header).then_some(header)
    }
}

/// # Safety
/// `header` is that of `object`, as it was read.
#[inline(always)]
unsafe fn is_live_slot(object: *mut u8, header: Header) -> bool {
    if !header.is(State::Live) || header.class() >= CLASSES {
        return false;
    }
    let (room, slack) = (slot_room(header.class()), header.slack());
    // SAFETY: a header that is right tells of a slot with that room.
    slack == 0 || slack <= room && unsafe { object.add(room - slack).read() } == header.canary()
}

/// The same for all but objects at the start of a slot.
///
/// # Safety
/// As for `find`; `header` is that of the object, as it was read.
#[cold]
unsafe fn find_other(object: *mut u8, header: Header, caller: &str) -> Found {
    let is_aligned = match header.state() {
        Some(State::Live) => false,
        Some(State::Aligned) => true,
        Some(State::Free) if caller == "free" => stop_at(caller, "double free"),
        Some(State::Free) => stop_at(caller, "the object was freed"),
        Some(State::Carrier) | None => stop_at(caller, "invalid pointer"),
    };
    // SAFETY: caller contract; a header that is right leads to the descriptor.
    unsafe {
        let (start, room, wanted) = match header.class() {
            MAPPED => {
                let mapping = Mapping::of(object, header);
                (object, Mapping::room(mapping), (*mapping).wanted)
            }
            WHOLE => {
                let span = header.descriptor(object) as *mut Span;
                if (*span).purpose != Use::Object {
                    corrupt("damaged span");
                }
                let start = ((*span).start + ALIGN) as *mut u8;
                let room = ((*span).start + (*span).bytes()).saturating_sub(object as usize);
                (start, room, (*span).wanted)
            }
            class => {
                let span = header.descriptor(object) as *mut Span;
                if class >= CLASSES || (*span).purpose != Use::Slab || usize::from((*span).class) != class {
                    corrupt("damaged slab");
                }
                let first = (*span).start + ALIGN;
                let slot = (object as usize).saturating_sub(first) as u32 / slot_bytes(class) as u32;
                let start = first + slot as usize * slot_bytes(class);
                let room = (start + slot_room(class)).saturating_sub(object as usize);
                (start as *mut u8, room, room.wrapping_sub(header.slack()))
            }
        };
        let is_right = if is_aligned {
            let carrier = Header::read(start);
            start < object
                && carrier.is(State::Carrier)
                && carrier.class() == header.class()
                && carrier.descriptor(start) == header.descriptor(object)
        } else {
            start == object
        };
        if !is_right {
            corrupt("damaged object");
        }
        // More slack than room, which nobody wrote, wraps to a `wanted` above it.
        if wanted > room || wanted < room && object.add(wanted).read() != header.canary() {
            stop_at(caller, "write past the end of the object");
        }
        Found { object, header, start, room, wanted }
    }
}

impl Found {
    /// Notes how many bytes are asked for now: at most those that it has.
    ///
    /// # Safety
    /// The object is in use, and `bytes <= self.room`.
    #[inline]
    pub(super) unsafe fn set_wanted(&self, bytes: usize) {
        // SAFETY: caller contract; `find` saw that the header leads to the descriptor.
        unsafe {
            let mut wanted = bytes;
            match self.header.class() {
                MAPPED => (*Mapping::of(self.object, self.header)).wanted = bytes,
                WHOLE => (*(self.header.descriptor(self.object) as *mut Span)).wanted = bytes,
                _ => {
                    let slack = (self.room - bytes).min(SLACK_MAX);
                    wanted = self.room - slack;
                    let state = if self.start == self.object { State::Live } else { State::Aligned };
                    self.header.turned(state, state, slack).write(self.object);
                }
            }
            if wanted < self.room {
                self.object.add(wanted).write(self.header.canary());
            }
        }
    }
}
