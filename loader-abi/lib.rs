//! The host table: the one contract between the loader and the C library.
//!
//! [`Host`] is a `#[repr(C)]` struct of function pointers in the guest's calling convention, `size` and `version` first,
//! append only. The loader makes one from any platform with [`Host::serve`]; the guest imports it as the data symbol
//! `xload_host` of the pseudo-library `_xload` and uses it as a [`platform::Platform`] again.
//!
//! Results are `>= 0` or `-errno`. Bytes are a pointer and a length; a length of 0 allows any pointer.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

// What `#[operations]` names.
use platform::{Hook, Observe, Operation, Wrapped};

mod entry;
pub mod files;
#[cfg(test)]
#[path = "../fuzz/drive.rs"]
mod fuzz;
mod info;
mod lists;
#[macro_use]
mod modules;
mod parameter;
pub mod payload;
mod plain;
mod result;
mod serve;
mod spawn;
mod table;

pub use entry::{Entry, EntryAnswer};
pub use info::{AddressInfo, ObjectInfo, ObjectList, Resolved};
pub use lists::strings;
pub use modules::Modules;
pub use parameter::{Buffer, Buffers, Bytes, Pieces, Waits};
pub use plain::C;
pub use serve::{ProcessStart, Serve};
pub use spawn::{SpawnRequest, SpawnStep};
pub use table::{Host, OPERATIONS, VERSION};

/// Makes functions in the calling convention of the guest: System V on x86_64, also on Windows; the C one elsewhere.
#[cfg(target_arch = "x86_64")]
#[macro_export]
macro_rules! guest_fn {
    (fn($($argument:ty),* $(,)?) $(-> $result:ty)?) => { unsafe extern "sysv64" fn($($argument),*) $(-> $result)? };
    ($(#[$meta:meta])* $vis:vis unsafe fn $name:ident $(<$($generic:ident : $bound:ident),*>)? ($($argument:ident : $type:ty),* $(,)?) $(-> $result:ty)? $body:block) => {
        $(#[$meta])* $vis unsafe extern "sysv64" fn $name $(<$($generic: $bound),*>)? ($($argument: $type),*) $(-> $result)? $body
    };
}
/// Makes functions in the calling convention of the guest: System V on x86_64, also on Windows; the C one elsewhere.
#[cfg(not(target_arch = "x86_64"))]
#[macro_export]
macro_rules! guest_fn {
    (fn($($argument:ty),* $(,)?) $(-> $result:ty)?) => { unsafe extern "C" fn($($argument),*) $(-> $result)? };
    ($(#[$meta:meta])* $vis:vis unsafe fn $name:ident $(<$($generic:ident : $bound:ident),*>)? ($($argument:ident : $type:ty),* $(,)?) $(-> $result:ty)? $body:block) => {
        $(#[$meta])* $vis unsafe extern "C" fn $name $(<$($generic: $bound),*>)? ($($argument: $type),*) $(-> $result)? $body
    };
}
