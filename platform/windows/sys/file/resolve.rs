//! What a path means.

use alloc::vec::Vec;

use platform::abi::at;
use platform::{Errno, Fd, Result};
use windows_sys::Wdk::Storage::FileSystem::FILE_DIRECTORY_FILE;
use windows_sys::Win32::Storage::FileSystem::FILE_READ_ATTRIBUTES;

use super::kind::Kind;
use super::{descriptors, places};
use crate::pure::path::{self, Device, Target};
use crate::sys::native::nt;

/// What a path given with a directory names. `making`: its last name may be made.
pub fn resolve(directory: Fd, given: &[u8], making: bool) -> Result<Target> {
    Ok(resolve_named(directory, given, making)?.0)
}

/// As [`resolve`], with the absolute path of the guest.
pub fn resolve_named(directory: Fd, given: &[u8], making: bool) -> Result<(Target, Vec<u8>)> {
    if given.is_empty() {
        return Err(Errno::NOENT);
    }
    if given.contains(&0) {
        return Err(Errno::INVAL);
    }
    let absolute = matches!(given, [b'/' | b'\\', ..]) || matches!(given, [_, b':', ..]);
    let mut full = if absolute || directory == at::CURRENT_DIRECTORY {
        places::absolute(given)
    } else {
        let file = descriptors::get(directory)?;
        let handle = file.handle.as_ref().filter(|_| file.kind() == Kind::Directory).ok_or(Errno::NOTDIR)?;
        path::absolute(given, &places::name_of(handle, file.name())?)
    };
    while let Some((prefix, rest)) = path::climb(&full) {
        let Target::File(file) = places::with_places(|places| path::target(prefix, places, false))? else {
            return Err(Errno::NOTDIR);
        };
        let handle = nt::open(&file.nt, FILE_READ_ATTRIBUTES, FILE_DIRECTORY_FILE)
            .map_err(|status| places::error(&file, status))?;
        let above = path::above(&places::name_of(&handle, Some(prefix))?);
        full = [&above, &b"/"[..], rest].concat();
    }
    let target = match places::with_places(|places| path::target(&full, places, making))? {
        Target::Device(Device::Shell) => shell(making),
        target => target,
    };
    Ok((target, full))
}

/// What `/bin/sh` names: the root's file where there is one, or is to be one.
fn shell(making: bool) -> Target {
    match places::with_places(path::root_shell) {
        Ok(file) if making || nt::open(&file.nt, FILE_READ_ATTRIBUTES, 0).is_ok() => Target::File(file),
        _ => Target::Device(Device::Shell),
    }
}
