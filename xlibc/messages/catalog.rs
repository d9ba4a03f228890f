//! Message catalogs, POSIX.1-2024 `catopen`: the file format that the `gencat` of the BSDs and of musl's users writes. All numbers are
//! 32-bit, big-endian. A header (magic, sets, bytes after the header, offset of the message table, offset of the texts); then for each set
//! (number, messages, index of its first message); for each message (number, length, offset of its text). Offsets count from the
//! end of the header.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ffi::CStr;

use crate::environment;
use crate::locale::Locale;
use crate::rt::{Errno, Files, Host, Result, abi, blocking, heap, host, read_up_to};
use crate::types::c_void;

const MAGIC: u32 = 0xFF88_FF89;
const HEADER: usize = 20;
const ENTRY: usize = 12;
/// Bytes of the longest path.
const PATH_BYTES: usize = 4096;
/// LC_MESSAGES.
const MESSAGES: usize = 5;

/// An open catalog in memory.
#[repr(C)]
struct Catalog {
    mark: usize,
    file: Vec<u8>,
}

impl Catalog {
    const OPEN: usize = 0x6361_7461_6C6F_6721;
}

/// The number at a byte of the file.
fn number(file: &[u8], at: usize) -> Option<u32> {
    file.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// The entry with a number in a table: its other two words.
fn entry(file: &[u8], table: usize, count: u32, wanted: u32) -> Option<(u32, u32)> {
    let mut at = table;
    for _ in 0..count {
        if number(file, at)? == wanted {
            return Some((number(file, at + 4)?, number(file, at + 8)?));
        }
        at += ENTRY;
    }
    None
}

/// A text of a catalog file; `None` where it has no such message, or is damaged there.
fn find(file: &[u8], set: u32, message: u32) -> Option<&CStr> {
    let (count, first) = entry(file, HEADER, number(file, 4)?, set)?;
    let messages = HEADER + number(file, 12)? as usize + first as usize * ENTRY;
    let (_, offset) = entry(file, messages, count, message)?;
    let text = file.get(HEADER + number(file, 16)? as usize + offset as usize..)?;
    CStr::from_bytes_until_nul(text).ok()
}

/// Reads a whole catalog file. EINVAL if it is not one.
fn read(host: &Host, path: &[u8]) -> Result<*mut c_void> {
    let fd = blocking(|| host.open(abi::at::CURRENT_DIRECTORY, path, abi::open::CLOSE_ON_EXEC, 0))?;
    let file = read_open(host, fd);
    host.close(fd).and(file).and_then(|file| {
        let catalog = heap::boxed(Catalog { mark: Catalog::OPEN, file })?;
        Ok(Box::into_raw(catalog).cast())
    })
}

fn read_open(host: &Host, fd: i32) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    read_up_to(host, fd, &mut file, HEADER)?;
    let (Some(MAGIC), Some(rest)) = (number(&file, 0), number(&file, 8)) else { return Err(Errno::INVAL) };
    let length = HEADER + rest as usize;
    read_up_to(host, fd, &mut file, length)?;
    if file.len() < length { Err(Errno::INVAL) } else { Ok(file) }
}

/// Opens a catalog: a path if the name has a slash, else by the templates in NLSPATH. With `flag` NL_CAT_LOCALE (1) the locale's name there is
/// that of LC_MESSAGES, else that in LANG.
pub fn open(name: &[u8], flag: i32) -> Result<*mut c_void> {
    if name.contains(&b'/') {
        return read(host(), name);
    }
    let is_set = |value: &&[u8]| !value.is_empty();
    let locale = if flag == 0 {
        // SAFETY: `environ` is a list of strings by its contract, and the value is used at once.
        unsafe { environment::value(b"LANG") }.filter(is_set).unwrap_or(b"C")
    } else {
        Locale::current().name(Some(MESSAGES)).to_bytes()
    };
    // SAFETY: as above.
    let templates = unsafe { environment::trusted_value(b"NLSPATH") }.filter(is_set).ok_or(Errno::NOENT)?;
    for template in templates.split(|byte| *byte == b':') {
        let mut path = Path { bytes: [0; PATH_BYTES], length: 0 };
        if path.expand(if template.is_empty() { b"%N" } else { template }, name, locale).is_none() {
            continue;
        }
        let path = path.bytes.get(..path.length).unwrap_or_default();
        match read(host(), path) {
            Err(Errno::NOENT | Errno::NOTDIR) => {}
            result => return result,
        }
    }
    Err(Errno::NOENT)
}

/// A path in the making.
struct Path {
    bytes: [u8; PATH_BYTES],
    length: usize,
}

