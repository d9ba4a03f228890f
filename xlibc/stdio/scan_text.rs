//! The strings that scanf stores.

use super::scan_input::{Counted, Stop};
use super::text::Text;
use crate::locale::encoding;
use crate::rt::Errno;
use crate::rt::heap;
use crate::text::directive::{Length, ScanDirective};
use crate::text::encoding::{Decoder, Step};

/// Memory for a string: of the program, or from `malloc` for %m. Bytes, or wide characters with l.
pub(super) struct Target {
    /// Where the pointer to allocated memory is stored.
    pointer: *mut *mut u8,
    data: *mut u8,
    wide: bool,
    allocated: bool,
    /// A zero ends it.
    ends: bool,
    count: usize,
    capacity: usize,
    failure: Option<Errno>,
    /// Of bytes that become wide characters.
    decoder: Decoder,
}

impl Target {
    /// # Safety
    /// `place` is a pointer valid for what the directive stores.
    pub(super) unsafe fn new<U: Text>(
        place: Option<u64>,
        directive: &ScanDirective<'_, U>,
        ends: bool,
    ) -> Result<Self, Stop> {
        let place = place.map_or(core::ptr::null_mut(), |place| place as usize as *mut u8);
        let allocated = directive.allocate && !place.is_null();
        let mut target = Self {
            pointer: place.cast(),
            data: place,
            wide: directive.length == Length::Long,
            allocated,
            ends,
            count: 0,
            capacity: 0,
            failure: None,
            decoder: Decoder::new(encoding()),
        };
        if allocated {
            target.data = core::ptr::null_mut();
            target.grow();
        }
        target.failure.map_or(Ok(target), |errno| Err(Stop::Failed(errno)))
    }

    fn grow(&mut self) {
        let needed = self.count + 1;
        // SAFETY: null or from `malloc`, with room for `capacity` units; replaced on success.
        let grown = unsafe {
            match self.wide {
                true => heap::grow(self.data.cast::<u32>(), &mut self.capacity, needed, 32).map(<*mut u32>::cast),
                false => heap::grow(self.data, &mut self.capacity, needed, 32),
            }
        };
        match grown {
            Ok(data) => self.data = data,
            Err(errno) => self.failure = Some(errno),
        }
    }

    fn put(&mut self, unit: u32) {
        if self.data.is_null() || self.failure.is_some() {
            return;
        }
        if self.allocated && self.count == self.capacity {
            self.grow();
            if self.failure.is_some() {
                return;
            }
        }
        // SAFETY: memory of the program by contract of `new`, or of our own with room for it.
        unsafe {
            if self.wide {
                self.data.cast::<u32>().add(self.count).write_unaligned(unit);
            } else {
                self.data.add(self.count).write(unit as u8);
            }
        }
        self.count += 1;
    }

    /// Takes input while it is wanted, `width` at most, and stores it; how much was taken.
    fn take<U: Text>(
        &mut self,
        input: &mut Counted<'_>,
        width: Option<usize>,
        mut wanted: impl FnMut(u32) -> bool,
    ) -> Result<usize, Stop> {
        let encoding = encoding();
        input.take_while(width, |character| {
            if !wanted(character) || self.failure.is_some() {
                return false;
            }
            match (U::WIDE, self.wide) {
                (false, true) => match self.decoder.push(character as u8) {
                    Step::Character(character) => self.put(character),
                    Step::More => {}
                    Step::Invalid => self.failure = Some(Errno::ILSEQ),
                },
                (true, false) => match encoding.encode(character) {
                    Some(encoded) => encoded.as_bytes().iter().for_each(|byte| self.put((*byte).into())),
                    None => self.failure = Some(Errno::ILSEQ),
                },
                _ => self.put(character),
            }
            true
        })
    }

    /// %s and %[: input while it is wanted, `width` at most (of bytes, also where they become wide characters), one at least.
    pub(super) fn fill<U: Text>(
        &mut self,
        input: &mut Counted<'_>,
        width: Option<usize>,
        wanted: impl FnMut(u32) -> bool,
    ) -> Result<(), Stop> {
        let taken = self.take::<U>(input, width, wanted)?;
        self.finish(taken > 0)
    }

    /// %c: exactly `count` of the input's characters; with `l` those are what the bytes make (C23 7.23.6.2: "a sequence of multibyte
    /// characters").
    pub(super) fn fill_exactly<U: Text>(&mut self, input: &mut Counted<'_>, count: usize) -> Result<(), Stop> {
        let mut characters = 0;
        while characters < count && self.failure.is_none() {
            match self.take::<U>(input, Some(1), |_| true) {
                Ok(_) => characters += usize::from(!self.decoder.is_inside()),
                Err(Stop::End) if characters > 0 || self.decoder.is_inside() => break,
                Err(stop) => return Err(stop),
            }
        }
        self.finish(characters == count)
    }

    /// The end of the string, and for allocated memory its address, if there was enough.
    fn finish(&mut self, enough: bool) -> Result<(), Stop> {
        if self.decoder.is_inside() {
            self.failure = self.failure.or(Some(Errno::ILSEQ));
        }
        if !enough && self.failure.is_none() {
            return Err(Stop::Mismatch);
        }
        if self.ends {
            self.put(0);
        }
        if let Some(errno) = self.failure {
            return Err(Stop::Failed(errno));
        }
        if self.allocated {
            // SAFETY: contract of `new`. The memory is the program's from here.
            unsafe { self.pointer.write(self.data) };
            self.data = core::ptr::null_mut();
        }
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if self.allocated {
            // SAFETY: null, or from `malloc` and given to nobody.
            unsafe { heap::release(self.data) };
        }
    }
}
