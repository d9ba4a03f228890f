//! What the process is started with: arguments, environment, descriptors.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char};

use platform::Fd;
use platform::abi::open;
use windows_sys::Wdk::Storage::FileSystem::{FILE_ACCESS_INFORMATION, FileAccessInformation};
use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_APPEND_DATA, FILE_READ_DATA, FILE_TYPE_CHAR, FILE_TYPE_DISK, FILE_TYPE_PIPE, FILE_WRITE_DATA, GetFileType,
};
use windows_sys::Win32::System::Console::{GetStdHandle, STD_ERROR_HANDLE, STD_INPUT_HANDLE, STD_OUTPUT_HANDLE};
use windows_sys::Win32::System::Environment::{FreeEnvironmentStringsW, GetCommandLineW, GetEnvironmentStringsW};
use windows_sys::Win32::System::Memory::{FILE_MAP_COPY, MEMORY_BASIC_INFORMATION, MapViewOfFile, VirtualQuery};
use windows_sys::Win32::System::Threading::{GetStartupInfoW, STARTUPINFOW};

use super::files::{Kind, OpenFile};
use super::nt::{self, Handle};
use super::sync::Mutex;
use super::{console, stat};
use crate::pure::inherit::{self, Inheritance};
use crate::pure::sent::{self, Sent};
use crate::pure::{command_line, environment, utf16};

/// Strings in C's form: each with its zero, and a list ended by a null pointer. They live as long as the process.
pub struct Strings {
    /// Number of strings.
    pub count: usize,
    /// The list.
    pub list: *const *const c_char,
}

impl Strings {
    /// The strings.
    pub fn iter_c(&self) -> impl Iterator<Item = &'static CStr> {
        let list = self.list;
        // SAFETY: `count` pointers to strings that live as long as the process.
        (0..self.count).map(move |at| unsafe { CStr::from_ptr(*list.add(at)) })
    }

    /// The strings' bytes.
    pub fn iter(&self) -> impl Iterator<Item = &'static [u8]> {
        self.iter_c().map(CStr::to_bytes)
    }
}

fn leak(strings: Vec<Vec<u8>>) -> Strings {
    list(strings.into_iter().map(|mut string| {
        string.push(0);
        Box::leak(string.into_boxed_slice()).as_ptr().cast()
    }))
}

fn list(strings: impl Iterator<Item = *const c_char>) -> Strings {
    let mut list: Vec<*const c_char> = strings.collect();
    let count = list.len();
    list.push(core::ptr::null());
    Strings { count, list: Box::leak(list.into_boxed_slice()).as_ptr() }
}

/// Units before the first zero.
///
/// # Safety
/// A zero follows within the same memory, which lives for `'a`.
unsafe fn until_zero<'a>(start: *const u16) -> &'a [u16] {
    let mut length = 0;
    // SAFETY: caller contract.
    while unsafe { *start.add(length) } != 0 {
        length += 1;
    }
    // SAFETY: caller contract.
    unsafe { core::slice::from_raw_parts(start, length) }
}

/// The arguments of this executable, its own name first: as a parent of our own kind gave them, else as UTF-8.
pub fn arguments() -> Strings {
    if let Some(sent) = sent() {
        return list(sent.arguments.iter().map(|argument| argument.as_ptr()));
    }
    // SAFETY: Windows' own string, for the life of the process.
    let line = unsafe { until_zero(GetCommandLineW()) };
    leak(command_line::split(line).iter().map(|argument| utf16::to_bytes(argument)).collect())
}

/// The environment: as a parent of our own kind gave it, else in the guest's form ([`environment::to_guest`]).
pub fn environment() -> Strings {
    if let Some(sent) = sent() {
        return list(sent.environment.iter().map(|variable| variable.as_ptr()));
    }
    let mut variables = Vec::new();
    // SAFETY: no arguments.
    let block = unsafe { GetEnvironmentStringsW() };
    let mut at = block.cast_const();
    while !at.is_null() {
        // SAFETY: strings ended by zeros, up to an empty one.
        let variable = unsafe { until_zero(at) };
        if variable.is_empty() {
            break;
        }
        variables.push(variable);
        // SAFETY: behind the zero comes the next string or the end.
        at = unsafe { at.add(variable.len() + 1) };
    }
    let guest = environment::to_guest(&variables);
    if !block.is_null() {
        // SAFETY: the block from above; nothing refers to it any more.
        unsafe { FreeEnvironmentStringsW(block) };
    }
    leak(guest)
}

/// What a parent of our own kind sent.
fn inheritance() -> Option<Inheritance> {
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
        memory.view = inheritance().and_then(|parent| view(Handle::own(parent.strings as HANDLE)?));
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

/// Blocked and ignored signals from the parent.
pub fn inherited_signals() -> (u64, u64) {
    inheritance().map_or((0, 0), |parent| (parent.mask, parent.ignored))
}

/// The descriptors that the process begins with: those a parent of our own kind sent, else the three standard ones.
pub fn inherited() -> Vec<(Fd, OpenFile)> {
    if let Some(parent) = inheritance() {
        return parent.descriptors.iter().filter_map(|row| Some((row.fd, received(row)?))).collect();
    }
    [STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE]
        .into_iter()
        .enumerate()
        .filter_map(|(fd, which)| {
            // SAFETY: no pointers.
            let raw = unsafe { GetStdHandle(which) };
            Some((fd as Fd, adopt(raw, 0)?))
        })
        .collect()
}

fn received(row: &inherit::Inherited) -> Option<OpenFile> {
    match Kind::from_number(row.kind)? {
        kind @ (Kind::Zero | Kind::Random) => Some(OpenFile::new(None, kind, row.flags)),
        _ => {
            let mut file = adopt(row.handle as HANDLE, row.flags & (open::APPEND | open::NON_BLOCK))?;
            // The mode that the parent knew is more exact than the handle's rights.
            file.mode = row.flags & (open::ACCESS_MODE | open::PATH);
            Some(file)
        }
    }
}

/// An open file for a handle that came from outside; `None` when it is none.
fn adopt(raw: HANDLE, flags: u32) -> Option<OpenFile> {
    let handle = Handle::own(raw)?;
    // SAFETY: no pointers; a bad handle is an unknown type.
    let kind = match unsafe { GetFileType(handle.raw()) } {
        FILE_TYPE_DISK if stat::is_directory(&handle) => Kind::Directory,
        FILE_TYPE_DISK => Kind::File,
        FILE_TYPE_PIPE => Kind::Pipe,
        FILE_TYPE_CHAR if console::is_console(&handle) => Kind::Console,
        FILE_TYPE_CHAR => Kind::Null,
        _ => {
            // A number that is no handle of ours must not be closed.
            core::mem::forget(handle);
            return None;
        }
    };
    let access: FILE_ACCESS_INFORMATION = nt::query(&handle, FileAccessInformation).unwrap_or_default();
    let rights = access.AccessFlags;
    let mode = match (rights & FILE_READ_DATA != 0, rights & (FILE_WRITE_DATA | FILE_APPEND_DATA) != 0) {
        (true, false) => open::READ_ONLY,
        (false, true) => open::WRITE_ONLY,
        _ => open::READ_WRITE,
    };
    Some(OpenFile::new(Some(handle), kind, mode | flags))
}
