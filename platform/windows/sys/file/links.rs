//! Where symbolic links lead, and what else stands for another file: aliases of programs, and Linux' links, which Windows itself
//! does not follow. It says so when the last name of a path is one.

use alloc::vec::Vec;

use platform::{Errno, Result};
use windows_sys::Wdk::Storage::FileSystem::FILE_OPEN_REPARSE_POINT;
use windows_sys::Win32::Storage::FileSystem::FILE_READ_ATTRIBUTES;

use super::places;
use crate::pure::naming;
use crate::pure::path::{self, FilePath, Target};
use crate::pure::reparse::Point;
use crate::pure::status::nt as code;
use crate::sys::native::nt::{self, Handle};
use crate::sys::native::reparse;

/// The guest's text of an open symbolic link or junction.
pub fn target(handle: &Handle) -> Result<Vec<u8>> {
    match reparse::of(handle)? {
        Point::Link(wide) => Ok(places::with_places(|places| naming::link_target(&wide, places))),
        Point::LinuxLink(text) => Ok(text),
        Point::Volume | Point::Program(_) | Point::Plain => Err(Errno::INVAL),
    }
}

/// Opens what a path leads to, by the path that is given to `open`.
pub fn follow<T>(path: &FilePath, open: impl Fn(&FilePath) -> nt::Status<T>) -> nt::Status<T> {
    /// As many links as Linux follows.
    const MOST: usize = 40;
    let mut opened = open(path);
    let mut next = path.clone();
    for _ in 0..MOST {
        if !matches!(opened, Err(code::REPARSE_TAG_NOT_HANDLED)) {
            return opened;
        }
        let Some(behind) = behind(&next) else { return opened };
        opened = open(&behind);
        next = behind;
    }
    opened.map_err(|_| code::REPARSE_POINT_NOT_RESOLVED)
}

/// Opens, to ask about it, what a path leads to. An alias whose program this user may not look at stands for itself: it can be
/// started all the same.
pub fn open_to_ask(path: &FilePath, rights: u32) -> nt::Status<Handle> {
    let opened = follow(path, |path| nt::open(&path.nt, rights, 0));
    if rights != FILE_READ_ATTRIBUTES || !matches!(opened, Err(code::ACCESS_DENIED)) {
        return opened;
    }
    match nt::open(&path.nt, rights, FILE_OPEN_REPARSE_POINT) {
        Ok(alias) if matches!(reparse::of(&alias), Ok(Point::Program(_))) => Ok(alias),
        _ => opened,
    }
}

/// What the last name of a path stands for.
fn behind(path: &FilePath) -> Option<FilePath> {
    let itself = nt::open(&path.nt, FILE_READ_ATTRIBUTES, FILE_OPEN_REPARSE_POINT).ok()?;
    let guest = match reparse::of(&itself).ok()? {
        Point::Program(wide) => path::to_guest(&wide)?,
        Point::LinuxLink(text) => path::of_linux_link(&text, &path::to_guest(&path.parent()?.nt)?),
        Point::Link(_) | Point::Volume | Point::Plain => return None,
    };
    match places::with_places(|places| path::target(&guest, places, false)) {
        Ok(Target::File(file)) => Some(file),
        _ => None,
    }
}
