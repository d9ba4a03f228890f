//! Children: `waitpid`.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering};

use platform::abi::wait as option;
use platform::{Errno, Result, Usage};
use windows_sys::Win32::Foundation::{FILETIME, HANDLE, WAIT_OBJECT_0};
use windows_sys::Win32::System::Threading::{GetExitCodeProcess, GetProcessTimes, INFINITE, WaitForSingleObject};

use crate::pure::{exit_code, file_time};
use crate::sys::native::many;
use crate::sys::native::nt::Handle;
use crate::sys::native::sync::Mutex;
use crate::sys::signal::delivery;

static CHILDREN: Mutex<Vec<(i32, Arc<Handle>)>> = Mutex::new(Vec::new());
static USER: AtomicU64 = AtomicU64::new(0);
static KERNEL: AtomicU64 = AtomicU64::new(0);

/// Remembers a child until it is waited for.
pub fn add(process: i32, handle: Handle) {
    CHILDREN.lock().push((process, Arc::new(handle)));
}

/// Whether a process is a child that was not waited for yet.
pub fn is_child(process: i32) -> bool {
    CHILDREN.lock().iter().any(|child| child.0 == process)
}

/// `waitpid`. Groups are not kept: 0 and -1 both mean any child, and no child is in another group.
pub fn wait(process: i32, options: u32) -> Result<(i32, i32)> {
    if options & !(option::NO_HANG | 2 | 8) != 0 {
        return Err(Errno::INVAL);
    }
    loop {
        let children: Vec<_> = {
            let children = CHILDREN.lock();
            children.iter().filter(|child| process <= 0 || child.0 == process).cloned().collect()
        };
        if children.is_empty() || process < -1 {
            return Err(Errno::CHILD);
        }
        for (number, handle) in &children {
            if let Some(code) = ended(handle) {
                let mut table = CHILDREN.lock();
                // Another thread may have been faster.
                if let Some(at) = table.iter().position(|child| Arc::ptr_eq(&child.1, handle)) {
                    table.swap_remove(at);
                    drop(table);
                    count_times(handle);
                    return Ok((*number, exit_code::wait_status(code)));
                }
            }
        }
        if options & option::NO_HANG != 0 {
            return Ok((0, 0));
        }
        // Each wait comes after a look: what ended another wait meanwhile does not end this one.
        delivery::interrupted()?;
        let handles: Vec<HANDLE> = children.iter().map(|child| child.1.raw()).collect();
        // A signal ends the wait.
        if !many::wait(&handles, None) {
            return Err(Errno::NOMEM);
        }
    }
}

/// The exit code of a process that has ended.
fn ended(handle: &Handle) -> Option<u32> {
    let mut code = 0;
    // SAFETY: an open handle; one word is written.
    let done = unsafe {
        WaitForSingleObject(handle.raw(), 0) == WAIT_OBJECT_0 && GetExitCodeProcess(handle.raw(), &mut code) != 0
    };
    done.then_some(code)
}

/// Waits for a process and gives the exit code as Windows has it.
pub fn wait_for_code(handle: &Handle) -> u32 {
    // SAFETY: an open handle.
    unsafe { WaitForSingleObject(handle.raw(), INFINITE) };
    ended(handle).unwrap_or(127)
}

fn count_times(handle: &Handle) {
    let [mut made, mut end, mut kernel, mut user] = [FILETIME::default(); 4];
    // SAFETY: four structures are written.
    if unsafe { GetProcessTimes(handle.raw(), &mut made, &mut end, &mut kernel, &mut user) } != 0 {
        let units = |time: FILETIME| u64::from(time.dwHighDateTime) << 32 | u64::from(time.dwLowDateTime);
        USER.fetch_add(units(user), Ordering::Relaxed);
        KERNEL.fetch_add(units(kernel), Ordering::Relaxed);
    }
}

/// What children that were waited for used.
pub fn usage() -> Usage {
    Usage {
        user: file_time::duration(USER.load(Ordering::Relaxed)),
        system: file_time::duration(KERNEL.load(Ordering::Relaxed)),
        ..Usage::default()
    }
}
