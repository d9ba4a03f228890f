//! The host table's memory: its functions are the way to the host, so nobody can write it once it is made.

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::ops::Range;

use loader_abi::Host;
use platform::{Map, Platform, Result, abi};

/// Room for the table in an executable's own pages that are read-only later: that costs no mapping.
#[repr(transparent)]
pub struct TablePlace(UnsafeCell<MaybeUninit<Host>>);

// SAFETY: written once, before other threads exist.
unsafe impl Sync for TablePlace {}

impl TablePlace {
    /// Without a table.
    #[must_use]
    pub const fn new() -> Self {
        Self(UnsafeCell::new(MaybeUninit::zeroed()))
    }
}

impl Default for TablePlace {
    fn default() -> Self {
        Self::new()
    }
}

/// Pages of the loader itself that nobody writes after the start.
#[derive(Clone)]
pub struct ReadOnly {
    /// Their addresses.
    pub pages: Range<usize>,
    /// Among them, room for the table.
    pub table: &'static TablePlace,
}

/// Writes the table and takes the right to write it away, and with it to all other pages that are `read_only` from now on. Without
/// such pages it gets one of its own.
pub(super) fn seal<P: Platform>(platform: &P, read_only: Option<ReadOnly>, table: Host) -> Result<&'static Host> {
    let (pages, place) = match read_only {
        Some(ReadOnly { pages, table }) => (pages, table.0.get().cast::<Host>()),
        None => {
            let length = size_of::<Host>().next_multiple_of(platform.page_bytes());
            let address = platform.map(Map {
                address: platform.random_place(),
                length,
                protection: abi::protection::READ | abi::protection::WRITE,
                flags: abi::mapping::PRIVATE | abi::mapping::ANONYMOUS,
                fd: -1,
                offset: 0,
            })?;
            (address..address + length, address as *mut Host)
        }
    };
    // SAFETY: room for a table that is used once, for the life of the process: a static, or the fresh memory of a page.
    let table = unsafe {
        place.write(table);
        &*place
    };
    platform.protect(pages.start, pages.len(), abi::protection::READ)?;
    Ok(table)
}
