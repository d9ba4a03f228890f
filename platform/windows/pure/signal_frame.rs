//! Where the frame of a signal handler lies.
//!
//! An exception's dispatcher, of Windows or Wine, keeps its record, the registers (512 to 2,696 bytes of them and more, by the
//! processor) and the frames of its functions below the stack pointer of the code that it interrupted, which is where a
//! handler's frame belongs as well. So nothing is written there before the dispatcher is done: the thread goes on at the
//! place that this file computes, with all of the stack below the interrupted code free again, and writes the frame itself.

use core::ops::Range;

/// Bytes below the stack pointer that compiled code may use without moving it (System V ABI for x86_64, 3.2.2).
const RED_ZONE: usize = 128;
/// Frame and area begin at multiples of this.
const ALIGNMENT: usize = 64;
/// Room below the frame for what the handler calls first.
const ROOM: usize = 8192;

/// Bytes of the area of FXSAVE.
pub const FXSAVE_BYTES: usize = 512;

/// Bytes of the area for the extended registers: XSAVE's with the features that the system enabled, or FXSAVE's where it did
/// not switch XSAVE on. `cpuid` answers EBX and ECX of a leaf.
pub fn save_bytes(cpuid: impl Fn(u32) -> (u32, u32)) -> usize {
    const OSXSAVE: u32 = 1 << 27;
    /// FXSAVE's part and XSAVE's header.
    const LEAST: usize = FXSAVE_BYTES + 64;
    if cpuid(1).1 & OSXSAVE == 0 {
        return FXSAVE_BYTES;
    }
    (cpuid(13).0 as usize).max(LEAST).next_multiple_of(ALIGNMENT)
}

/// A handler's frame with the area of the extended registers right above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Address of the frame: the stack pointer of the code that writes it.
    pub frame: usize,
    /// What must be writable for a handler to begin: frame, area and some room below.
    pub needed: Range<usize>,
}

