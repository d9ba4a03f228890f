//! What holds for a process that may do more than whoever started it ([`Platform::is_secure`]).

use platform::{Errno, Fd, Platform, Result, abi};

/// Standard input, output and error output.
const STANDARD: core::ops::Range<Fd> = 0..3;

/// In such a process the standard descriptors are open from the start, on `/dev/null` where the starter closed them: else the next
/// file that is opened would be what the program takes for its standard output. `program` is open already; where it is now.
pub(super) fn hold_standard_streams<P: Platform>(platform: &P, program: Option<Fd>) -> Result<Option<Fd>> {
    if !platform.is_secure() {
        return Ok(program);
    }
    let program = match program {
        Some(fd) if STANDARD.contains(&fd) => {
            let away = platform.duplicate(fd, STANDARD.end, true)?;
            platform.close(fd)?;
            Some(away)
        }
        other => other,
    };
    for fd in STANDARD {
        if platform.descriptor_flags(fd) == Err(Errno::BADF) {
            // Those below are open: it gets this number.
            platform.open(abi::at::CURRENT_DIRECTORY, b"/dev/null", abi::open::READ_WRITE, 0)?;
        }
    }
    Ok(program)
}

/// Whether a variable may stay: it opens no file and changes no code, neither here nor in a program that this one starts when it
/// has given up the difference between its users. `entry` is `NAME=value`.
pub(super) fn may_stay(entry: &[u8]) -> bool {
    /// Of this loader and that of the host, and of a C library's allocator.
    const PREFIXES: [&[u8]; 3] = [b"XLOAD_", b"LD_", b"MALLOC_"];
    /// Of this C library and that of the host: folders, files, servers, what is tuned.
    const NAMES: [&[u8]; 12] = [
        b"GCONV_PATH",
        b"GETCONF_DIR",
        b"GLIBC_TUNABLES",
        b"HOSTALIASES",
        b"LOCALDOMAIN",
        b"LOCPATH",
        b"NIS_PATH",
        b"NLSPATH",
        b"RESOLV_HOST_CONF",
        b"RES_OPTIONS",
        b"TMPDIR",
        b"TZDIR",
    ];
    let name = entry.split(|byte| *byte == b'=').next().unwrap_or_default();
    !PREFIXES.iter().any(|prefix| name.starts_with(prefix)) && !NAMES.contains(&name)
}
