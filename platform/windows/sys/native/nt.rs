//! Kernel requests on handles, with the kernel's status as error: code above decides on it or makes it an `Errno`.

use alloc::vec;
use alloc::vec::Vec;
use core::ffi::c_void;
use core::mem::size_of;
use core::ptr::{null, null_mut};

use platform::Errno;
use windows_sys::Wdk::Foundation::{NtQueryObject, OBJECT_ATTRIBUTES, ObjectBasicInformation};
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_INFORMATION_CLASS, FILE_NETWORK_OPEN_INFORMATION, FILE_OPEN, FILE_OPEN_FOR_BACKUP_INTENT,
    FILE_SYNCHRONOUS_IO_NONALERT, FS_INFORMATION_CLASS, NtCreateFile, NtFsControlFile, NtQueryDirectoryFile,
    NtQueryFullAttributesFile, NtQueryInformationFile, NtQueryVolumeInformationFile, NtReadFile, NtSetInformationFile,
    NtWriteFile,
};
use windows_sys::Win32::Foundation::{
    CloseHandle, DUPLICATE_SAME_ACCESS, DuplicateHandle, GetLastError, HANDLE, INVALID_HANDLE_VALUE,
    OBJ_CASE_INSENSITIVE, UNICODE_STRING,
};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_NAME_OPENED, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE, GetFinalPathNameByHandleW, SYNCHRONIZE,
    VOLUME_NAME_DOS, VOLUME_NAME_NT,
};
use windows_sys::Win32::System::IO::IO_STATUS_BLOCK;
use windows_sys::Win32::System::Threading::GetCurrentProcess;
use windows_sys::Win32::System::WindowsProgramming::PUBLIC_OBJECT_BASIC_INFORMATION;

use super::completion::Completion;
use super::injection::{Request, ask};
use crate::pure::status::{self, nt};
use crate::pure::utf16;

/// A result whose error is a kernel status.
pub type Status<T> = core::result::Result<T, i32>;

/// An open handle of this process; closed when dropped.
#[derive(Debug)]
pub struct Handle(HANDLE);

// SAFETY: a handle is a number that every thread of the process may use.
unsafe impl Send for Handle {}
// SAFETY: as above; the kernel orders requests.
unsafe impl Sync for Handle {}

impl Handle {
    /// Takes over a handle; `None` for the values that stand for none.
    pub fn own(raw: HANDLE) -> Option<Self> {
        if raw.is_null() || raw == INVALID_HANDLE_VALUE { None } else { Some(Self(raw)) }
    }

    /// The number.
    pub fn raw(&self) -> HANDLE {
        self.0
    }

    /// Another handle to the same object.
    pub fn duplicate(&self, inherit: bool) -> platform::Result<Self> {
        duplicate(self.0, inherit)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: owned, and not used afterwards.
        unsafe { CloseHandle(self.0) };
    }
}

/// Another handle to the object of `raw`, which may be a pseudo-handle.
pub fn duplicate(raw: HANDLE, inherit: bool) -> platform::Result<Handle> {
    let mut copy = null_mut();
    // SAFETY: no pointers but the answer's place; a bad handle is an error.
    let done = unsafe {
        let process = GetCurrentProcess();
        DuplicateHandle(process, raw, process, &mut copy, 0, i32::from(inherit), DUPLICATE_SAME_ACCESS)
    };
    if done == 0 { Err(last_error()) } else { Handle::own(copy).ok_or(Errno::BADF) }
}

/// The error of the Win32 function that just failed.
pub fn last_error() -> Errno {
    // SAFETY: reads the thread's own word.
    status::from_win32(unsafe { GetLastError() })
}

fn check(status: i32) -> Status<()> {
    // Warnings (0x8...) are failures but for a cut-off answer; success and information are not negative.
    if status >= 0 || status == nt::BUFFER_OVERFLOW { Ok(()) } else { Err(status) }
}

/// What to open and how.
pub struct Open<'a> {
    /// Directory that `name` is relative to, or the file itself when `name` is empty; null for a full path.
    pub root: HANDLE,
    /// Path in the object manager's form.
    pub name: &'a [u16],
    /// `FILE_READ_DATA` and the like; `SYNCHRONIZE` is added.
    pub access: u32,
    /// Attributes of a file that is made.
    pub attributes: u32,
    /// `FILE_OPEN`, `FILE_CREATE`, `FILE_OPEN_IF`.
    pub disposition: u32,
    /// `FILE_DIRECTORY_FILE` and the like; synchronous and with backup intent (directories) is added.
    pub options: u32,
}

