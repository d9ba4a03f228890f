//! How the end of a process travels to its parent.
//!
//! Windows gives a parent one word. `exit(code)` passes `code & 0xff`. A signal's default action passes
//! `SIGNALED | 128 + signal`: bit 29 marks it as a code that Microsoft never uses, and where only the low byte survives
//! (a Unix shell that started Wine) it still reads as shells write it. Only the end by SIGINT is Windows' own word for Ctrl-C, by
//! which `cmd.exe` knows to stop a batch file too. Windows' own ends of a process are translated.

use platform::abi::{signal, wait};

use super::exception;

/// Severity error, customer bit, "xl".
const SIGNALED: u32 = 0xE078_6C00;
/// `STATUS_CONTROL_C_EXIT`.
const CONTROL_C: u32 = 0xC000_013A;

/// The word for a process that a signal ended.
#[must_use]
pub const fn signaled(number: i32) -> u32 {
    if number == signal::INT { CONTROL_C } else { SIGNALED | (128 + (number & 0x7F) as u32) }
}

/// The wait status for a word.
#[must_use]
pub const fn wait_status(code: u32) -> i32 {
    if code & 0xFFFF_FF00 == SIGNALED && code & 0xFF > 128 {
        return wait::signaled((code & 0x7F) as i32);
    }
    if let Some((signal, _)) = exception::meaning(code, 0) {
        return wait::signaled(signal);
    }
    match code {
        CONTROL_C => wait::signaled(signal::INT),
        // Fail fast and fatal application exit.
        0xC000_0409 | 0x4000_0015 => wait::signaled(signal::ABRT),
        _ => wait::exited((code & 0xFF) as i32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exits_and_signals_stay_apart() {
        for code in 0..=255 {
            assert_eq!(wait_status(code), (code as i32) << 8);
        }
        for number in 1..=64 {
            assert_eq!(wait_status(signaled(number)), number);
            assert_eq!(signaled(number) & 0xFF, if number == signal::INT { 0x3A } else { 128 + number as u32 });
        }
        assert_eq!(signaled(signal::INT), 0xC000_013A);
        assert_eq!(wait_status(0xC000_0005), 11);
        assert_eq!(wait_status(0xC000_00FD), 11);
        assert_eq!(wait_status(0xC000_0094), 8);
        assert_eq!(wait_status(0xC000_013A), 2);
        assert_eq!(wait_status(0x1234_5678), 0x78 << 8);
    }
}
