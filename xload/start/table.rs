//! The host table's memory.

use loader_abi::Host;
use platform::{Map, Platform, Result, abi};

/// Puts the table where nobody can write: its functions are the way to the host, for the loader and for the program.
pub(super) fn sealed<P: Platform>(platform: &P, table: Host) -> Result<&'static Host> {
    let length = size_of::<Host>().next_multiple_of(platform.page_bytes());
    let address = platform.map(Map {
        address: platform.random_place(),
        length,
        protection: abi::protection::READ | abi::protection::WRITE,
        flags: abi::mapping::PRIVATE | abi::mapping::ANONYMOUS,
        fd: -1,
        offset: 0,
    })?;
    let place = address as *mut Host;
    // SAFETY: fresh memory, aligned to a page and large enough, for the life of the process.
    let table = unsafe {
        place.write(table);
        &*place
    };
    platform.protect(address, length, abi::protection::READ)?;
    Ok(table)
}
