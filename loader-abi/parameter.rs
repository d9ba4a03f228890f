//! Parameters on their way through the table: each as one integer, pointer, or pair of pointer and length.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};
use core::sync::atomic::AtomicU32;

use platform::{Deadline, Lock, Map, Piece, PieceMut, Result, SignalOwner, ThreadStart, Timespec, Wait};

use crate::lists::{list, strings};
use crate::plain::{C, Plain};

/// A parameter.
pub(crate) trait Wire: Sized {
    /// What travels.
    type Form: Copy;
    /// What the guest's side keeps during the call.
    type Kept;
    /// What the loader's side keeps during the call.
    type Received;
    /// The form in C.
    const C: C;
    /// The guest's side, first step: `ENOMEM` where there is no room for what has to be kept.
    fn keep(self) -> Result<Self::Kept>;
    /// The guest's side, second step.
    fn form(kept: &mut Self::Kept) -> Self::Form;
    /// The loader's side, first step. `ENOMEM` as above, `EINVAL` for an invalid form.
    ///
    /// # Safety
    /// The form was made of a value that lives until the call returns.
    unsafe fn receive(form: Self::Form) -> Result<Self::Received>;
    /// The loader's side, second step.
    ///
    /// # Safety
    /// As for [`Wire::receive`], and the value is not used after `received` is gone.
    unsafe fn lift(received: &mut Self::Received) -> Self;
}

/// A parameter that needs nothing else than its form.
pub(crate) trait Direct: Sized {
    /// What travels.
    type Form: Copy;
    /// The form in C.
    const C: C;
    /// The guest's side. The form may point to the value.
    fn form(&mut self) -> Self::Form;
    /// The loader's side.
    ///
    /// # Safety
    /// The form was made of a value that lives as long as the result.
    unsafe fn of(form: Self::Form) -> Self;
}

impl<T: Direct> Wire for T {
    type Form = T::Form;
    type Kept = T;
    type Received = T::Form;
    const C: C = T::C;
    fn keep(self) -> Result<T> {
        Ok(self)
    }
    fn form(kept: &mut T) -> T::Form {
        Direct::form(kept)
    }
    unsafe fn receive(form: T::Form) -> Result<T::Form> {
        Ok(form)
    }
    unsafe fn lift(received: &mut T::Form) -> T {
        // SAFETY: caller contract.
        unsafe { T::of(*received) }
    }
}

macro_rules! integers {
    ($($type:ty: $name:literal),* $(,)?) => {$(
        impl Direct for $type {
            type Form = Self;
            const C: C = C::Value($name);
            fn form(&mut self) -> Self {
                *self
            }
            unsafe fn of(form: Self) -> Self {
                form
            }
        }
    )*};
}

integers!(i32: "int32_t", u32: "uint32_t", i64: "int64_t", u64: "uint64_t", usize: "size_t");

impl Direct for bool {
    type Form = u32;
    const C: C = C::Value("uint32_t");
    fn form(&mut self) -> u32 {
        u32::from(*self)
    }
    unsafe fn of(form: u32) -> Self {
        form != 0
    }
}

macro_rules! by_pointer {
    ($($type:ty),* $(,)?) => {$(
        impl Direct for $type {
            type Form = *const Self;
            const C: C = C::Input(<Self as Plain>::NAME);
            fn form(&mut self) -> *const Self {
                self
            }
            unsafe fn of(form: *const Self) -> Self {
                // SAFETY: caller contract.
                unsafe { form.read() }
            }
        }
    )*};
}

by_pointer!(Deadline, Lock, Map, SignalOwner, ThreadStart, Timespec, [Timespec; 2]);

/// `None` is a null pointer.
impl<T: Plain> Direct for Option<T> {
    type Form = *const T;
    const C: C = C::Input(T::NAME);
    fn form(&mut self) -> *const T {
        self.as_ref().map_or(core::ptr::null(), core::ptr::from_ref)
    }
    unsafe fn of(form: *const T) -> Self {
        // SAFETY: caller contract.
        unsafe { form.as_ref() }.copied()
    }
}

/// Bytes that the host reads. A length of 0 allows any pointer.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Bytes {
    /// The first.
    pub data: *const u8,
    /// How many.
    pub length: usize,
}

impl Bytes {
    /// # Safety
    /// The bytes are readable for `'a`, unless there are none.
    pub(crate) unsafe fn get<'a>(self) -> &'a [u8] {
        // SAFETY: caller contract; an empty slice needs no memory.
        if self.length == 0 { &[] } else { unsafe { core::slice::from_raw_parts(self.data, self.length) } }
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self { data: bytes.as_ptr(), length: bytes.len() }
    }
}

impl Direct for &[u8] {
    type Form = Bytes;
    const C: C = C::Value("struct xload_Bytes");
    fn form(&mut self) -> Bytes {
        Bytes::from(*self)
    }
    unsafe fn of(form: Bytes) -> Self {
        // SAFETY: caller contract.
        unsafe { form.get() }
    }
}

