//! How values travel through the table: each parameter as one integer, pointer, or pair of pointer and length; each result as one word,
//! or through a pointer.

use alloc::vec::Vec;
use core::convert::Infallible;
use core::ffi::{CStr, c_char};
use core::mem::MaybeUninit;
use core::sync::atomic::AtomicU32;

use platform::{
    Deadline, Errno, FileSystem, Ids, Lock, Map, Result, SignalAction, SignalOwner, Stat, ThreadStart, Timespec, Usage,
    WindowSize,
};

use crate::info::{AddressInfo, ObjectInfo, Resolved};

/// How C names what travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum C {
    /// A value of this type.
    Value(&'static str),
    /// A pointer to a value that is read; null for none where the Rust type is an option.
    Input(&'static str),
    /// A pointer to a value that is written.
    Output(&'static str),
}

/// A parameter on its way from the guest to the loader.
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
    /// The loader's side, first step. `ENOMEM` as above, `EINVAL` for what means nothing.
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

/// Values that are their own form.
macro_rules! words {
    ($($type:ty: $name:literal),* $(,)?) => {$(
        impl Wire for $type {
            type Form = Self;
            type Kept = Self;
            type Received = Self;
            const C: C = C::Value($name);
            fn keep(self) -> Result<Self> {
                Ok(self)
            }
            fn form(kept: &mut Self) -> Self {
                *kept
            }
            unsafe fn receive(form: Self) -> Result<Self> {
                Ok(form)
            }
            unsafe fn lift(received: &mut Self) -> Self {
                *received
            }
        }
    )*};
}

words!(i32: "int32_t", u32: "uint32_t", i64: "int64_t", u64: "uint64_t", usize: "size_t");

impl Wire for bool {
    type Form = u32;
    type Kept = Self;
    type Received = Self;
    const C: C = C::Value("uint32_t");
    fn keep(self) -> Result<Self> {
        Ok(self)
    }
    fn form(kept: &mut Self) -> u32 {
        u32::from(*kept)
    }
    unsafe fn receive(form: u32) -> Result<Self> {
        Ok(form != 0)
    }
    unsafe fn lift(received: &mut Self) -> Self {
        *received
    }
}

/// Plain data that both sides lay out alike. It travels by pointer.
///
/// # Safety
/// `repr(C)`, and `NAME` is its type in the C header.
pub(crate) unsafe trait Plain: Copy {
    const NAME: &'static str;
}

macro_rules! plain {
    ($($type:ty: $name:literal),* $(,)?) => {$(
        // SAFETY: each is `repr(C)`, and cbindgen writes it under this name.
        unsafe impl Plain for $type {
            const NAME: &'static str = $name;
        }
    )*};
}

plain!(
    u64: "uint64_t",
    usize: "size_t",
    AddressInfo: "struct xload_AddressInfo",
    Deadline: "struct xload_Deadline",
    FileSystem: "struct xload_FileSystem",
    Ids: "struct xload_Ids",
    Lock: "struct xload_Lock",
    Map: "struct xload_Map",
    ObjectInfo: "struct xload_ObjectInfo",
    Resolved: "struct xload_Resolved",
    SignalAction: "struct xload_SignalAction",
    SignalOwner: "struct xload_SignalOwner",
    Stat: "struct xload_Stat",
    ThreadStart: "struct xload_ThreadStart",
    Timespec: "struct xload_Timespec",
    [Timespec; 2]: "struct xload_Timespec",
    Usage: "struct xload_Usage",
    WindowSize: "struct xload_WindowSize",
);

macro_rules! by_pointer {
    ($($type:ty),* $(,)?) => {$(
        impl Wire for $type {
            type Form = *const Self;
            type Kept = Self;
            type Received = Self;
            const C: C = C::Input(<Self as Plain>::NAME);
            fn keep(self) -> Result<Self> {
                Ok(self)
            }
            fn form(kept: &mut Self) -> *const Self {
                kept
            }
            unsafe fn receive(form: *const Self) -> Result<Self> {
                // SAFETY: caller contract.
                Ok(unsafe { form.read() })
            }
            unsafe fn lift(received: &mut Self) -> Self {
                *received
            }
        }
    )*};
}

by_pointer!(Deadline, Lock, Map, SignalOwner, ThreadStart, Timespec, [Timespec; 2]);

/// `None` is a null pointer.
impl<T: Plain> Wire for Option<T> {
    type Form = *const T;
    type Kept = Self;
    type Received = Self;
    const C: C = C::Input(T::NAME);
    fn keep(self) -> Result<Self> {
        Ok(self)
    }
    fn form(kept: &mut Self) -> *const T {
        kept.as_ref().map_or(core::ptr::null(), core::ptr::from_ref)
    }
    unsafe fn receive(form: *const T) -> Result<Self> {
        // SAFETY: caller contract.
        Ok(unsafe { form.as_ref() }.copied())
    }
    unsafe fn lift(received: &mut Self) -> Self {
        *received
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

impl Wire for &[u8] {
    type Form = Bytes;
    type Kept = Self;
    type Received = Self;
    const C: C = C::Value("struct xload_Bytes");
    fn keep(self) -> Result<Self> {
        Ok(self)
    }
    fn form(kept: &mut Self) -> Bytes {
        Bytes::from(*kept)
    }
    unsafe fn receive(form: Bytes) -> Result<Self> {
        // SAFETY: caller contract.
        Ok(unsafe { form.get() })
    }
    unsafe fn lift(received: &mut Self) -> Self {
        received
    }
}

/// `None` is a null pointer.
impl Wire for Option<&[u8]> {
    type Form = Bytes;
    type Kept = Self;
    type Received = Self;
    const C: C = C::Value("struct xload_Bytes");
    fn keep(self) -> Result<Self> {
        Ok(self)
    }
    fn form(kept: &mut Self) -> Bytes {
        kept.map_or(Bytes { data: core::ptr::null(), length: 0 }, Bytes::from)
    }
    unsafe fn receive(form: Bytes) -> Result<Self> {
        // SAFETY: caller contract.
        Ok(if form.data.is_null() { None } else { Some(unsafe { form.get() }) })
    }
    unsafe fn lift(received: &mut Self) -> Self {
        *received
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

impl<'a> Wire for &'a mut [u8] {
    type Form = Buffer;
    type Kept = Self;
    type Received = Buffer;
    const C: C = C::Value("struct xload_Buffer");
    fn keep(self) -> Result<Self> {
        Ok(self)
    }
    fn form(kept: &mut Self) -> Buffer {
        Buffer { data: kept.as_mut_ptr(), length: kept.len() }
    }
    unsafe fn receive(form: Buffer) -> Result<Buffer> {
        Ok(form)
    }
    unsafe fn lift(received: &mut Buffer) -> &'a mut [u8] {
        if received.length == 0 {
            return &mut [];
        }
        // SAFETY: caller contract: the guest's side lends it for the call.
        unsafe { core::slice::from_raw_parts_mut(received.data, received.length) }
    }
}

/// A word that other threads change meanwhile.
impl<'a> Wire for &'a AtomicU32 {
    type Form = *const u32;
    type Kept = Self;
    type Received = Self;
    const C: C = C::Input("uint32_t");
    fn keep(self) -> Result<Self> {
        Ok(self)
    }
    fn form(kept: &mut Self) -> *const u32 {
        kept.as_ptr()
    }
    unsafe fn receive(form: *const u32) -> Result<&'a AtomicU32> {
        // SAFETY: caller contract; the type has the layout of a `u32`.
        Ok(unsafe { &*form.cast::<AtomicU32>() })
    }
    unsafe fn lift(received: &mut Self) -> Self {
        received
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

/// A result that is one word: `>= 0`, or `-errno`.
pub(crate) trait Word: Sized {
    fn word(self) -> i64;
    fn from_word(word: i64) -> Self;
}

pub(crate) fn refused(errno: Errno) -> i64 {
    -i64::from(errno.number())
}

/// The error in a word.
fn success(word: i64) -> Result<i64> {
    if word < 0 { Err(Errno::from_number(i32::try_from(-word).unwrap_or(0))) } else { Ok(word) }
}

impl<T: Word> Word for Result<T> {
    fn word(self) -> i64 {
        self.map_or_else(refused, Word::word)
    }
    fn from_word(word: i64) -> Self {
        success(word).map(T::from_word)
    }
}

/// What only fails. A host that says otherwise has lost the process.
impl Word for Infallible {
    fn word(self) -> i64 {
        match self {}
    }
    fn from_word(_: i64) -> Self {
        loop {
            core::hint::spin_loop();
        }
    }
}

impl Word for () {
    fn word(self) -> i64 {
        0
    }
    fn from_word(_: i64) {}
}

impl Word for bool {
    fn word(self) -> i64 {
        i64::from(self)
    }
    fn from_word(word: i64) -> Self {
        word != 0
    }
}

macro_rules! word {
    ($($type:ty),*) => {$(
        impl Word for $type {
            fn word(self) -> i64 {
                self as i64
            }
            fn from_word(word: i64) -> Self {
                word as Self
            }
        }
    )*};
}

word!(i32, u32, usize);

/// A result that is stored through a pointer when there is one; the word is 0, or `-errno`.
pub(crate) trait Stored: Sized {
    /// What is stored.
    type Form: Copy;
    /// The pointer in C.
    const C: C;
    /// # Safety
    /// `out` is valid for one write.
    unsafe fn store(self, out: *mut Self::Form) -> i64;
    /// # Safety
    /// `out` was written if the word is 0.
    unsafe fn take(word: i64, out: MaybeUninit<Self::Form>) -> Self;
}

impl<T: Plain> Stored for T {
    type Form = T;
    const C: C = C::Output(T::NAME);
    unsafe fn store(self, out: *mut T) -> i64 {
        // SAFETY: caller contract.
        unsafe { out.write(self) };
        0
    }
    unsafe fn take(_: i64, out: MaybeUninit<T>) -> T {
        // SAFETY: caller contract: there always is a result.
        unsafe { out.assume_init() }
    }
}

impl<T: Stored> Stored for Result<T> {
    type Form = T::Form;
    const C: C = T::C;
    unsafe fn store(self, out: *mut T::Form) -> i64 {
        match self {
            // SAFETY: caller contract.
            Ok(value) => unsafe { value.store(out) },
            Err(errno) => refused(errno),
        }
    }
    unsafe fn take(word: i64, out: MaybeUninit<T::Form>) -> Self {
        // SAFETY: caller contract.
        success(word).map(|word| unsafe { T::take(word, out) })
    }
}

/// `None` is `-ENOENT`.
impl<T: Stored> Stored for Option<T> {
    type Form = T::Form;
    const C: C = T::C;
    unsafe fn store(self, out: *mut T::Form) -> i64 {
        // SAFETY: caller contract.
        unsafe { self.ok_or(Errno::NOENT).store(out) }
    }
    unsafe fn take(word: i64, out: MaybeUninit<T::Form>) -> Self {
        // SAFETY: caller contract.
        unsafe { Result::take(word, out).ok() }
    }
}

macro_rules! pairs {
    ($($type:ty: $name:literal),*) => {$(
        impl Stored for ($type, $type) {
            type Form = [$type; 2];
            const C: C = C::Output($name);
            unsafe fn store(self, out: *mut [$type; 2]) -> i64 {
                // SAFETY: caller contract.
                unsafe { out.write(self.into()) };
                0
            }
            unsafe fn take(_: i64, out: MaybeUninit<[$type; 2]>) -> Self {
                // SAFETY: caller contract.
                unsafe { out.assume_init() }.into()
            }
        }
    )*};
}

pairs!(i32: "int32_t", usize: "size_t");

/// The strings of a null-terminated list; `ENOMEM` when there is no room for the list.
///
/// # Safety
/// `list` is null or a list of strings ended by a null pointer; all live for `'a`.
pub unsafe fn strings<'a>(list: *const *const c_char) -> Result<Vec<&'a CStr>> {
    let mut count = 0;
    // SAFETY: caller contract: reads stop at the null pointer.
    while !list.is_null() && unsafe { !(*list.add(count)).is_null() } {
        count += 1;
    }
    let mut found = Vec::new();
    // At once: a list that grows leaves holes behind, and each page of a heap that is new costs a page fault.
    found.try_reserve_exact(count).map_err(|_| Errno::NOMEM)?;
    // SAFETY: caller contract: that many strings.
    found.extend((0..count).map(|at| unsafe { CStr::from_ptr(*list.add(at)) }));
    Ok(found)
}

/// A null-terminated list of the strings.
pub(crate) fn list(strings: &[&CStr]) -> Result<Vec<*const c_char>> {
    let mut list = Vec::new();
    list.try_reserve_exact(strings.len() + 1).map_err(|_| Errno::NOMEM)?;
    list.extend(strings.iter().map(|string| string.as_ptr()));
    list.push(core::ptr::null());
    Ok(list)
}
