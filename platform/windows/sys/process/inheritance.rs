//! What a parent of our own kind passes on: data, which `start` and `places` use.

use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::System::Memory::{FILE_MAP_COPY, MEMORY_BASIC_INFORMATION, MapViewOfFile, VirtualQuery};
use windows_sys::Win32::System::Threading::{GetStartupInfoW, STARTUPINFOW};

use crate::pure::inherit::{self, Inheritance};
use crate::pure::sent::{self, Sent};
use crate::sys::native::nt::Handle;
use crate::sys::native::sync::Mutex;

/// What a parent of our own kind sent.
pub fn get() -> Option<Inheritance> {
    let mut info = STARTUPINFOW::default();
    // SAFETY: one structure is written.
    unsafe { GetStartupInfoW(&mut info) };
    if info.lpReserved2.is_null() {
        return None;
    }
    // SAFETY: the block that the parent passed, of the length that came with it.
    inherit::decode(unsafe { core::slice::from_raw_parts(info.lpReserved2, usize::from(info.cbReserved2)) })
}

/// The strings that a parent of our own kind sent, in memory that lives as long as the process.
pub fn sent() -> Option<Sent<'static>> {
    struct Memory {
        asked: bool,
        view: Option<&'static [u8]>,
    }
    static MEMORY: Mutex<Memory> = Mutex::new(Memory { asked: false, view: None });
    let mut memory = MEMORY.lock();
    if !core::mem::replace(&mut memory.asked, true) {
        memory.view = get().and_then(|parent| view(Handle::own(parent.strings as HANDLE)?));
    }
    sent::decode(memory.view?)
}

/// A section of memory as a private copy: the program may write into its strings.
fn view(section: Handle) -> Option<&'static [u8]> {
    let mut about = MEMORY_BASIC_INFORMATION::default();
    // SAFETY: a new view, which is never unmapped, is readable for as long as Windows says.
    unsafe {
        let view = MapViewOfFile(section.raw(), FILE_MAP_COPY, 0, 0, 0);
        if view.Value.is_null() || VirtualQuery(view.Value, &mut about, size_of::<MEMORY_BASIC_INFORMATION>()) == 0 {
            return None;
        }
        Some(core::slice::from_raw_parts(view.Value.cast(), about.RegionSize))
    }
}
