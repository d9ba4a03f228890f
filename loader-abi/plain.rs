//! Data that both sides lay out alike, and the names that C has for what travels.

use platform::{
    Accepted, Deadline, FileSystem, Ids, Lock, Map, Received, SignalAction, SignalOwner, Stat, ThreadStart, Timespec,
    Usage, WindowSize,
};

use crate::info::{AddressInfo, ObjectInfo, ObjectList, Resolved};

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
    Accepted: "struct xload_Accepted",
    AddressInfo: "struct xload_AddressInfo",
    Deadline: "struct xload_Deadline",
    FileSystem: "struct xload_FileSystem",
    Ids: "struct xload_Ids",
    Lock: "struct xload_Lock",
    Map: "struct xload_Map",
    ObjectInfo: "struct xload_ObjectInfo",
    ObjectList: "struct xload_ObjectList",
    Received: "struct xload_Received",
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