/// `None` is a null pointer.
impl Direct for Option<&[u8]> {
    type Form = Bytes;
    const C: C = C::Value("struct xload_Bytes");
    fn form(&mut self) -> Bytes {
        self.map_or(Bytes { data: core::ptr::null(), length: 0 }, Bytes::from)
    }
    unsafe fn of(form: Bytes) -> Self {
        // SAFETY: caller contract.
        if form.data.is_null() { None } else { Some(unsafe { form.get() }) }
    }
}

/// Room that the host fills. A length of 0 allows any pointer.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Buffer {
    /// The first byte.
    pub data: *mut u8,
    /// How many there are.
    pub length: usize,
}

impl Direct for &mut [u8] {
    type Form = Buffer;
    const C: C = C::Value("struct xload_Buffer");
    fn form(&mut self) -> Buffer {
        Buffer { data: self.as_mut_ptr(), length: self.len() }
    }
    unsafe fn of(form: Buffer) -> Self {
        // SAFETY: caller contract: the guest's side lends it for the call. An empty slice needs no memory.
        if form.length == 0 { &mut [] } else { unsafe { core::slice::from_raw_parts_mut(form.data, form.length) } }
    }
}

/// Pieces that the host reads, as C's `struct iovec` lays them out.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Pieces {
    /// The first.
    pub data: *const Bytes,
    /// How many.
    pub length: usize,
}

impl Direct for &[Piece<'_>] {
    type Form = Pieces;
    const C: C = C::Value("struct xload_Pieces");
    fn form(&mut self) -> Pieces {
        Pieces { data: self.as_ptr().cast(), length: self.len() }
    }
    unsafe fn of(form: Pieces) -> Self {
        // SAFETY: caller contract; a piece has the layout of `Bytes`. An empty slice needs no memory.
        if form.length == 0 { &[] } else { unsafe { core::slice::from_raw_parts(form.data.cast(), form.length) } }
    }
}

/// Pieces that the host fills, as C's `struct iovec` lays them out.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Buffers {
    /// The first.
    pub data: *mut Buffer,
    /// How many.
    pub length: usize,
}

impl Direct for &mut [PieceMut<'_>] {
    type Form = Buffers;
    const C: C = C::Value("struct xload_Buffers");
    fn form(&mut self) -> Buffers {
        Buffers { data: self.as_mut_ptr().cast(), length: self.len() }
    }
    unsafe fn of(form: Buffers) -> Self {
        if form.length == 0 {
            return &mut [];
        }
        // SAFETY: as above; the guest's side lends them for the call.
        unsafe { core::slice::from_raw_parts_mut(form.data.cast(), form.length) }
    }
}

/// Descriptors to wait for. A length of 0 allows any pointer.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Waits {
    /// The first.
    pub data: *mut Wait,
    /// How many.
    pub length: usize,
}

impl Direct for &mut [Wait] {
    type Form = Waits;
    const C: C = C::Value("struct xload_Waits");
    fn form(&mut self) -> Waits {
        Waits { data: self.as_mut_ptr(), length: self.len() }
    }
    unsafe fn of(form: Waits) -> Self {
        // SAFETY: caller contract: the guest's side lends them for the call. An empty slice needs no memory.
        if form.length == 0 { &mut [] } else { unsafe { core::slice::from_raw_parts_mut(form.data, form.length) } }
    }
}

/// A word that other threads change meanwhile.
impl Direct for &AtomicU32 {
    type Form = *const u32;
    const C: C = C::Input("uint32_t");
    fn form(&mut self) -> *const u32 {
        self.as_ptr()
    }
    unsafe fn of(form: *const u32) -> Self {
        // SAFETY: caller contract; the type has the layout of a `u32`.
        unsafe { &*form.cast::<AtomicU32>() }
    }
}

/// Strings travel as C has them: a list of pointers that ends with a null pointer.
impl<'a> Wire for &'a [&'a CStr] {
    type Form = *const *const c_char;
    type Kept = Vec<*const c_char>;
    type Received = Vec<&'a CStr>;
    const C: C = C::Value("const char *const *");
    fn keep(self) -> Result<Vec<*const c_char>> {
        list(self)
    }
    fn form(kept: &mut Vec<*const c_char>) -> *const *const c_char {
        kept.as_ptr()
    }
    unsafe fn receive(form: *const *const c_char) -> Result<Vec<&'a CStr>> {
        // SAFETY: caller contract.
        unsafe { strings(form) }
    }
    unsafe fn lift(received: &mut Vec<&'a CStr>) -> Self {
        // SAFETY: caller contract: `received` outlives the use.
        unsafe { core::slice::from_raw_parts(received.as_ptr(), received.len()) }
    }
}
