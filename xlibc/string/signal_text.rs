//! What `strsignal` says.
#![forbid(unsafe_code)]

use core::ffi::CStr;

/// The text for a signal number.
#[must_use]
pub const fn of(number: i32) -> &'static CStr {
    match number {
        1 => c"Hangup",
        2 => c"Interrupt",
        3 => c"Quit",
        4 => c"Illegal instruction",
        5 => c"Trace or breakpoint trap",
        6 => c"Aborted",
        7 => c"Bus error",
        8 => c"Arithmetic exception",
        9 => c"Killed",
        10 => c"User-defined signal 1",
        11 => c"Segmentation fault",
        12 => c"User-defined signal 2",
        13 => c"Broken pipe",
        14 => c"Alarm clock",
        15 => c"Terminated",
        16 => c"Stack fault",
        17 => c"Child stopped or ended",
        18 => c"Continued",
        19 => c"Stopped (signal)",
        20 => c"Stopped",
        21 => c"Stopped (terminal input)",
        22 => c"Stopped (terminal output)",
        23 => c"Urgent data on a socket",
        24 => c"CPU time limit exceeded",
        25 => c"File size limit exceeded",
        26 => c"Virtual timer expired",
        27 => c"Profiling timer expired",
        28 => c"Window size changed",
        29 => c"Input or output is possible",
        30 => c"Power failure",
        31 => c"Bad system call",
        32..=64 => c"Real-time signal",
        _ => c"Unknown signal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_the_abi_are_unknown() {
        assert_eq!((of(1), of(31), of(64)), (c"Hangup", c"Bad system call", c"Real-time signal"));
        assert_eq!([of(0), of(-1), of(65)], [c"Unknown signal"; 3]);
    }
}
