//! The process: its end, its number, its user, its use of resources; the host's name and random bytes.

use alloc::vec;
use alloc::vec::Vec;
use core::ffi::c_void;

use platform::{Errno, Ids, Result, Usage};
use windows_sys::Wdk::System::Threading::{NtQueryInformationProcess, ProcessBasicInformation};
use windows_sys::Win32::Security::Authentication::Identity::RtlGenRandom;
use windows_sys::Win32::System::Console::{GetStdHandle, STD_ERROR_HANDLE};
use windows_sys::Win32::System::LibraryLoader::GetModuleFileNameW;
use windows_sys::Win32::System::ProcessStatus::{K32GetProcessMemoryInfo, PROCESS_MEMORY_COUNTERS};
use windows_sys::Win32::System::SystemInformation::{ComputerNamePhysicalDnsHostname, GetComputerNameExW};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetCurrentProcessId, GetProcessIoCounters, IO_COUNTERS, PROCESS_BASIC_INFORMATION,
    TerminateProcess,
};

use super::{guest, names, time};
use crate::pure::{exit_code, file_time, status, utf16};

/// `_exit`: at once, without telling libraries, which have nothing of ours to finish.
pub fn exit(code: i32) -> ! {
    end(code as u32 & 0xFF)
}

/// The end that a signal's default action brings.
pub fn terminate(signal: i32) -> ! {
    end(exit_code::signaled(signal))
}

/// Ends the process with this word.
pub fn end(code: u32) -> ! {
    super::redirect::close();
    loop {
        // SAFETY: the own process; the call does not return.
        unsafe { TerminateProcess(GetCurrentProcess(), code) };
    }
}

/// Says why and ends the process with 127.
pub fn fatal(message: &[u8]) -> ! {
    write_error(message);
    exit(127)
}

/// Writes to the standard error stream of Windows, past the descriptors: for messages when nothing else can be trusted.
pub fn write_error(message: &[u8]) {
    // SAFETY: no pointers. The handle stays Windows': it is not closed here.
    if let Some(handle) = super::nt::Handle::own(unsafe { GetStdHandle(STD_ERROR_HANDLE) }) {
        let _nowhere_to_say_so = super::nt::write(&handle, message, None);
        core::mem::forget(handle);
    }
}

/// `getpid`.
pub fn id() -> i32 {
    // SAFETY: no arguments.
    (unsafe { GetCurrentProcessId() }) as i32
}

/// `getppid`: who started us, alive or not. 1, as for an orphan of POSIX, where Windows names none: Wine knows no Unix process.
pub fn parent_id() -> i32 {
    let mut basic = PROCESS_BASIC_INFORMATION::default();
    // SAFETY: one structure is written.
    let answer = unsafe {
        NtQueryInformationProcess(
            GetCurrentProcess(),
            ProcessBasicInformation,
            (&raw mut basic).cast::<c_void>(),
            size_of::<PROCESS_BASIC_INFORMATION>() as u32,
            core::ptr::null_mut(),
        )
    };
    match basic.InheritedFromUniqueProcessId as i32 {
        parent if answer >= 0 && parent > 0 => parent,
        _ => 1,
    }
}

/// One user and one group: Windows' identifiers of accounts are no numbers that fit.
pub fn ids() -> Ids {
    Ids { uid: 1000, euid: 1000, gid: 1000, egid: 1000 }
}

/// Fills the buffer from Windows' generator.
pub fn random(buffer: &mut [u8]) -> Result<()> {
    guest::fill(buffer, |piece| {
        // SAFETY: the piece is writable for its length.
        let done = unsafe { RtlGenRandom(piece.as_mut_ptr().cast(), piece.len() as u32) };
        if done { Ok(()) } else { Err(Errno::IO) }
    })
}

/// `getrusage` for the process (0) and the calling thread (1); what children used (-1) Windows does not sum up.
pub fn usage(who: i32) -> Result<Usage> {
    let (user, kernel) = match who {
        0 => time::process_times(),
        1 => time::thread_times(),
        -1 => return Ok(super::children::usage()),
        _ => return Err(Errno::INVAL),
    };
    let mut usage = Usage { user: file_time::duration(user), system: file_time::duration(kernel), ..Usage::default() };
    let mut memory = PROCESS_MEMORY_COUNTERS::default();
    let mut io = IO_COUNTERS::default();
    // SAFETY: two structures are written, with their size given.
    unsafe {
        if K32GetProcessMemoryInfo(GetCurrentProcess(), &mut memory, size_of::<PROCESS_MEMORY_COUNTERS>() as u32) != 0 {
            usage.maxrss = (memory.PeakWorkingSetSize / 1024) as i64;
            // Windows does not tell faults that read the disk from others.
            usage.minflt = i64::from(memory.PageFaultCount);
        }
        if GetProcessIoCounters(GetCurrentProcess(), &mut io) != 0 {
            usage.inblock = (io.ReadTransferCount / 512) as i64;
            usage.oublock = (io.WriteTransferCount / 512) as i64;
        }
    }
    Ok(usage)
}

fn store(bytes: &[u8], buffer: &mut [u8]) -> Result<usize> {
    let place = buffer.get_mut(..bytes.len()).ok_or(Errno::RANGE)?;
    place.copy_from_slice(bytes);
    Ok(bytes.len())
}

/// The running executable, as Windows calls it.
pub fn own_file() -> Result<Vec<u16>> {
    let mut wide = vec![0u16; 32_768];
    // SAFETY: the buffer is writable for its length.
    let length = unsafe { GetModuleFileNameW(core::ptr::null_mut(), wide.as_mut_ptr(), wide.len() as u32) };
    wide.truncate(length as usize);
    if wide.is_empty() { Err(Errno::NOENT) } else { Ok(wide) }
}

/// The running executable.
pub fn executable_path(buffer: &mut [u8]) -> Result<usize> {
    store(&names::guest_path(&own_file()?), buffer)
}

/// `gethostname`.
pub fn host_name(buffer: &mut [u8]) -> Result<usize> {
    let mut wide = [0u16; 256];
    let mut length = wide.len() as u32;
    // SAFETY: the buffer is writable for its length, which the call replaces by the name's.
    let done = unsafe { GetComputerNameExW(ComputerNamePhysicalDnsHostname, wide.as_mut_ptr(), &mut length) };
    if done == 0 {
        // SAFETY: reads the thread's own word.
        return Err(status::from_win32(unsafe { windows_sys::Win32::Foundation::GetLastError() }));
    }
    store(&utf16::to_bytes(wide.get(..length as usize).unwrap_or_default()), buffer)
}