impl Open<'_> {
    /// Opens; the handle, and whether the file is new. Others may read, write, rename and delete meanwhile, as in POSIX.
    pub fn open(&self) -> Status<(Handle, bool)> {
        const FILE_CREATED: usize = 2;
        let name = unicode(self.name)?;
        let attributes = named(self.root, &name);
        let mut handle = null_mut();
        let mut block = IO_STATUS_BLOCK::default();
        // SAFETY: all pointers are to live values; the name is only read.
        check(ask(Request::Open, &mut [], |_| unsafe {
            NtCreateFile(
                &mut handle,
                self.access | SYNCHRONIZE,
                &attributes,
                &mut block,
                null(),
                self.attributes,
                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                self.disposition,
                self.options | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT,
                null(),
                0,
            )
        }))?;
        Ok((Handle(handle), block.Information == FILE_CREATED))
    }
}

fn unicode(name: &[u16]) -> Status<UNICODE_STRING> {
    let length = u16::try_from(name.len() * 2).map_err(|_| nt::NAME_TOO_LONG)?;
    Ok(UNICODE_STRING { Length: length, MaximumLength: length, Buffer: name.as_ptr().cast_mut() })
}

fn named(root: HANDLE, name: &UNICODE_STRING) -> OBJECT_ATTRIBUTES {
    OBJECT_ATTRIBUTES {
        Length: size_of::<OBJECT_ATTRIBUTES>() as u32,
        RootDirectory: root,
        ObjectName: name,
        Attributes: OBJ_CASE_INSENSITIVE,
        SecurityDescriptor: null(),
        SecurityQualityOfService: null(),
    }
}

/// The attributes of what a path names itself, without opening it.
pub fn attributes(name: &[u16]) -> Status<u32> {
    let name = unicode(name)?;
    let mut found = FILE_NETWORK_OPEN_INFORMATION::default();
    // SAFETY: pointers to live values.
    check(ask(Request::Attributes, &mut [], |_| unsafe {
        NtQueryFullAttributesFile(&named(null_mut(), &name), &mut found)
    }))?;
    Ok(found.FileAttributes)
}

/// Opens an existing file.
pub fn open(name: &[u16], access: u32, options: u32) -> Status<Handle> {
    Ok(Open { root: null_mut(), name, access, attributes: 0, disposition: FILE_OPEN, options }.open()?.0)
}

/// Opens the file of a handle once more, with other rights.
pub fn reopen(file: &Handle, access: u32, options: u32) -> Status<Handle> {
    Ok(Open { root: file.0, name: &[], access, attributes: 0, disposition: FILE_OPEN, options }.open()?.0)
}

/// What a handle may be used for, if it is one of a file or another object. It never waits.
pub fn access(handle: &Handle) -> Status<u32> {
    let mut answer = PUBLIC_OBJECT_BASIC_INFORMATION::default();
    // SAFETY: the kernel writes at most the size given.
    check(ask(Request::Access, bytes_of(&mut answer), |bytes| unsafe {
        NtQueryObject(handle.0, ObjectBasicInformation, bytes.as_mut_ptr().cast(), bytes.len() as u32, null_mut())
    }))?;
    Ok(answer.GrantedAccess)
}

/// Asks about a file. `T` is the structure of the class.
pub fn query<T: Default + Copy>(file: &Handle, class: FILE_INFORMATION_CLASS) -> Status<T> {
    let mut answer = T::default();
    let mut block = IO_STATUS_BLOCK::default();
    // SAFETY: the kernel writes at most the size given.
    check(ask(Request::Query(class), bytes_of(&mut answer), |bytes| unsafe {
        NtQueryInformationFile(file.0, &mut block, bytes.as_mut_ptr().cast(), bytes.len() as u32, class)
    }))?;
    Ok(answer)
}

/// Asks about the volume of a file.
pub fn query_volume<T: Default + Copy>(file: &Handle, class: FS_INFORMATION_CLASS) -> Status<T> {
    let mut answer = T::default();
    let mut block = IO_STATUS_BLOCK::default();
    // SAFETY: as in `query`.
    check(ask(Request::QueryVolume(class), bytes_of(&mut answer), |bytes| unsafe {
        NtQueryVolumeInformationFile(file.0, &mut block, bytes.as_mut_ptr().cast(), bytes.len() as u32, class)
    }))?;
    Ok(answer)
}