impl Path {
    fn push(&mut self, text: &[u8]) -> Option<()> {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end)?.copy_from_slice(text);
        self.length = end;
        Some(())
    }
    /// POSIX.1-2024 8.2, NLSPATH: %N name, %L locale, %l its language, %t territory, %c code set. `None` if the path is too long.
    fn expand(&mut self, template: &[u8], name: &[u8], locale: &[u8]) -> Option<()> {
        let mut parts = locale.splitn(2, |byte| *byte == b'.');
        let mut place = parts.next().unwrap_or_default().splitn(2, |byte| *byte == b'_');
        let code_set = parts.next().unwrap_or_default();
        let language = place.next().unwrap_or_default();
        let territory = place.next().unwrap_or_default();
        let mut template = template.iter();
        while let Some(byte) = template.next() {
            if *byte != b'%' {
                self.push(&[*byte])?;
                continue;
            }
            match template.next()? {
                b'N' => self.push(name)?,
                b'L' => self.push(locale)?,
                b'l' => self.push(language)?,
                b't' => self.push(territory)?,
                b'c' => self.push(code_set)?,
                other => self.push(&[*other])?,
            }
        }
        Some(())
    }
}

/// The file of the open catalog behind a descriptor. EBADF for null, -1 and closed ones.
///
/// # Safety
/// A result of `catopen`, or null or -1.
unsafe fn file<'a>(descriptor: *mut c_void) -> Result<&'a [u8]> {
    if descriptor.is_null() || descriptor.addr() == usize::MAX {
        return Err(Errno::BADF);
    }
    let catalog = descriptor.cast::<Catalog>();
    // SAFETY: caller contract.
    unsafe {
        if (*catalog).mark != Catalog::OPEN {
            return Err(Errno::BADF);
        }
        Ok(&(*catalog).file)
    }
}

/// The text of a message. EBADF, ENOMSG.
///
/// # Safety
/// A result of `catopen`, or null or -1. The text lives until the catalog is closed.
pub unsafe fn message<'a>(descriptor: *mut c_void, set: i32, message: i32) -> Result<&'a CStr> {
    // SAFETY: caller contract.
    find(unsafe { file(descriptor) }?, set as u32, message as u32).ok_or(Errno::NOMSG)
}

/// Closes a catalog. EBADF.
///
/// # Safety
/// A result of `catopen`, or null or -1.
pub unsafe fn close(descriptor: *mut c_void) -> Result<()> {
    // SAFETY: caller contract; `read` made the box.
    unsafe {
        file(descriptor)?;
        let catalog = descriptor.cast::<Catalog>();
        // Volatile: read again only by a program that closes it twice, which no optimiser expects.
        (&raw mut (*catalog).mark).write_volatile(0);
        drop(Box::from_raw(catalog));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(words: &[u32], texts: &[u8]) -> Vec<u8> {
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        bytes.extend_from_slice(texts);
        bytes
    }

    #[test]
    fn messages_are_found_by_set_and_number() {
        let words = [MAGIC, 2, 24 + 36 + 15, 24, 60, 1, 2, 0, 7, 1, 2, 1, 5, 0, 4, 5, 5, 1, 5, 10];
        let file = bytes_of(&words, b"four\0five\0last\0");
        assert_eq!(find(&file, 1, 1), Some(c"four"));
        assert_eq!(find(&file, 1, 4), Some(c"five"));
        assert_eq!(find(&file, 7, 1), Some(c"last"));
        assert_eq!([find(&file, 7, 2), find(&file, 2, 1), find(&file, 1, 2)], [None; 3]);
        for length in 0..file.len() {
            let _ = find(&file[..length], 7, 1);
        }
        assert_eq!(find(&[0xFF; 60], 1, 1), None);
    }

    #[test]
    fn templates_expand() {
        let expand = |template: &str, locale: &str| {
            let mut path = Path { bytes: [0; PATH_BYTES], length: 0 };
            path.expand(template.as_bytes(), b"app", locale.as_bytes())?;
            Some(String::from_utf8_lossy(&path.bytes[..path.length]).into_owned())
        };
        assert_eq!(expand("/m/%L/%N.cat", "de_AT.UTF-8").as_deref(), Some("/m/de_AT.UTF-8/app.cat"));
        assert_eq!(expand("%l-%t-%c-%%", "de_AT.UTF-8").as_deref(), Some("de-AT-UTF-8-%"));
        assert_eq!(expand("%l-%t-%c", "C").as_deref(), Some("C--"));
        assert_eq!(expand(&"%N".repeat(2000), "C"), None);
    }

    #[test]
    fn what_is_no_catalog_is_a_bad_descriptor() {
        for descriptor in [core::ptr::null_mut(), core::ptr::without_provenance_mut(usize::MAX)] {
            // SAFETY: both are allowed.
            unsafe {
                assert_eq!(message(descriptor, 1, 1), Err(Errno::BADF));
                assert_eq!(close(descriptor), Err(Errno::BADF));
            }
        }
        assert_eq!(open(b"absent", 0), Err(Errno::NOENT));
    }
}
