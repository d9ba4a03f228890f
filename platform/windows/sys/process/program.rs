//! The file that a child runs, the directory that it runs in, and how Windows is told of both.

use alloc::vec::Vec;

use platform::{Errno, Result};
use windows_sys::Wdk::Storage::FileSystem::FILE_DIRECTORY_FILE;
use windows_sys::Win32::Storage::FileSystem::{FILE_READ_ATTRIBUTES, FILE_READ_DATA, GetShortPathNameW};

use super::identity;
use crate::pure::path::{Device, FilePath, Target, last_name};
use crate::pure::{utf16, win32};
use crate::sys::file::{execute, places, stat};
use crate::sys::native::attributes::is_directory;
use crate::sys::native::nt::{self, Handle};

/// The loader's name in every root.
const LOADER: &[u8] = b"xload_windows.exe";

/// What is to be run.
pub struct Program {
    /// The file.
    pub file: FilePath,
    /// It is the command interpreter in the place of a shell.
    pub is_interpreter: bool,
}

impl Program {
    /// The program that `given` names, by a look-up of paths. Windows' programs are found without their `.exe` as well, also
    /// where a file that is none has the name without it: the `bin` of a package holds `clang` for Linux beside `clang.exe`.
    pub fn find(given: &[u8], look_up: impl Fn(&[u8]) -> Result<Target>) -> Result<Self> {
        let mut error = Errno::NOENT;
        for ending in [&b""[..], b".exe"] {
            match look_up(&[given, ending].concat()) {
                Ok(Target::File(file)) => match stat::open_path(&file, FILE_READ_ATTRIBUTES, true) {
                    Ok(handle) if is_directory(&handle)? || !execute::may_run(&handle, file.name())? => {
                        error = Errno::ACCES;
                    }
                    Ok(handle) if !is_executable(&handle, file.name()) => error = Errno::NOEXEC,
                    Ok(_) => return Ok(Self { file, is_interpreter: false }),
                    Err(errno) if ending.is_empty() => error = errno,
                    Err(_) => {}
                },
                Ok(Target::Device(Device::Shell)) => {
                    return Ok(Self { file: places::interpreter()?, is_interpreter: true });
                }
                Ok(Target::Device(_)) => return Err(Errno::ACCES),
                Err(errno) if ending.is_empty() => error = errno,
                Err(_) => {}
            }
        }
        Err(error)
    }

    /// Whether it is this loader, here or in another root. One that a program is packed with has the program's name, which others may
    /// have too: it is told by its whole path.
    pub fn is_ours(&self) -> bool {
        let own = identity::own_file().unwrap_or_default();
        let is_loader = |name: &[u16]| utf16::to_bytes(name).eq_ignore_ascii_case(LOADER);
        is_loader(last_name(&own)) && is_loader(self.file.name()) || self.file.is_same(&own)
    }

    /// Its path for `CreateProcessW`.
    pub fn path(&self) -> Vec<u16> {
        let plain = self.file.plain();
        if win32::is_taken_as_written(&plain) { plain } else { self.file.win32() }
    }
}

/// Whether `CreateProcessW` starts an open file itself, by the name it was asked for. It gives a batch file to cmd.exe, whose rules for
/// quotes cannot be met safely, and tells one by its name; so neither this name nor the one that links and short names lead
/// to may be such a name, and what is no executable is none by any name.
fn is_executable(file: &Handle, name: &[u16]) -> bool {
    let real = nt::final_path(file).unwrap_or_default();
    let mut start = [0; 2];
    // One that may be run and not read has its name only; so has a link to a packaged program.
    let count = nt::reopen(file, FILE_READ_DATA, 0).and_then(|file| nt::read(&file, &mut start, Some(0))).unwrap_or(0);
    !win32::is_batch(name) && !win32::is_batch(last_name(&real)) && (count == 0 || start == *b"MZ")
}

/// A directory for `CreateProcessW`: by its short name where the path is too long for the current directory of a program, or means
/// another one there; `ENAMETOOLONG`, or `EINVAL`, where it has none. `ENOENT` where it is gone.
pub fn folder(folder: &FilePath) -> Result<Vec<u16>> {
    /// A backslash goes between the path and its zero.
    const UNITS: usize = win32::MAX_PATH - 1;
    let is_usable = |plain: &[u16]| plain.len() <= UNITS && win32::is_taken_as_written(plain);
    nt::open(&folder.nt, FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE).map_err(|status| places::error(folder, status))?;
    let plain = folder.plain();
    if is_usable(&plain) {
        return Ok(plain);
    }
    let win32 = folder.win32();
    let short = places::wide_answer(|buffer, length| {
        // SAFETY: the path ends with a zero; the buffer is writable for the length.
        unsafe { GetShortPathNameW(win32.as_ptr(), buffer, length) }
    });
    let short = short.map(|short| FilePath { nt: short, directory: true }.plain());
    let error = if plain.len() > UNITS { Errno::NAMETOOLONG } else { Errno::INVAL };
    short.filter(|short| is_usable(short)).ok_or(error)
}
