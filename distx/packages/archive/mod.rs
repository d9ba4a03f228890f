//! The archive of a package: a tar file, compressed with xz, whose members lie below a folder with the name of the key.

pub mod names;
pub mod read;
pub mod write;

mod links;

/// The file inside an installed package that says what it is. No archive may bring one.
pub const RECORD: &str = ".distx-package.json";

/// What an archive may ask for at most.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Files, folders and links.
    pub members: u64,
    /// Sum of the sizes of all files.
    pub unpacked_bytes: u64,
    /// Unpacked bytes for each packed one, once there are more than 64 MiB of them.
    pub ratio: u64,
}

impl Limits {
    /// For an archive of which nothing is known.
    pub const UNKNOWN: Limits = Limits { members: 200_000, unpacked_bytes: 8 << 30, ratio: 1_000 };

    /// For an archive whose index tells the size: not a byte more, and zeros may be many.
    pub fn told(unpacked_bytes: u64) -> Limits {
        Limits { members: Limits::UNKNOWN.members, unpacked_bytes, ratio: 20_000 }
    }
}
