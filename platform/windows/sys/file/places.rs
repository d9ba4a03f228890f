//! Where the guest's tree lies, and the current directory, which is ours: Windows keeps its own open and limits its length.

use alloc::vec;
use alloc::vec::Vec;

use platform::{Errno, Result};
use windows_sys::Wdk::Storage::FileSystem::FILE_DIRECTORY_FILE;
use windows_sys::Win32::Storage::FileSystem::{FILE_READ_ATTRIBUTES, GetTempPathW};
use windows_sys::Win32::System::Environment::{GetCurrentDirectoryW, SetCurrentDirectoryW};
use windows_sys::Win32::System::SystemInformation::GetSystemDirectoryW;

use crate::pure::path::{self, FilePath, Places, Target};
use crate::pure::{naming, status, utf16};
use crate::sys::native::attributes::is_directory;
use crate::sys::native::nt::{self, Handle};
use crate::sys::native::sync::Mutex;
use crate::sys::process::inheritance;

struct State {
    ready: bool,
    /// Root and `/tmp` are without links.
    settled: bool,
    root: Vec<u8>,
    temporary: Vec<u8>,
    current: Vec<u8>,
}

static STATE: Mutex<State> =
    Mutex::new(State { ready: false, settled: false, root: Vec::new(), temporary: Vec::new(), current: Vec::new() });

fn with<T>(use_state: impl FnOnce(&mut State) -> T) -> T {
    let mut state = STATE.lock();
    if !state.ready {
        state.ready = true;
        state.temporary = wide_answer(|buffer, length| {
            // SAFETY: the buffer is writable for the length.
            unsafe { GetTempPathW(length, buffer) }
        })
        .and_then(|wide| path::to_guest(&wide))
        .unwrap_or_default();
        state.current = wide_answer(|buffer, length| {
            // SAFETY: the buffer is writable for the length.
            unsafe { GetCurrentDirectoryW(length, buffer) }
        })
        .and_then(|wide| path::to_guest(&wide))
        .unwrap_or_else(|| b"/c".to_vec());
    }
    use_state(&mut state)
}

/// The answer of a function that takes a buffer and its length and gives the length it needs.
pub fn wide_answer(ask: impl Fn(*mut u16, u32) -> u32) -> Option<Vec<u16>> {
    let mut buffer = vec![0u16; 300];
    for _ in 0..3 {
        let length = ask(buffer.as_mut_ptr(), buffer.len() as u32) as usize;
        match length {
            0 => return None,
            length if length < buffer.len() => {
                buffer.truncate(length);
                return Some(buffer);
            }
            length => buffer.resize(length + 1, 0),
        }
    }
    None
}

/// Sets the distx root: a guest path that names a drive or share. The current directory has the name that a parent of our own
/// kind gave it, where that means the same here.
pub fn set_root(root: &[u8]) {
    with(|state| state.root = path::absolute_of_host(root, &state.current));
    let Some(sent) = inheritance::sent() else { return };
    let Ok(place) = utf16::to_wide(sent.place) else { return };
    let target = with_places(|places| path::target(sent.directory, places, false));
    let current = match target {
        Ok(Target::File(file)) if file.is_same(&place) => Some(sent.directory.to_vec()),
        _ => path::to_guest(&place),
    };
    if let Some(current) = current {
        with(|state| state.current = current);
    }
}

/// The absolute guest path, not yet normal, of a path that a person may have written. Two slashes before a name that is there at
/// the top are one: the network would be asked for a machine of that name for seconds.
pub fn absolute(path: &[u8]) -> Vec<u8> {
    let full = with(|state| path::absolute_of_host(path, &state.current));
    let is_there = |name: &[u8]| match with_places(|places| path::target(&[b"/", name].concat(), places, false)) {
        Ok(Target::File(file)) => nt::attributes(&file.nt).is_ok(),
        _ => false,
    };
    match full.get(1..) {
        Some(local) if path.starts_with(b"//") && path::server(path).is_some_and(is_there) => local.to_vec(),
        _ => full,
    }
}

