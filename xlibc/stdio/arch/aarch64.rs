//! The Arm 64-bit procedure call standard (appendix B).

use crate::types::c_void;

/// `va_list` as C lays it out.
#[repr(C)]
#[derive(Debug)]
pub struct VaList {
    stack: *mut c_void,
    /// Ends of the save areas; the offsets are negative while registers are left.
    general_top: *mut c_void,
    vector_top: *mut c_void,
    general_offset: i32,
    vector_offset: i32,
}

const _: () = assert!(size_of::<VaList>() == 32);

impl VaList {
    /// # Safety
    /// An argument of integer or pointer type is next.
    #[inline]
    pub unsafe fn general(&mut self) -> u64 {
        let offset = self.general_offset;
        if offset < 0 {
            self.general_offset = offset + 8;
            // SAFETY: registers are left, so this is inside the save area that ends at `general_top`.
            return unsafe { self.general_top.cast::<u8>().offset(offset as isize).cast::<u64>().read() };
        }
        // SAFETY: caller contract.
        unsafe { self.stack_slots::<u64>(8) }
    }

    /// # Safety
    /// A `double` is next.
    #[inline]
    pub unsafe fn double(&mut self) -> f64 {
        // SAFETY: caller contract.
        match unsafe { self.vector() } {
            // SAFETY: a saved register.
            Some(at) => unsafe { at.cast::<f64>().read() },
            // SAFETY: caller contract.
            None => unsafe { self.stack_slots::<f64>(8) },
        }
    }

    /// The bits of a `long double`.
    ///
    /// # Safety
    /// A `long double` is next.
    pub unsafe fn long_double(&mut self) -> u128 {
        // SAFETY: caller contract.
        if let Some(at) = unsafe { self.vector() } {
            // SAFETY: a saved register.
            return unsafe { at.cast::<u128>().read_unaligned() };
        }
        self.stack = self.stack.map_addr(|at| at.next_multiple_of(16));
        // SAFETY: caller contract.
        unsafe { self.stack_slots::<u128>(16) }
    }

    /// The next saved vector register, if one is left.
    ///
    /// # Safety
    /// The structure is a valid `va_list`.
    unsafe fn vector(&mut self) -> Option<*const u8> {
        let offset = self.vector_offset;
        if offset >= 0 {
            return None;
        }
        self.vector_offset = offset + 16;
        // SAFETY: registers are left, so this is inside the save area that ends at `vector_top`.
        Some(unsafe { self.vector_top.cast::<u8>().offset(offset as isize) })
    }

    /// # Safety
    /// An argument of this type and size is next on the stack.
    unsafe fn stack_slots<T>(&mut self, bytes: usize) -> T {
        let at = self.stack.cast::<u8>();
        // SAFETY: caller contract.
        self.stack = unsafe { at.add(bytes) }.cast();
        // SAFETY: caller contract.
        unsafe { at.cast::<T>().read() }
    }
}

#[cfg(any(test, fuzzing))]
impl VaList {
    /// Arguments that all lie on the stack, 8 bytes each.
    pub fn on_stack(slots: &mut [u64]) -> Self {
        let (stack, none) = (slots.as_mut_ptr().cast(), core::ptr::null_mut());
        Self { stack, general_top: none, vector_top: none, general_offset: 0, vector_offset: 0 }
    }
}
