//! What `strerror` says: the descriptions that POSIX.1-2024 gives in `<errno.h>`, as programs and their tests look for them, or the
//! usual short form; own words for the others.
#![forbid(unsafe_code)]

use core::ffi::CStr;

/// The text for a number, error or not.
#[must_use]
pub fn text(number: i32) -> &'static CStr {
    of(number).unwrap_or(UNKNOWN)
}

/// The text for an error number; `None` for a number that is no error.
#[must_use]
pub const fn of(number: i32) -> Option<&'static CStr> {
    Some(match number {
        0 => c"No error",
        1 => c"Operation not permitted",
        2 => c"No such file or directory",
        3 => c"No such process",
        4 => c"Interrupted function",
        5 => c"I/O error",
        6 => c"No such device or address",
        7 => c"Argument list too long",
        8 => c"Executable file format error",
        9 => c"Bad file descriptor",
        10 => c"No child processes",
        11 => c"Resource unavailable, try again",
        12 => c"Not enough memory",
        13 => c"Permission denied",
        14 => c"Bad address",
        15 => c"A block device is needed",
        16 => c"Device or resource busy",
        17 => c"File exists",
        18 => c"Improper hard link",
        19 => c"No such device",
        20 => c"Not a directory",
        21 => c"Is a directory",
        22 => c"Invalid argument",
        23 => c"Too many files open in system",
        24 => c"Too many open files",
        25 => c"Inappropriate I/O control operation",
        26 => c"Text file busy",
        27 => c"File too large",
        28 => c"No space left on device",
        29 => c"Invalid seek",
        30 => c"Read-only file system",
        31 => c"Too many hard links",
        32 => c"Broken pipe",
        33 => c"Argument out of domain of function",
        34 => c"Result out of range",
        35 => c"Resource deadlock would occur",
        36 => c"File name too long",
        37 => c"No locks available",
        38 => c"Function not implemented",
        39 => c"Directory not empty",
        40 => c"Too many levels of symbolic links",
        42 => c"No message of the desired type",
        43 => c"Identifier removed",
        44 => c"Channel number is out of range",
        45 => c"Level 2 is not synchronised",
        46 => c"Level 3 is halted",
        47 => c"Level 3 was reset",
        48 => c"Link number is out of range",
        49 => c"Protocol driver is not attached",
        50 => c"No CSI structure is available",
        51 => c"Level 2 is halted",
        52 => c"Invalid exchange",
        53 => c"Invalid request descriptor",
        54 => c"Exchange is full",
        55 => c"No anode",
        56 => c"Invalid request code",
        57 => c"Invalid slot",
        59 => c"Bad font file format",
        60 => c"Not a stream",
        61 => c"No data available",
        62 => c"Timer expired",
        63 => c"Out of stream resources",
        64 => c"Machine is not on the network",
        65 => c"Package is not installed",
        66 => c"Object is remote",
        67 => c"Link has been severed",
        68 => c"Advertise error",
        69 => c"Srmount error",
        70 => c"Error in sending",
        71 => c"Protocol error",
        72 => c"Multihop attempted",
        73 => c"RFS specific error",
        74 => c"Bad message",
        75 => c"Value too large for data type",
        76 => c"Name is not unique on the network",
        77 => c"File descriptor is in a bad state",
        78 => c"Remote address changed",
        79 => c"Shared library cannot be accessed",
        80 => c"Shared library is corrupted",
        81 => c"A .lib section is corrupted",
        82 => c"Too many shared libraries",
        83 => c"A shared library cannot be run by itself",
        84 => c"Illegal byte sequence",
        85 => c"Interrupted call should be started again",
        86 => c"Stream pipe error",
        87 => c"Too many users",
        88 => c"Not a socket",
        89 => c"Destination address required",
        90 => c"Message too large",
        91 => c"Protocol wrong type for socket",
        92 => c"Protocol not available",
        93 => c"Protocol not supported",
        94 => c"Socket type is not supported",
        95 => c"Operation not supported",
        96 => c"Protocol family is not supported",
        97 => c"Address family not supported",
        98 => c"Address in use",
        99 => c"Address not available",
        100 => c"Network is down",
        101 => c"Network unreachable",
        102 => c"Connection aborted by network",
        103 => c"Connection aborted",
        104 => c"Connection reset",
        105 => c"No buffer space is available",
        106 => c"Socket is connected",
        107 => c"Socket is not connected",
        108 => c"Socket was shut down for sending",
        109 => c"Too many references",
        110 => c"Operation timed out",
        111 => c"Connection refused",
        112 => c"Host is down",
        113 => c"Host is unreachable",
        114 => c"Connection already in progress",
        115 => c"Operation in progress",
        116 => c"Stale file handle",
        117 => c"File system needs cleaning",
        118 => c"Not a XENIX named type file",
        119 => c"No XENIX semaphores are available",
        120 => c"Is a named type file",
        121 => c"Remote input or output error",
        122 => c"Disk quota exceeded",
        123 => c"No medium in the drive",
        124 => c"Wrong type of medium",
        125 => c"Operation canceled",
        126 => c"Key is not available",
        127 => c"Key has expired",
        128 => c"Key was revoked",
        129 => c"Key was rejected",
        130 => c"Previous owner died",
        131 => c"State not recoverable",
        132 => c"Radio is switched off",
        133 => c"Memory page has a hardware error",
        _ => return None,
    })
}

/// The text for numbers that are no error.
pub const UNKNOWN: &CStr = c"Unknown error";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_the_abi_has_a_text_of_its_own() {
        let mut texts = std::collections::HashSet::new();
        for (number, name) in platform::ERRNO_NAMES {
            assert!(texts.insert(of(*number).expect(name)), "{name}");
        }
        for number in [-1, 41, 58, 134, i32::MIN, i32::MAX] {
            assert_eq!(of(number), None);
        }
    }
}
