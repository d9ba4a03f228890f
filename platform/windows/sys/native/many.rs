//! Waiting for one of many handles, alertably and with a time.

use alloc::vec::Vec;
use core::ffi::c_void;
use core::ptr::null;

use windows_sys::Win32::Foundation::{HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::System::Threading::{
    CreateEventW, INFINITE, RegisterWaitForSingleObject, SetEvent, UnregisterWaitEx, WT_EXECUTEONLYONCE,
};

use super::nt::Handle;
use super::timer::Timer;

/// Windows waits for 64 at once; there is one more for the time, and one for those beyond.
const DIRECT: usize = 62;

/// Waits until one of the handles is signalled, which it has to stay, or `ns` are over, or an APC comes for the thread. `None` for the
/// time means for ever. False: Windows refuses.
pub fn wait(handles: &[HANDLE], ns: Option<u64>) -> bool {
    let Some((direct, beyond)) = handles.split_at_checked(DIRECT) else { return wait_direct(handles, ns) };
    let Some(others) = Others::register(beyond) else { return false };
    let mut all = [others.event.raw(); DIRECT + 1];
    all[..DIRECT].copy_from_slice(direct);
    wait_direct(&all, ns)
}

fn wait_direct(handles: &[HANDLE], ns: Option<u64>) -> bool {
    match ns {
        None => super::timer::wait_for_one_of(handles, INFINITE),
        Some(ns) => Timer::new().is_some_and(|timer| timer.wait_among(ns, handles)),
    }
}

/// Handles that threads of Windows wait for.
struct Others {
    event: Handle,
    waits: Vec<HANDLE>,
}

impl Others {
    fn register(handles: &[HANDLE]) -> Option<Self> {
        unsafe extern "system" fn tell(event: *mut c_void, _timed_out: bool) {
            // SAFETY: open until the wait is unregistered, which waits for this function.
            unsafe { SetEvent(event) };
        }
        // SAFETY: no pointers but null ones.
        let event = Handle::own(unsafe { CreateEventW(null(), 1, 0, null()) })?;
        let mut others = Self { event, waits: Vec::new() };
        others.waits.try_reserve_exact(handles.len()).ok()?;
        for handle in handles {
            let (mut wait, event) = (INVALID_HANDLE_VALUE, others.event.raw());
            // SAFETY: open handles, which stay so as long as `others` is there.
            let done = unsafe {
                RegisterWaitForSingleObject(&mut wait, *handle, Some(tell), event, INFINITE, WT_EXECUTEONLYONCE)
            };
            if done == 0 {
                return None;
            }
            others.waits.push(wait);
        }
        Some(others)
    }
}

impl Drop for Others {
    fn drop(&mut self) {
        for wait in &self.waits {
            // SAFETY: registered above. Waits for a call that is on its way: the event is closed afterwards.
            unsafe { UnregisterWaitEx(*wait, INVALID_HANDLE_VALUE) };
        }
    }
}
