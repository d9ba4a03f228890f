//! The kinds of what is open.

use platform::Stat;
use platform::abi::file_type;

use crate::sys::process::identity;

/// What is open, as children are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// A file on a disk.
    File = 1,
    /// A directory.
    Directory = 2,
    /// A pipe.
    Pipe = 3,
    /// A console's input or output.
    Console = 4,
    /// Another character device: `/dev/null`.
    Null = 5,
    /// `/dev/zero`; no handle.
    Zero = 6,
    /// `/dev/urandom`; no handle.
    Random = 7,
    /// A pipe that leads to a terminal of Cygwin or MSYS.
    Terminal = 8,
    /// A pipe of which nobody asked yet whether it leads to such a terminal.
    ForeignPipe = 9,
}

impl Kind {
    /// The kind with this number.
    pub const fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            1 => Self::File,
            2 => Self::Directory,
            3 => Self::Pipe,
            4 => Self::Console,
            5 => Self::Null,
            6 => Self::Zero,
            7 => Self::Random,
            8 => Self::Terminal,
            9 => Self::ForeignPipe,
            _ => return None,
        })
    }
}

/// `stat` of anything but a file on a disk.
pub fn device(kind: Kind) -> Stat {
    let ids = identity::ids();
    // Linux' numbers of the memory devices and the terminal.
    let rdev = match kind {
        Kind::Zero => 0x105,
        Kind::Random => 0x109,
        Kind::Console | Kind::Terminal => 0x500,
        _ => 0x103,
    };
    let mode = if kind == Kind::Pipe { file_type::FIFO | 0o600 } else { file_type::CHARACTER | 0o666 };
    Stat {
        dev: 5,
        ino: kind as u64,
        rdev: if kind == Kind::Pipe { 0 } else { rdev },
        nlink: 1,
        mode,
        uid: ids.uid,
        gid: ids.gid,
        blksize: 4096,
        ..Stat::default()
    }
}
