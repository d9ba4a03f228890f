//! Requests about the process and its children.

use core::convert::Infallible;
use core::ffi::{CStr, c_void};

use platform::{Errno, Ids, Process, Result, Spawn, Usage};
use windows_sys::Wdk::System::Threading::{NtQueryInformationProcess, ProcessBasicInformation};
use windows_sys::Win32::System::ProcessStatus::{K32GetProcessMemoryInfo, PROCESS_MEMORY_COUNTERS};
use windows_sys::Win32::System::SystemInformation::{ComputerNamePhysicalDnsHostname, GetComputerNameExW};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetProcessIoCounters, IO_COUNTERS, PROCESS_BASIC_INFORMATION,
};

use super::{children, identity, spawn};
use crate::Windows;
use crate::pure::{file_time, path, status, utf16};
use crate::sys::native::{clock, exit, guest};
use crate::sys::signal::console_events;

impl Process for Windows {
    fn exit(&self, code: i32) -> ! {
        exit::exit(code)
    }

    fn terminate(&self, signal: i32) -> ! {
        exit::terminate(signal)
    }

    fn process_id(&self) -> i32 {
        identity::id()
    }

    /// `getppid`: who started us, alive or not. 1, as for an orphan of POSIX, where Windows names none: Wine knows no Unix process.
    fn parent_id(&self) -> i32 {
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

    fn ids(&self) -> Ids {
        identity::ids()
    }

    /// No file gives a process more rights than its starter has.
    fn is_secure(&self) -> bool {
        false
    }

    /// Becomes another program, as far as Windows can.
    fn exec(&self, path: &[u8], arguments: &[&CStr], environment: &[&CStr]) -> Result<Infallible> {
        let request = Spawn {
            path,
            arguments,
            environment,
            actions: &[],
            signal_mask: None,
            default_signals: 0,
            process_group: None,
        };
        let (handle, _) = spawn::start(&request)?;
        console_events::pass_on();
        exit::end(children::wait_for_code(&handle))
    }

    /// Starts a child; its number.
    fn spawn(&self, spawn: Spawn<'_>) -> Result<i32> {
        let (handle, number) = spawn::start(&spawn)?;
        children::add(number, handle);
        Ok(number)
    }

    fn wait(&self, process: i32, options: u32) -> Result<(i32, i32)> {
        children::wait(process, options)
    }

    /// `getrusage` for the process (0) and the calling thread (1); what children used (-1) Windows does not sum up.
    fn usage(&self, who: i32) -> Result<Usage> {
        let (user, kernel) = match who {
            0 => clock::process_times(),
            1 => clock::thread_times(),
            -1 => return Ok(children::usage()),
            _ => return Err(Errno::INVAL),
        };
        let mut usage =
            Usage { user: file_time::duration(user), system: file_time::duration(kernel), ..Usage::default() };
        let mut memory = PROCESS_MEMORY_COUNTERS::default();
        let mut io = IO_COUNTERS::default();
        // SAFETY: two structures are written, with their size given.
        unsafe {
            if K32GetProcessMemoryInfo(GetCurrentProcess(), &mut memory, size_of::<PROCESS_MEMORY_COUNTERS>() as u32)
                != 0
            {
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

    /// The running executable.
    fn executable_path(&self, buffer: &mut [u8]) -> Result<usize> {
        let own = identity::own_file()?;
        guest::answer(&path::to_guest(&own).unwrap_or_else(|| utf16::to_bytes(&own)), buffer)
    }

    /// `gethostname`.
    fn host_name(&self, buffer: &mut [u8]) -> Result<usize> {
        let mut wide = [0u16; 256];
        let mut length = wide.len() as u32;
        // SAFETY: the buffer is writable for its length, which the call replaces by the name's.
        let done = unsafe { GetComputerNameExW(ComputerNamePhysicalDnsHostname, wide.as_mut_ptr(), &mut length) };
        if done == 0 {
            // SAFETY: reads the thread's own word.
            return Err(status::from_win32(unsafe { windows_sys::Win32::Foundation::GetLastError() }));
        }
        guest::answer(&utf16::to_bytes(wide.get(..length as usize).unwrap_or_default()), buffer)
    }
}
