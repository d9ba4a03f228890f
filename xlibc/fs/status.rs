//! `struct stat` and `struct statvfs` of the C ABI.

use crate::types::{blksize_t, c_int, c_uint, c_ulong, nlink_t, timespec};
use platform::{FileSystem, Stat, Timespec};

pub use super::arch::stat;

impl From<Stat> for stat {
    fn from(from: Stat) -> Self {
        Self {
            st_dev: from.dev,
            st_ino: from.ino,
            st_nlink: from.nlink as nlink_t,
            st_mode: from.mode,
            st_uid: from.uid,
            st_gid: from.gid,
            st_rdev: from.rdev,
            st_size: from.size,
            st_blksize: from.blksize as blksize_t,
            st_blocks: from.blocks,
            st_atim: from.accessed.into(),
            st_mtim: from.modified.into(),
            st_ctim: from.changed.into(),
            ..Self::default()
        }
    }
}

impl From<Timespec> for timespec {
    fn from(from: Timespec) -> Self {
        Self { tv_sec: from.seconds, tv_nsec: from.nanoseconds }
    }
}

impl From<timespec> for Timespec {
    fn from(from: timespec) -> Self {
        Self { seconds: from.tv_sec, nanoseconds: from.tv_nsec }
    }
}

/// POSIX.1-2024 `<sys/statvfs.h>`.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
#[expect(missing_docs, reason = "POSIX's names")]
pub struct statvfs {
    pub f_bsize: c_ulong,
    pub f_frsize: c_ulong,
    pub f_blocks: u64,
    pub f_bfree: u64,
    pub f_bavail: u64,
    pub f_files: u64,
    pub f_ffree: u64,
    pub f_favail: u64,
    pub f_fsid: c_ulong,
    pub f_flag: c_ulong,
    pub f_namemax: c_ulong,
    pub f_type: c_uint,
    pub __reserved: [c_int; 5],
}

const _: () = assert!(size_of::<statvfs>() == 112);

impl From<FileSystem> for statvfs {
    fn from(from: FileSystem) -> Self {
        Self {
            f_bsize: from.block_size,
            f_frsize: from.fragment_size,
            f_blocks: from.blocks,
            f_bfree: from.blocks_free,
            f_bavail: from.blocks_available,
            f_files: from.files,
            f_ffree: from.files_free,
            f_favail: from.files_available,
            f_fsid: from.id,
            f_flag: from.flags,
            f_namemax: from.name_max,
            ..Self::default()
        }
    }
}
