//! The end of the process.

use windows_sys::Win32::System::Console::{GetStdHandle, STD_ERROR_HANDLE};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, TerminateProcess};

use super::{console_mode, gate, nt};
use crate::pure::exit_code;

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
    gate::close();
    console_mode::restore();
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
    if let Some(handle) = nt::Handle::own(unsafe { GetStdHandle(STD_ERROR_HANDLE) }) {
        let _nowhere_to_say_so = nt::write(&handle, message, None);
        core::mem::forget(handle);
    }
}