/// A structure of the kernel's, for it to write.
fn bytes_of<T: Copy>(structure: &mut T) -> &mut [u8] {
    // SAFETY: plain words, and the kernel writes valid ones; borrowed as long as the structure.
    unsafe { core::slice::from_raw_parts_mut((&raw mut *structure).cast(), size_of::<T>()) }
}

/// Changes a file. `T` is the structure of the class.
pub fn set<T: Copy>(file: &Handle, class: FILE_INFORMATION_CLASS, value: &T) -> Status<()> {
    set_bytes(file, class, (&raw const *value).cast(), size_of::<T>())
}

fn set_bytes(file: &Handle, class: FILE_INFORMATION_CLASS, data: *const c_void, length: usize) -> Status<()> {
    let mut block = IO_STATUS_BLOCK::default();
    // SAFETY: callers pass a live value and its size; it is only read.
    check(ask(Request::Set(class), &mut [], |_| unsafe {
        NtSetInformationFile(file.0, &mut block, data, length as u32, class)
    }))
}

/// `FILE_RENAME_INFORMATION` and `FILE_LINK_INFORMATION`: flags, no root, and a path of any length.
pub fn set_name(file: &Handle, class: FILE_INFORMATION_CLASS, flags: u32, name: &[u16]) -> Status<()> {
    let mut words: Vec<u64> = Vec::with_capacity(3 + name.len() / 4 + 1);
    words.extend([u64::from(flags), 0, name.len() as u64 * 2]);
    // The length is a u32 at 16 and the name follows at 20.
    let mut half = words.pop().unwrap_or_default();
    let mut filled = 4;
    for unit in name {
        half |= u64::from(*unit) << (8 * filled);
        filled += 2;
        if filled == 8 {
            words.push(half);
            half = 0;
            filled = 0;
        }
    }
    words.push(half);
    set_bytes(file, class, words.as_ptr().cast(), words.len() * 8)
}

/// Reads from a file at an offset, or where its pointer stands. The end of a file or pipe is 0 bytes.
pub fn read(file: &Handle, buffer: &mut [u8], offset: Option<i64>) -> Status<usize> {
    let length = buffer.len().min(MOST) as u32;
    let at = offset.as_ref().map_or(null(), |offset| &raw const *offset);
    // SAFETY: the buffer is writable for its length and outlives the request, which is waited for.
    let done = complete(Request::Read, file, buffer, |event, block, buffer| unsafe {
        NtReadFile(file.0, event, None, null(), block, buffer.as_mut_ptr().cast(), length, at, null())
    });
    match done {
        Err(nt::END_OF_FILE | nt::PIPE_BROKEN | nt::PIPE_CLOSING) => Ok(0),
        other => other,
    }
}

/// Writes to a file at an offset, where its pointer stands, or with [`AT_END`] at its end.
pub fn write(file: &Handle, data: &[u8], offset: Option<i64>) -> Status<usize> {
    let length = data.len().min(MOST) as u32;
    let at = offset.as_ref().map_or(null(), |offset| &raw const *offset);
    // SAFETY: the data is readable for its length and outlives the request, which is waited for.
    complete(Request::Write, file, &mut [], |event, block, _| unsafe {
        NtWriteFile(file.0, event, None, null(), block, data.as_ptr().cast(), length, at, null())
    })
}

/// The offset that means the end of the file at the moment of writing.
pub const AT_END: i64 = -1;
/// Most bytes in one request, as on Linux.
pub const MOST: usize = 0x7FFF_F000;

/// A request to the file system (`FSCTL_*`): bytes answered.
pub fn control(file: &Handle, code: u32, answer: &mut [u8]) -> Status<usize> {
    let length = answer.len() as u32;
    // SAFETY: the answer's buffer is writable for its length and outlives the request, which is waited for.
    complete(Request::Control(code), file, answer, |event, block, answer| unsafe {
        NtFsControlFile(file.0, event, None, null(), block, code, null(), 0, answer.as_mut_ptr().cast(), length)
    })
}

/// Makes a request, which gets an event and a status block, and waits for its end; the count that it reports.
fn complete(
    request: Request,
    file: &Handle,
    answer: &mut [u8],
    kernel: impl FnOnce(HANDLE, *mut IO_STATUS_BLOCK, &mut [u8]) -> i32,
) -> Status<usize> {
    let completion = Completion::new().ok_or(nt::INSUFFICIENT_RESOURCES)?;
    let status =
        ask(request, answer, |answer| completion.wait(file.0, kernel(completion.event(), completion.block(), answer)));
    check(status)?;
    Ok(completion.count())
}