/// Calls with the places of the guest's tree.
pub fn with_places<T>(use_places: impl FnOnce(Places<'_>) -> T) -> T {
    with(|state| use_places(Places { root: &state.root, temporary: &state.temporary }))
}

/// The current directory in guest form.
pub fn current() -> Vec<u8> {
    with(|state| state.current.clone())
}

/// Makes the directory of an open handle, which was asked for as `given`, the current one.
pub fn set_current(directory: &Handle, given: Option<&[u8]>) -> Result<()> {
    let name = name_of(directory, given)?;
    with(|state| state.current = name);
    Ok(())
}

/// The guest's name for an open directory that was asked for as `given`, an absolute path ([`naming::name_of`]).
pub fn name_of(directory: &Handle, given: Option<&[u8]>) -> Result<Vec<u8>> {
    let plain = without_links(directory, given)?;
    let name = || with_places(|places| naming::name_of(&plain, given, places));
    let first = name();
    if given == Some(&first[..]) || !settle() { Ok(first) } else { Ok(name()) }
}

/// The path without links of an open file that was asked for as `given`, an absolute path; it starts with a drive or share
/// ([`naming::without_links`]). Where Windows has no path for the file, the one that was asked for is all there is.
pub fn without_links(file: &Handle, given: Option<&[u8]>) -> Result<Vec<u8>> {
    let asked = match with_places(|places| path::target(given.unwrap_or(b"/"), places, false)) {
        Ok(Target::File(asked)) => asked,
        _ => return nt::final_path(file).and_then(|real| path::to_guest(&real).ok_or(Errno::NOENT)),
    };
    let lexical = || path::to_guest(&asked.nt).filter(|_| given.is_some());
    let real = match nt::final_path(file) {
        Ok(real) if asked.is_same(&real) => return lexical().or_else(|| path::to_guest(&real)).ok_or(Errno::NOENT),
        Ok(real) => real,
        Err(errno) => return lexical().ok_or(errno),
    };
    // Opened only where it is another drive: one of the network may take its time.
    let real_top = || nt::final_path(&nt::open(&asked.top().nt, FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE).ok()?).ok();
    naming::without_links(&real, &asked, real_top).or_else(lexical).ok_or(Errno::NOENT)
}

/// Replaces root and `/tmp` by their paths without links and short names, with which other such paths can be compared. False
/// when that was done before.
fn settle() -> bool {
    if with(|state| core::mem::replace(&mut state.settled, true)) {
        return false;
    }
    let (root, temporary) = with(|state| (state.root.clone(), state.temporary.clone()));
    let real = |place: Vec<u8>| {
        let Ok(Target::File(file)) = path::target(&place, Places::default(), false) else { return place };
        let handle = nt::open(&file.nt, FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE).ok();
        handle.and_then(|handle| without_links(&handle, Some(&place)).ok()).unwrap_or(place)
    };
    let (root, temporary) = (real(root), real(temporary));
    with(|state| (state.root, state.temporary) = (root, temporary));
    true
}

fn system_folder() -> Option<Vec<u16>> {
    wide_answer(|buffer, length| {
        // SAFETY: the buffer is writable for the length.
        unsafe { GetSystemDirectoryW(buffer, length) }
    })
}

/// Leaves Windows' current directory, which nobody could remove as long as it is ours, for one that stays; its name is kept as the
/// guest's.
pub fn leave_current() {
    let start = current();
    let Some(mut folder) = system_folder().filter(|folder| path::to_guest(folder).as_ref() != Some(&start)) else {
        return;
    };
    folder.push(0);
    // SAFETY: the path ends with a zero. Where it fails, the old one stays open.
    unsafe { SetCurrentDirectoryW(folder.as_ptr()) };
}

/// The command interpreter of Windows. The environment's `ComSpec` is not asked: it may name anything.
pub fn interpreter() -> Result<FilePath> {
    let folder = system_folder().and_then(|wide| path::to_guest(&wide)).ok_or(Errno::NOENT)?;
    match with_places(|places| path::target(&[&folder, &b"/cmd.exe"[..]].concat(), places, false))? {
        Target::File(file) => Ok(file),
        Target::Device(_) => Err(Errno::NOENT),
    }
}

/// The error of a request on a path. The kernel does not say whether a directory on the way is missing or is a file.
pub fn error(file: &FilePath, status: i32) -> Errno {
    if status == status::nt::OBJECT_PATH_NOT_FOUND {
        let mut up = file.parent();
        while let Some(path) = up {
            match nt::open(&path.nt, FILE_READ_ATTRIBUTES, 0) {
                Ok(handle) if is_directory(&handle) == Ok(false) => return Errno::NOTDIR,
                Ok(_) => return Errno::NOENT,
                Err(_) => up = path.parent(),
            }
        }
    }
    status::from_status(status)
}
