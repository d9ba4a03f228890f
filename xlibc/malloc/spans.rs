//! Objects that fill a span.

use core::ptr::null_mut;

use platform::Platform;

use super::classes::{ALIGN, UNIT};
use super::header::{Header, State, WHOLE};
use super::pages::{Pages, Span, Use};
use crate::sync::Locked;

fn units(bytes: usize) -> usize {
    (bytes + ALIGN).div_ceil(UNIT)
}

/// An object of at most a region's quarter, or null.
pub(super) fn allocate(host: &impl Platform, pages: &Locked<Pages>, bytes: usize) -> *mut u8 {
    let span = pages.with(host, |pages| pages.take(host, units(bytes)));
    if span.is_null() {
        return null_mut();
    }
    // SAFETY: a span just taken; its table is before it, so the object lies in its memory and after its descriptor.
    unsafe {
        (*span).purpose = Use::Object;
        lay(span, bytes)
    }
}

/// # Safety
/// The span is its only object's.
unsafe fn lay(span: *mut Span, wanted: usize) -> *mut u8 {
    // SAFETY: caller contract; the canary lies before the end.
    unsafe {
        (*span).wanted = wanted;
        let object = ((*span).start + ALIGN) as *mut u8;
        let header = Header::new(object, span as usize, WHOLE, State::Live, 0);
        header.write(object);
        if wanted < (*span).bytes() - ALIGN {
            object.add(wanted).write(header.canary());
        }
        object
    }
}

/// # Safety
/// Nobody uses the object of class [`WHOLE`] with this header.
pub(super) unsafe fn release(host: &impl Platform, pages: &Locked<Pages>, object: *mut u8, header: Header) {
    let span = header.descriptor(object) as *mut Span;
    // SAFETY: caller contract.
    pages.with(host, |pages| unsafe { pages.give_back(host, span) });
}

/// Changes the length where it is; null when what follows is in use.
///
/// # Safety
/// `object` is the start of a live object of class [`WHOLE`] with this header, and `bytes` one that `allocate` takes.
pub(super) unsafe fn resize(
    host: &impl Platform,
    pages: &Locked<Pages>,
    object: *mut u8,
    header: Header,
    bytes: usize,
) -> *mut u8 {
    let span = header.descriptor(object) as *mut Span;
    // SAFETY: caller contract.
    unsafe { if pages.with(host, |pages| pages.resize(span, units(bytes))) { lay(span, bytes) } else { null_mut() } }
}
