//! Something between a platform and whoever uses it: a [`Hook`] is called before and after each operation.

use core::ffi::CStr;
use core::fmt::{self, Debug};
use core::ops::Deref;
use core::sync::atomic::AtomicU32;

use crate::{Accepted, Deadline, Piece, PieceMut, Received, SignalOwner, Usage, Wait, WindowSize};
use crate::{Facts, FileSystem, Ids, Lock, Map, Result, SignalAction, Slot, Spawn, Stat, ThreadStart, Timespec};

/// Which operation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its number in the host table.
    pub slot: u16,
    /// The method's name.
    pub name: &'static str,
}

/// What is done around each operation: tracing, faults, recording, a sandbox. It runs on the thread that asks, and may be asked again
/// from there.
pub trait Hook: Sync {
    /// Before the operation. An error is its answer, and the platform is not asked; operations that cannot fail go on.
    fn before(&self, operation: Operation, arguments: &[Value<'_>]) -> Result<()> {
        let _ = (operation, arguments);
        Ok(())
    }
    /// After the operation. What it stored through a mutable argument is there.
    fn after(&self, operation: Operation, arguments: &[Value<'_>], result: Result<Value<'_>>) {
        let _ = (operation, arguments, result);
    }
}

/// A platform with a hook around every operation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wrapped<P, H> {
    /// What does the work.
    pub inner: P,
    /// What is called before and after.
    pub hook: H,
}

/// What the platform has besides the operations.
impl<P, H> Deref for Wrapped<P, H> {
    type Target = P;
    fn deref(&self) -> &P {
        &self.inner
    }
}

impl<P: Facts, H: Hook> Facts for Wrapped<P, H> {
    fn page_bytes(&self) -> usize {
        self.inner.page_bytes()
    }
    fn thread_slot(&self) -> Slot {
        self.inner.thread_slot()
    }
}

/// An argument or a result.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// No value: `()`, `None`.
    Nothing,
    /// A number.
    Signed(i64),
    /// A number, a length, or an address.
    Unsigned(u64),
    /// A path, or data; in an argument that the operation fills, all room there is.
    Bytes(&'a [u8]),
    /// A list of strings.
    Strings(&'a [&'a CStr]),
    /// Anything else.
    Data(&'a dyn Debug),
}

impl Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("-"),
            Self::Signed(number) => Debug::fmt(number, f),
            Self::Unsigned(number) => Debug::fmt(number, f),
            Self::Bytes(bytes) => write!(f, "\"{}\"", bytes.escape_ascii()),
            Self::Strings(strings) => f.debug_list().entries(*strings).finish(),
            Self::Data(data) => data.fmt(f),
        }
    }
}

/// What a hook can be shown.
pub trait Observe {
    /// The value as a hook sees it.
    fn observe(&self) -> Value<'_>;
}

macro_rules! observe {
    ($($variant:ident: $($type:ty),*;)*) => {$($(
        impl Observe for $type {
            fn observe(&self) -> Value<'_> {
                Value::$variant((*self).into())
            }
        }
    )*)*};
}

observe! {
    Signed: i32, i64;
    Unsigned: bool, u32, u64;
}

/// Shows values as data.
#[macro_export]
macro_rules! observe_data {
    ($($type:ty),* $(,)?) => {$(
        impl $crate::Observe for $type {
            fn observe(&self) -> $crate::Value<'_> {
                $crate::Value::Data(self)
            }
        }
    )*};
}

observe_data! {
    Accepted, Deadline, FileSystem, Ids, Lock, Map, Received, SignalAction, SignalOwner, Spawn<'_>, Stat, ThreadStart, Timespec, [Timespec; 2], Usage,
    WindowSize, &[Piece<'_>], &mut [PieceMut<'_>], &mut [Wait], (i32, i32), (usize, usize), core::convert::Infallible,
}

impl Observe for () {
    fn observe(&self) -> Value<'_> {
        Value::Nothing
    }
}

impl Observe for usize {
    fn observe(&self) -> Value<'_> {
        Value::Unsigned(*self as u64)
    }
}

impl Observe for &[u8] {
    fn observe(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Observe for &mut [u8] {
    fn observe(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Observe for &[&CStr] {
    fn observe(&self) -> Value<'_> {
        Value::Strings(self)
    }
}

/// The word's address.
impl Observe for &AtomicU32 {
    fn observe(&self) -> Value<'_> {
        Value::Unsigned(self.as_ptr().addr() as u64)
    }
}

impl<T: Observe> Observe for Option<T> {
    fn observe(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Nothing, Observe::observe)
    }
}