/// The name of an open file in the object manager: the device that it is on, and its path there.
pub fn object_name(file: &Handle) -> Status<Vec<u16>> {
    const NAME_INFORMATION: i32 = 1;
    /// Where the name lies: behind its length, its room and its address.
    const HEAD: usize = size_of::<UNICODE_STRING>();
    let mut words = vec![0u64; 64];
    loop {
        let mut needed = 0;
        // SAFETY: the words as bytes, so that the answer is aligned.
        let answer =
            unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast::<u8>(), size_of_val(&words[..])) };
        // SAFETY: the kernel writes at most the size given.
        let status = ask(Request::ObjectName, answer, |answer| unsafe {
            NtQueryObject(file.0, NAME_INFORMATION, answer.as_mut_ptr().cast(), answer.len() as u32, &mut needed)
        });
        let more = (needed as usize).div_ceil(8);
        if status < 0 && more > words.len() {
            words.resize(more, 0);
            continue;
        }
        check(status)?;
        let length = usize::from(u16::from_le_bytes([answer[0], answer[1]]));
        return Ok(utf16::units(answer.get(HEAD..HEAD + length).unwrap_or_default()));
    }
}

/// Reads names of a directory as records of the class into `answer`, which is aligned for words, from the first one with
/// `restart`; 0 bytes at the end.
pub fn list(
    directory: &Handle,
    class: FILE_INFORMATION_CLASS,
    pattern: &[u16],
    restart: bool,
    answer: &mut [u8],
) -> Status<usize> {
    let text = unicode(pattern)?;
    let pattern = if pattern.is_empty() { null() } else { &raw const text };
    let mut block = IO_STATUS_BLOCK::default();
    // SAFETY: the answer is writable for its length, the pattern lives during the call. No event: directories are
    // open for synchronous use only, and Wine does not take one.
    let status = ask(Request::List(class), answer, |answer| unsafe {
        NtQueryDirectoryFile(
            directory.0,
            null_mut(),
            None,
            null(),
            &mut block,
            answer.as_mut_ptr().cast(),
            answer.len() as u32,
            class,
            false,
            pattern,
            restart,
        )
    });
    match check(status) {
        Err(nt::NO_MORE_FILES | nt::NO_SUCH_FILE) => Ok(0),
        other => other.map(|()| block.Information),
    }
}

/// The path of an open file without symbolic links, `\\?\C:\...`; where Windows has none, as on a disk in memory that was not
/// announced to it, the kernel's, `\Device\...`.
pub fn final_path(file: &Handle) -> platform::Result<Vec<u16>> {
    // Not every file system knows the long form of short names.
    const FORMS: [u32; 4] =
        [VOLUME_NAME_DOS, VOLUME_NAME_DOS | FILE_NAME_OPENED, VOLUME_NAME_NT, VOLUME_NAME_NT | FILE_NAME_OPENED];
    let mut first = None;
    for form in FORMS {
        match path_in_form(file, form) {
            Ok(path) => return Ok(path),
            Err(errno) => _ = first.get_or_insert(errno),
        }
    }
    Err(first.unwrap_or(Errno::NOENT))
}

fn path_in_form(file: &Handle, form: u32) -> platform::Result<Vec<u16>> {
    const FAILED: i32 = -1;
    let mut path = vec![0u16; 300];
    loop {
        // SAFETY: units are bytes too.
        let bytes = unsafe { core::slice::from_raw_parts_mut(path.as_mut_ptr().cast::<u8>(), 2 * path.len()) };
        let mut length = 0;
        let status = ask(Request::FinalPath(form), bytes, |answer| {
            let units = (answer.len() / 2) as u32;
            // SAFETY: the buffer is writable for as many units.
            length = unsafe { GetFinalPathNameByHandleW(file.0, answer.as_mut_ptr().cast(), units, form) } as usize;
            if length == 0 { FAILED } else { 0 }
        });
        match status {
            FAILED => return Err(last_error()),
            0 if length < path.len() => {
                path.truncate(length);
                return Ok(path);
            }
            0 => path.resize(length + 1, 0),
            status => return Err(status::from_status(status)),
        }
    }
}
