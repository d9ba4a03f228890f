//! Ctrl-C and its kin: Windows tells them on a thread of its own.
//!
//! Ctrl-C is SIGINT, Ctrl-Break SIGQUIT, closing the window or logging off SIGHUP, shutting down SIGTERM.

use core::sync::atomic::{AtomicBool, Ordering};

use platform::abi::signal;
use windows_sys::Win32::System::Console::{
    CTRL_BREAK_EVENT, CTRL_C_EVENT, CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT, SetConsoleCtrlHandler,
};
use windows_sys::Win32::System::Threading::{INFINITE, Sleep};

use super::{actions, send};
use crate::sys::native::exit;

static PASSED_ON: AtomicBool = AtomicBool::new(false);

/// Listens from now on.
pub fn listen() {
    // SAFETY: a function of the right type that lives as long as the process.
    unsafe { SetConsoleCtrlHandler(Some(on_event), 1) };
}

/// From now on the keys are for the child that stands for this process.
pub fn pass_on() {
    PASSED_ON.store(true, Ordering::SeqCst);
}

unsafe extern "system" fn on_event(event: u32) -> i32 {
    let number = match event {
        CTRL_C_EVENT => signal::INT,
        CTRL_BREAK_EVENT => signal::QUIT,
        CTRL_CLOSE_EVENT | CTRL_LOGOFF_EVENT => signal::HUP,
        CTRL_SHUTDOWN_EVENT => signal::TERM,
        _ => return 0,
    };
    if PASSED_ON.load(Ordering::SeqCst) {
        return 1;
    }
    match actions::handler_of(number) {
        // Windows' own handler would end it with a code of its own, Wine's with success.
        signal::HANDLER_DEFAULT => exit::terminate(number),
        signal::HANDLER_IGNORE => return 1,
        _ => send::from_outside(number),
    }
    if event > CTRL_BREAK_EVENT {
        // After these events Windows ends the process when this function returns, or after some seconds.
        // SAFETY: no pointers.
        unsafe { Sleep(INFINITE) };
    }
    1
}