/// The place for a frame of `frame_bytes` and an area of `area_bytes`, for a thread that was interrupted with its stack
/// pointer at `stack`. `alternate` is the stack that the handler asks for; a thread that is on it already goes on there.
/// `None` without room.
#[must_use]
pub fn place(stack: usize, alternate: Option<Range<usize>>, frame_bytes: usize, area_bytes: usize) -> Option<Place> {
    let (top, bottom) = match alternate {
        Some(other) if !(other.start < stack && stack <= other.end) => (other.end, other.start),
        Some(own) => (stack.checked_sub(RED_ZONE)?, own.start),
        None => (stack.checked_sub(RED_ZONE)?, 0),
    };
    let frame_bytes = frame_bytes.checked_next_multiple_of(ALIGNMENT)?;
    let frame = top.checked_sub(frame_bytes.checked_add(area_bytes)?)? & !(ALIGNMENT - 1);
    // An alternate stack is as small as its owner made it: the frame itself must fit, the rest is the owner's choice.
    let low = frame.checked_sub(ROOM)?.max(bottom);
    (frame >= bottom).then_some(Place { frame, needed: low..top })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    const FRAME: usize = 1152;
    /// FXSAVE's area, XSAVE's without AVX, with AVX, with AVX-512, with AMX.
    const AREAS: [usize; 5] = [512, 576, 832, 2696, 11_008];

    fn all(place: &Place, area: usize) -> Range<usize> {
        place.frame..place.frame + FRAME + area
    }

    fn overlaps(one: &Range<usize>, other: &Range<usize>) -> bool {
        one.start < other.end && other.start < one.end
    }

    #[test]
    fn a_frame_lies_below_the_red_zone_and_is_aligned() {
        for area in AREAS {
            for stack in 0x10_0000..0x10_0000 + 64 {
                let place = place(stack, None, FRAME, area).unwrap();
                assert_eq!(place.frame % ALIGNMENT, 0);
                assert!(all(&place, area).end <= stack - RED_ZONE);
                assert!(stack - all(&place, area).end < RED_ZONE + ALIGNMENT, "no more than alignment takes");
                assert_eq!(place.needed, place.frame - ROOM..stack - RED_ZONE);
            }
        }
    }

    /// What a dispatcher has alive below the interrupted stack pointer, in the order and with the sizes of Windows' and
    /// Wine's, and what writing a frame there at once would have hit.
    struct Dispatcher {
        parts: Vec<Range<usize>>,
    }

    impl Dispatcher {
        fn at(stack: usize, area: usize) -> Self {
            // Extended registers, machine frame, record, CONTEXT with its description, frames of the dispatcher's functions.
            let sizes = [area - 512, 40, 152, 0x4D0 + 32, 1536];
            let mut top = stack & !15;
            let parts = sizes.map(|size| {
                let part = top - size..top;
                top = part.start & !15;
                part
            });
            Self { parts: parts.to_vec() }
        }
    }

    #[test]
    fn the_place_is_where_the_dispatcher_lives_so_nothing_may_be_written_before_it_ends() {
        // The reason for writing late: by every size of the area, some part of a living dispatcher lies in the way.
        let stack = 0x10_0000;
        for area in AREAS {
            let place = place(stack, None, FRAME, area).unwrap();
            let hit =
                Dispatcher::at(stack, area).parts.iter().filter(|part| overlaps(part, &all(&place, area))).count();
            assert!(hit > 0, "{area}");
        }
    }

    #[test]
    fn a_frame_on_another_stack_is_clear_of_the_dispatcher() {
        let (stack, alternate) = (0x10_0000, 0x20_0000..0x20_4000);
        for area in AREAS {
            let place = place(stack, Some(alternate.clone()), FRAME, area).unwrap();
            assert!(all(&place, area).end <= alternate.end && place.frame >= alternate.start, "{area}");
            for part in Dispatcher::at(stack, area).parts {
                assert!(!overlaps(&part, &all(&place, area)));
            }
            assert_eq!(place.needed.start, alternate.start.max(place.frame - ROOM));
        }
    }

    #[test]
    fn a_thread_on_the_alternate_stack_stays_there() {
        let alternate = 0x20_0000..0x20_8000;
        // Its upper end is the stack pointer of an empty stack, its lower end that of a full one.
        for (stack, stays) in [(0x20_8000, true), (0x20_4000, true), (0x20_0000, false), (0x20_8001, false)] {
            let place = place(stack, Some(alternate.clone()), FRAME, 832).unwrap();
            let top = if stays { stack - RED_ZONE } else { alternate.end };
            assert_eq!(place.frame, (top - FRAME - 832) & !63);
        }
    }

    #[test]
    fn the_area_is_as_large_as_the_enabled_features() {
        let with = |size| move |leaf| if leaf == 1 { (0, !0) } else { (size, 0) };
        for (size, bytes) in [(0, 576), (576, 576), (832, 832), (2696, 2752), (11_008, 11_008)] {
            assert_eq!(save_bytes(with(size)), bytes);
        }
        // XSAVE's leaf means nothing where it is off.
        assert_eq!(save_bytes(|leaf| if leaf == 1 { (!0, !(1 << 27)) } else { (832, !0) }), FXSAVE_BYTES);
    }

    #[test]
    fn without_room_there_is_no_place() {
        for area in AREAS {
            let fits = FRAME + area.next_multiple_of(64);
            let alternate = 0x20_0000..0x20_0000 + fits;
            assert!(place(0x10_0000, Some(alternate), FRAME, area).is_some());
            assert_eq!(place(0x10_0000, Some(0x20_0000..0x20_0000 + fits - 64), FRAME, area), None);
            let full = 0x20_0000..0x20_8000;
            assert_eq!(place(full.start + 200, Some(full), FRAME, area), None);
            for stack in [0, 1, 127, 128, FRAME, FRAME + area] {
                assert_eq!(place(stack, None, FRAME, area), None);
            }
        }
        assert_eq!(place(0x10_0000, None, usize::MAX, 576), None);
        assert_eq!(place(0x10_0000, None, FRAME, usize::MAX), None);
    }
}
