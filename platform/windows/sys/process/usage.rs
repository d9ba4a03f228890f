//! Use of resources.

use platform::{Errno, Result, Usage};
use windows_sys::Win32::System::ProcessStatus::{K32GetProcessMemoryInfo, PROCESS_MEMORY_COUNTERS};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, GetProcessIoCounters, IO_COUNTERS};

use super::children;
use crate::pure::file_time;
use crate::sys::native::clock;

/// `getrusage` for the process (0) and the calling thread (1); what children used (-1) Windows does not sum up.
pub fn of(who: i32) -> Result<Usage> {
    let (user, kernel) = match who {
        0 => clock::process_times(),
        1 => clock::thread_times(),
        -1 => return Ok(children::usage()),
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
