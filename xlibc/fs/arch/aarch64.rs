//! The layout of `struct stat`.

use crate::types::{
    blkcnt_t, blksize_t, c_int, c_uint, c_ulong, dev_t, gid_t, ino_t, mode_t, nlink_t, off_t, timespec, uid_t,
};

/// POSIX.1-2024 `<sys/stat.h>`; the order of the fields is that of the CPU's ABI.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
#[expect(missing_docs, reason = "POSIX's names")]
pub struct stat {
    pub st_dev: dev_t,
    pub st_ino: ino_t,
    pub st_mode: mode_t,
    pub st_nlink: nlink_t,
    pub st_uid: uid_t,
    pub st_gid: gid_t,
    pub st_rdev: dev_t,
    pub __pad: c_ulong,
    pub st_size: off_t,
    pub st_blksize: blksize_t,
    pub __pad2: c_int,
    pub st_blocks: blkcnt_t,
    pub st_atim: timespec,
    pub st_mtim: timespec,
    pub st_ctim: timespec,
    pub __unused: [c_uint; 2],
}

const _: () = assert!(size_of::<stat>() == 128);
