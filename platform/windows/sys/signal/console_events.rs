//! Ctrl-C and its kin: Windows tells them on a thread of its own.
//!
//! Ctrl-C is SIGINT, Ctrl-Break SIGQUIT, closing the window or logging off SIGHUP, shutting down SIGTERM. In the session of services
//! logging off is nothing ([`console_event`]).

use core::sync::atomic::{AtomicBool, Ordering};

use platform::abi::signal;
use windows_sys::Win32::System::Console::SetConsoleCtrlHandler;
use windows_sys::Win32::System::RemoteDesktop::ProcessIdToSessionId;
use windows_sys::Win32::System::Threading::{GetCurrentProcessId, INFINITE, Sleep};

use super::{actions, send, task};
use crate::pure::console_event::{self, Event};
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

/// The process's session. Where Windows does not say, that of services: what is not sure to be for a user ends nothing.
fn session() -> u32 {
    let mut session = console_event::SERVICES;
    // SAFETY: one word is written, or none.
    unsafe { ProcessIdToSessionId(GetCurrentProcessId(), &mut session) };
    session
}

/// 1: nothing else is to be done about the event.
unsafe extern "system" fn on_event(event: u32) -> i32 {
    let Some(event) = Event::from_number(event) else { return 0 };
    let Some(number) = console_event::signal(event, session()) else { return 1 };
    if PASSED_ON.load(Ordering::SeqCst) {
        return 1;
    }
    match actions::handler_of(number) {
        // It waits until a thread lets it through.
        signal::HANDLER_DEFAULT if task::all_block(number) => task::pend_for_process(number),
        // Windows' own handler would end it with a code of its own, Wine's with success.
        signal::HANDLER_DEFAULT => exit::terminate(number),
        signal::HANDLER_IGNORE => return 1,
        _ => send::from_outside(number),
    }
    if event.is_last() {
        // Windows ends the process when this function returns, or after some seconds.
        // SAFETY: no pointers.
        unsafe { Sleep(INFINITE) };
    }
    1
}
