//! Message catalogs, POSIX.1-2024 `catopen`: the file format that the `gencat` of the BSDs and of musl's users writes. All numbers are
//! 32-bit, big-endian. A header (magic, sets, bytes after the header, offset of the message table, offset of the texts); then for each set
//! (number, messages, index of its first message); for each message (number, length, offset of its text). Offsets count from the
//! end of the header.

use core::ffi::CStr;

use crate::environment;
use crate::locale::Locale;
use crate::rt::{Errno, Files, Host, Result, abi, heap, host};
use crate::types::c_void;

const MAGIC: u32 = 0xFF88_FF89;
const HEADER: usize = 20;
const ENTRY: usize = 12;
/// Bytes of the longest path.
const PATH_BYTES: usize = 4096;
/// LC_MESSAGES.
const MESSAGES: usize = 5;

/// An open catalog in memory; `length` bytes of the file follow.
#[repr(C)]
struct Catalog {
    mark: usize,
    length: usize,
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

/// Reads a whole catalog file. EINVAL if it is none.
fn read(host: &Host, path: &[u8]) -> Result<*mut c_void> {
    let fd = host.open(abi::at::CURRENT_DIRECTORY, path, abi::open::CLOSE_ON_EXEC, 0)?;
    let catalog = read_open(host, fd);
    let closed = host.close(fd);
    closed.and(catalog)
}

fn read_open(host: &Host, fd: i32) -> Result<*mut c_void> {
    let mut header = [0; HEADER];
    fill(host, fd, &mut header)?;
    let (Some(MAGIC), Some(rest)) = (number(&header, 0), number(&header, 8)) else { return Err(Errno::INVAL) };
    let length = HEADER + rest as usize;
    // A damaged header must not make us ask for gigabytes.
    if host.stat(fd, b"", abi::at::EMPTY_PATH)?.size < length as i64 {
        return Err(Errno::INVAL);
    }
    let memory: *mut c_void = heap::allocate(size_of::<Catalog>() + length)?.cast();
    // SAFETY: fresh memory of that size; malloc aligns for any object.
    let body = unsafe {
        memory.cast::<Catalog>().write(Catalog { mark: Catalog::OPEN, length });
        let body = memory.byte_add(size_of::<Catalog>()).cast::<u8>();
        crate::string::fill::fill(body, 0, length);
        core::slice::from_raw_parts_mut(body, length)
    };
    let (start, rest) = body.split_at_mut(HEADER);
    start.copy_from_slice(&header);
    match fill(host, fd, rest) {
        Ok(()) => Ok(memory),
        Err(errno) => {
            // SAFETY: from malloc above, nobody else has it.
            unsafe { heap::release(memory.cast()) };
            Err(errno)
        }
    }
}

/// Reads until the buffer is full. EINVAL at an early end of the file.
fn fill(host: &Host, fd: i32, mut buffer: &mut [u8]) -> Result<()> {
    while !buffer.is_empty() {
        match host.read(fd, buffer) {
            Ok(0) => return Err(Errno::INVAL),
            Ok(n) => buffer = buffer.get_mut(n..).ok_or(Errno::IO)?,
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
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
    // SAFETY: caller contract; the bytes follow the header.
    unsafe {
        if (*catalog).mark != Catalog::OPEN {
            return Err(Errno::BADF);
        }
        Ok(core::slice::from_raw_parts(catalog.add(1).cast(), (*catalog).length))
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
    // SAFETY: caller contract; the memory came from malloc.
    unsafe {
        file(descriptor)?;
        descriptor.cast::<Catalog>().write(Catalog { mark: 0, length: 0 });
        heap::release(descriptor.cast());
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
