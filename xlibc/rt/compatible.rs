//! Whether the loader's table of the host is one that this library can use.

use core::fmt::{self, Write};

use loader_abi::{Host, VERSION};

use super::fatal::Line;

/// What the loader offers. The two fields never move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offered {
    pub version: u32,
    pub bytes: u32,
}

impl fmt::Display for Offered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self { version, bytes }, needed) = (self, Host::LEAST_SIZE);
        writeln!(
            f,
            "xlibc: this loader does not fit this libc.so: its host table has version {version} and {bytes} bytes, \
             needed are version {VERSION} and {needed} bytes with all that every host has"
        )
    }
}

/// Says so, and ends the process as the loader does with a program that it cannot start. Nothing of the table is used.
#[cfg(not(any(test, fuzzing)))]
#[cold]
pub(super) fn refuse(offered: Offered) -> ! {
    unsafe extern "C" {
        fn xload_write(fd: i32, data: *const u8, length: usize) -> i64;
        fn xload_exit(code: i32) -> !;
    }
    let mut line = Line::new();
    // A line takes everything.
    let _ = write!(line, "{offered}");
    // SAFETY: functions of the loader, whose contract does not depend on the table; the line is readable.
    unsafe {
        xload_write(2, line.bytes().as_ptr(), line.bytes().len());
        xload_exit(127)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_fits_into_a_line() {
        let mut line = Line::new();
        write!(line, "{}", Offered { version: u32::MAX, bytes: u32::MAX }).unwrap();
        assert_eq!(line.bytes().last(), Some(&b'\n'));
    }
}
