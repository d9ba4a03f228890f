//! The System V ABI for x86_64 (3.5.7).

use crate::types::c_void;

/// `va_list` as C lays it out.
#[repr(C)]
#[derive(Debug)]
pub struct VaList {
    /// Bytes of the save area already used for general registers, up to 48.
    general_offset: u32,
    /// The same for vector registers, 48 to 176.
    vector_offset: u32,
    overflow: *mut c_void,
    save_area: *mut c_void,
}

const _: () = assert!(size_of::<VaList>() == 24);

impl VaList {
    /// # Safety
    /// An argument of integer or pointer type is next.
    #[inline]
    pub unsafe fn general(&mut self) -> u64 {
        if self.general_offset < 48 {
            // SAFETY: the save area holds six registers of 8 bytes, and this is one not yet used.
            let at = unsafe { self.save_area.cast::<u8>().add(self.general_offset as usize) };
            self.general_offset += 8;
            // SAFETY: as above; slots are aligned to 8.
            return unsafe { at.cast::<u64>().read() };
        }
        // SAFETY: caller contract.
        unsafe { self.stack_slots::<u64>(8) }
    }

    /// # Safety
    /// A `double` is next.
    #[inline]
    pub unsafe fn double(&mut self) -> f64 {
        if self.vector_offset < 176 {
            // SAFETY: the save area holds eight vector registers of 16 bytes behind the general ones.
            let at = unsafe { self.save_area.cast::<u8>().add(self.vector_offset as usize) };
            self.vector_offset += 16;
            // SAFETY: as above.
            return unsafe { at.cast::<f64>().read() };
        }
        // SAFETY: caller contract.
        unsafe { self.stack_slots::<f64>(8) }
    }

    /// The bits of a `long double`: 80 of them, always in memory, aligned to 16 bytes.
    ///
    /// # Safety
    /// A `long double` is next.
    pub unsafe fn long_double(&mut self) -> u128 {
        self.overflow = self.overflow.map_addr(|at| at.next_multiple_of(16));
        // SAFETY: caller contract.
        unsafe { self.stack_slots::<u128>(16) & ((1 << 80) - 1) }
    }

    /// # Safety
    /// An argument of this type and size is next on the stack.
    unsafe fn stack_slots<T>(&mut self, bytes: usize) -> T {
        let at = self.overflow.cast::<u8>();
        // SAFETY: caller contract.
        self.overflow = unsafe { at.add(bytes) }.cast();
        // SAFETY: caller contract.
        unsafe { at.cast::<T>().read() }
    }
}

#[cfg(any(test, fuzzing))]
impl VaList {
    /// Arguments that all lie on the stack, 8 bytes each.
    pub fn on_stack(slots: &mut [u64]) -> Self {
        let (stack, none) = (slots.as_mut_ptr().cast(), core::ptr::null_mut());
        Self { general_offset: 48, vector_offset: 176, overflow: stack, save_area: none }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_come_before_the_stack() {
        let mut save = [0_u64; 22];
        for (index, slot) in save.iter_mut().take(6).enumerate() {
            *slot = index as u64;
        }
        for index in 0..8 {
            save[6 + 2 * index] = (index as f64).to_bits();
        }
        #[repr(align(16))]
        struct Stack([u64; 6]);
        let mut stack = Stack([6, 8.0_f64.to_bits(), 7, 0, 0x8000_0000_0000_0000, 0xdead_dead_dead_3fff]);
        let mut list = VaList {
            // Two named arguments have used registers.
            general_offset: 16,
            vector_offset: 48,
            overflow: stack.0.as_mut_ptr().cast(),
            save_area: save.as_mut_ptr().cast(),
        };
        // SAFETY: these are the arguments laid out above.
        unsafe {
            for expected in 2..7 {
                assert_eq!(list.general(), expected);
            }
            for expected in 0..9 {
                assert_eq!(list.double(), f64::from(expected));
            }
            assert_eq!(list.general(), 7);
            assert_eq!(list.long_double(), 0x3fff_8000_0000_0000_0000);
        }
    }
}
