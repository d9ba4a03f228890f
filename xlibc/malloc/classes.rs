//! Sizes: of slots and what a slab of each is made of, and which objects get a span or a mapping.

/// What spans are made of.
pub(super) const UNIT: usize = 16 * 1024;
/// Bytes of an object's header.
pub(super) const HEADER: usize = 8;
/// Alignment of every object: that of `max_align_t`.
pub(super) const ALIGN: usize = 16;
/// Number of classes.
pub(super) const CLASSES: usize = 41;
/// Largest request that a slot can serve.
pub(super) const SMALL_MAX: usize = SLOTS[CLASSES - 1] as usize - HEADER;

/// Objects above this size get a mapping of their own.
pub(super) const SPAN_OBJECT_MAX: usize = 64 * UNIT - ALIGN;
/// Objects that grow get one above this size: there they grow without a copy.
pub(super) const SPAN_OBJECT_GROWN_MAX: usize = 8 * UNIT - ALIGN;

/// Slot sizes with the header: steps of 16 up to 144, then four for each doubling. The 16 on top let the powers of two,
/// which programs like most, fit with their header.
pub(super) static SLOTS: [u32; CLASSES] = slots();

/// Class of the smallest slot of at least `16 * index` bytes.
static BY_SIZE: [u8; SLOTS_END] = by_size();
const SLOTS_END: usize = (32768 + 16) / ALIGN + 1;

const fn slots() -> [u32; CLASSES] {
    let mut slots = [0; CLASSES];
    let mut class = 0;
    while class < 9 {
        slots[class] = 16 * (class as u32 + 1);
        class += 1;
    }
    let mut power = 128;
    while class < CLASSES {
        let mut quarter = 5;
        while quarter <= 8 {
            slots[class] = power / 4 * quarter + 16;
            class += 1;
            quarter += 1;
        }
        power *= 2;
    }
    slots
}

const fn by_size() -> [u8; SLOTS_END] {
    let slots = slots();
    let mut classes = [0; SLOTS_END];
    let mut class = 0;
    let mut index = 0;
    while index < SLOTS_END {
        if index * ALIGN > slots[class] as usize {
            class += 1;
        }
        classes[index] = class as u8;
        index += 1;
    }
    classes
}

/// The class that serves a request of `bytes`, which is at most [`SMALL_MAX`].
#[inline]
pub(super) fn class_of(bytes: usize) -> usize {
    BY_SIZE.get((bytes + HEADER).div_ceil(ALIGN)).map_or(CLASSES - 1, |class| usize::from(*class))
}

/// Bytes of a slot.
#[inline]
pub(super) fn slot_bytes(class: usize) -> usize {
    SLOTS.get(class).map_or(SLOTS[CLASSES - 1], |slot| *slot) as usize
}

/// Units of a slab: few enough for programs with little data, enough for at most an eighth of waste.
pub(super) fn slab_units(class: usize) -> usize {
    match slot_bytes(class) {
        ..=528 => 1,
        529..=2064 => 2,
        2065..=8208 => 8,
        _ => 16,
    }
}

/// Slots of a slab. The first header lies 8 bytes into the slab, so 16 bytes are lost.
pub(super) fn slab_slots(class: usize) -> usize {
    (slab_units(class) * UNIT - ALIGN) / slot_bytes(class)
}

/// Bytes of an object in a slot, at most.
#[inline]
pub(super) fn slot_room(class: usize) -> usize {
    slot_bytes(class) - HEADER
}

/// Free slots of a class that one thread may keep: 32 KiB, within limits.
#[inline]
pub(super) fn cache_limit(class: usize) -> u32 {
    LIMITS.get(class).map_or(0, |limit| u32::from(*limit))
}

/// How many slots a thread takes at once: few enough that a program with little data touches few pages.
#[inline]
pub(super) fn cache_refill(class: usize) -> u32 {
    (cache_limit(class) / 2).min(64)
}

static LIMITS: [u16; CLASSES] = limits();

const fn limits() -> [u16; CLASSES] {
    let slots = slots();
    let mut limits = [0; CLASSES];
    let mut class = 0;
    while class < CLASSES {
        let fit = 32 * 1024 / slots[class];
        limits[class] = match fit {
            0..4 => 4,
            4..512 => fit as u16,
            _ => 512,
        };
        class += 1;
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_gets_the_smallest_slot_that_holds_it() {
        for bytes in 0..=SMALL_MAX {
            let class = class_of(bytes);
            assert!(slot_bytes(class) >= bytes + HEADER, "{bytes}");
            assert!(class == 0 || slot_bytes(class - 1) < bytes + HEADER, "{bytes}");
        }
    }

    #[test]
    fn slots_are_aligned_and_grow_by_at_most_a_quarter_after_64() {
        for class in 0..CLASSES {
            assert_eq!(slot_bytes(class) % ALIGN, 0);
            assert!(class == 0 || slot_bytes(class) > slot_bytes(class - 1));
            if class > 4 {
                assert!(slot_bytes(class) * 3 <= slot_bytes(class - 1) * 4);
            }
            let used = slab_slots(class) * slot_bytes(class);
            assert!(used * 8 >= slab_units(class) * UNIT * 7 - UNIT, "class {class}");
        }
        assert_eq!(SMALL_MAX, 32776);
    }
}
