//! Questions that may wait for another process: they get a thread of their own and a limited time.

use core::ffi::c_void;
use core::ptr::null;

use windows_sys::Win32::Foundation::{HANDLE, WAIT_OBJECT_0};
use windows_sys::Win32::System::Threading::{
    CreateThread, GetExitCodeThread, STACK_SIZE_PARAM_IS_A_RESERVATION, WaitForSingleObject,
};

use super::nt::Handle;

/// What `ask` answers about a handle; `None` when it takes longer than this. Then its thread stays in the kernel until the
/// answer comes: `ask` keeps nothing but its own stack.
pub fn within(milliseconds: u32, ask: unsafe extern "system" fn(*mut c_void) -> u32, about: HANDLE) -> Option<u32> {
    const STACK: usize = 64 << 10;
    let mut answer = 0;
    // SAFETY: the function uses the handle only, whose number is all it gets; the thread's handle is open.
    unsafe {
        let flags = STACK_SIZE_PARAM_IS_A_RESERVATION;
        let thread = CreateThread(null(), STACK, Some(ask), about, flags, core::ptr::null_mut());
        let thread = Handle::own(thread)?;
        let done = WaitForSingleObject(thread.raw(), milliseconds) == WAIT_OBJECT_0
            && GetExitCodeThread(thread.raw(), &mut answer) != 0;
        done.then_some(answer)
    }
}
