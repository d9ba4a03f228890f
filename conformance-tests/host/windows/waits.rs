//! Waiting for more handles than Windows takes at once.

use alloc::format;
use alloc::vec::Vec;
use core::ptr::null;

use platform::abi::{clock, open, poll};
use platform::{Files, Time, Wait, Waiting};
use platform_windows::many;
use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, WAIT_OBJECT_0};
use windows_sys::Win32::System::Threading::{CreateEventW, ResetEvent, SetEvent, WaitForSingleObject};

use crate::cases::{Case, Outcome, Place, expect};

pub const CASES: &[Case] =
    &[("many handles", handles), ("a descriptor closed and used again while waited for", reused)];

const HOUR_NS: u64 = 3_600_000_000_000;

fn handles(place: &Place) -> Outcome {
    // SAFETY: no pointers but null ones.
    let events: Vec<HANDLE> = (0..200).map(|_| unsafe { CreateEventW(null(), 1, 0, null()) }).collect();
    let outcome = [1, 61, 62, 63, 64, 65, 200].into_iter().try_for_each(|count| {
        let some = events.get(..count).unwrap_or_default();
        let before = place.host.clock(clock::MONOTONIC).map_err(|errno| format!("clock: {errno:?}"))?;
        expect("none of them", many::wait(some, Some(5_000_000)), true)?;
        let after = place.host.clock(clock::MONOTONIC).map_err(|errno| format!("clock: {errno:?}"))?;
        expect("the time", after.saturating_ns_since(before) >= 5_000_000, true)?;
        for at in [0, count / 2, count - 1] {
            let event = some.get(at).copied().unwrap_or_default();
            for time in [None, Some(HOUR_NS)] {
                // SAFETY: an open handle.
                unsafe { SetEvent(event) };
                expect("one of them", many::wait(some, time), true)?;
                // SAFETY: as above.
                expect("it stays", unsafe { WaitForSingleObject(event, 0) }, WAIT_OBJECT_0)?;
                // SAFETY: as above.
                unsafe { ResetEvent(event) };
            }
        }
        Ok(())
    });
    for event in events {
        // SAFETY: made above, and no longer used.
        unsafe { CloseHandle(event) };
    }
    outcome
}

/// A wait is for the open files of its looks, not for numbers.
fn reused(place: &Place) -> Outcome {
    let (reader, writer) = place.host.pipe(0).map_err(|errno| format!("pipe: {errno:?}"))?;
    let look = |fd| {
        let mut items = [Wait { fd, events: poll::IN, returned: 0 }];
        let past = platform::Deadline { clock: clock::MONOTONIC, time: platform::Timespec::default() };
        place.host.wait_many(&mut items, Some(past), None).map(|count| (count, items[0].returned))
    };
    expect("an empty pipe", look(reader), Ok((0, 0)))?;
    place.close(reader)?;
    expect("a closed descriptor", look(reader), Ok((1, poll::INVALID)))?;
    place.file("a", b"text")?;
    let file = place.open("a", open::READ_ONLY)?;
    expect("the same number", file, reader)?;
    expect("a file", look(file), Ok((1, poll::IN)))?;
    place.close(file)?;
    place.close(writer)?;
    expect("unlink", place.unlink("a"), Ok(()))
}
