//! The table itself. This file is also the source of the C header `xload_host.h`.

use core::ffi::c_char;

use platform::{Deadline, FileSystem, GuestEntry, Ids, Lock, SignalAction, Stat, Timespec, Usage, WindowSize};

use crate::guest_fn;

/// Version of the table; a later one only appends fields, so `size` tells what is there.
pub const VERSION: u32 = 1;

/// What the loader gives the C library.
#[repr(C)]
#[expect(missing_docs, reason = "a field is the method of `Platform` or `Loader` with its name")]
pub struct Host {
    /// Bytes of this table that are filled in.
    pub size: u32,
    /// [`VERSION`].
    pub version: u32,
    /// Page size in bytes.
    pub page_bytes: u32,
    /// Register of the thread slot: 0 = `fs` / `tpidr_el0`, 1 = `gs`.
    pub slot_base: u32,
    /// Bytes from that register to the slot.
    pub slot_offset: i64,
    /// The program's arguments, without those of the loader.
    pub argument_count: usize,
    /// `argument_count` strings and a null pointer.
    pub arguments: *const *const c_char,
    /// `NAME=value` strings and a null pointer.
    pub environment: *const *const c_char,

    // memory
    pub map: guest_fn!(fn(usize, usize, u32, u32, i32, u64) -> i64),
    pub unmap: guest_fn!(fn(usize, usize) -> i64),
    pub protect: guest_fn!(fn(usize, usize, u32) -> i64),
    pub remap: guest_fn!(fn(usize, usize, usize, u32, usize) -> i64),
    pub advise: guest_fn!(fn(usize, usize, u32) -> i64),
    pub sync_map: guest_fn!(fn(usize, usize, u32) -> i64),

    // files
    pub open: guest_fn!(fn(i32, *const u8, usize, u32, u32) -> i64),
    pub close: guest_fn!(fn(i32) -> i64),
    pub read: guest_fn!(fn(i32, *mut u8, usize) -> i64),
    pub write: guest_fn!(fn(i32, *const u8, usize) -> i64),
    pub read_at: guest_fn!(fn(i32, *mut u8, usize, u64) -> i64),
    pub write_at: guest_fn!(fn(i32, *const u8, usize, u64) -> i64),
    pub write_two: guest_fn!(fn(i32, *const u8, usize, *const u8, usize) -> i64),
    pub seek: guest_fn!(fn(i32, i64, u32) -> i64),
    pub stat: guest_fn!(fn(i32, *const u8, usize, u32, *mut Stat) -> i64),
    pub truncate: guest_fn!(fn(i32, u64) -> i64),
    pub allocate: guest_fn!(fn(i32, u64, u64) -> i64),
    pub sync: guest_fn!(fn(i32, u32) -> i64),
    pub duplicate: guest_fn!(fn(i32, i32, u32) -> i64),
    pub duplicate_to: guest_fn!(fn(i32, i32, u32) -> i64),
    pub descriptor_flags: guest_fn!(fn(i32) -> i64),
    pub set_descriptor_flags: guest_fn!(fn(i32, u32) -> i64),
    pub status_flags: guest_fn!(fn(i32) -> i64),
    pub set_status_flags: guest_fn!(fn(i32, u32) -> i64),
    pub lock: guest_fn!(fn(i32, *const Lock, u32) -> i64),
    pub lock_query: guest_fn!(fn(i32, *mut Lock) -> i64),
    pub lock_file: guest_fn!(fn(i32, u32) -> i64),
    pub pipe: guest_fn!(fn(u32, *mut [i32; 2]) -> i64),
    pub terminal_size: guest_fn!(fn(i32, *mut WindowSize) -> i64),
    pub copy: guest_fn!(fn(i32, i32, *mut u64, usize) -> i64),

    // names and directories
    pub access: guest_fn!(fn(i32, *const u8, usize, u32, u32) -> i64),
    pub make_directory: guest_fn!(fn(i32, *const u8, usize, u32) -> i64),
    pub unlink: guest_fn!(fn(i32, *const u8, usize, u32) -> i64),
    pub rename: guest_fn!(fn(i32, *const u8, usize, i32, *const u8, usize) -> i64),
    pub link: guest_fn!(fn(i32, *const u8, usize, i32, *const u8, usize, u32) -> i64),
    pub symlink: guest_fn!(fn(*const u8, usize, i32, *const u8, usize) -> i64),
    pub read_link: guest_fn!(fn(i32, *const u8, usize, *mut u8, usize) -> i64),
    pub set_mode: guest_fn!(fn(i32, *const u8, usize, u32, u32) -> i64),
    pub set_owner: guest_fn!(fn(i32, *const u8, usize, u32, u32, u32) -> i64),
    pub set_times: guest_fn!(fn(i32, *const u8, usize, *const [Timespec; 2], u32) -> i64),
    pub file_system: guest_fn!(fn(i32, *const u8, usize, u32, *mut FileSystem) -> i64),
    pub change_directory: guest_fn!(fn(i32, *const u8, usize) -> i64),
    pub current_directory: guest_fn!(fn(*mut u8, usize) -> i64),
    pub set_umask: guest_fn!(fn(u32) -> i64),
    pub read_directory: guest_fn!(fn(i32, *mut u8, usize) -> i64),

    // time
    pub clock: guest_fn!(fn(i32, *mut Timespec) -> i64),
    pub clock_resolution: guest_fn!(fn(i32, *mut Timespec) -> i64),
    pub set_clock: guest_fn!(fn(i32, *const Timespec) -> i64),
    pub sleep: guest_fn!(fn(*const Deadline) -> i64),

    // threads
    pub thread_create: guest_fn!(fn(GuestEntry, usize, usize, usize, usize) -> i64),
    pub thread_exit: guest_fn!(fn() -> !),
    pub thread_id: guest_fn!(fn() -> i32),
    pub thread_stack: guest_fn!(fn(*mut [usize; 2]) -> i64),
    pub set_thread_slot: guest_fn!(fn(usize)),
    pub yield_now: guest_fn!(fn()),
    pub processor_count: guest_fn!(fn() -> usize),

    // futex; a null deadline waits for ever
    pub futex_wait: guest_fn!(fn(*const u32, u32, *const Deadline, u32) -> i64),
    pub futex_wake: guest_fn!(fn(*const u32, u32, u32) -> i64),

    // process
    pub exit: guest_fn!(fn(i32) -> !),
    pub terminate: guest_fn!(fn(i32) -> !),
    pub process_id: guest_fn!(fn() -> i32),
    pub parent_id: guest_fn!(fn() -> i32),
    pub ids: guest_fn!(fn(*mut Ids)),
    pub exec: guest_fn!(fn(*const u8, usize, *const *const c_char, *const *const c_char) -> i64),
    pub spawn: guest_fn!(fn(*const SpawnRequest) -> i64),
    pub wait: guest_fn!(fn(i32, u32, *mut i32) -> i64),
    pub usage: guest_fn!(fn(i32, *mut Usage) -> i64),
    pub executable_path: guest_fn!(fn(*mut u8, usize) -> i64),
    pub host_name: guest_fn!(fn(*mut u8, usize) -> i64),

    // signals; a null action or mask asks only
    pub signal_action: guest_fn!(fn(i32, *const SignalAction, *mut SignalAction) -> i64),
    pub signal_mask: guest_fn!(fn(u32, *const u64, *mut u64) -> i64),
    pub signal_send: guest_fn!(fn(i32, i32, i32) -> i64),

    // random
    pub random: guest_fn!(fn(*mut u8, usize) -> i64),

    // the loader; where a message buffer is given, a failure leaves its text there, NUL-terminated
    pub dl_open: guest_fn!(fn(*const u8, usize, u32, usize, *mut u8, usize) -> i64),
    pub dl_close: guest_fn!(fn(usize, *mut u8, usize) -> i64),
    pub dl_symbol: guest_fn!(fn(usize, *const u8, usize, usize, *mut usize, *mut u8, usize) -> i64),
    pub dl_address: guest_fn!(fn(usize, *mut AddressInfo) -> i64),
    pub dl_object: guest_fn!(fn(usize, *mut ObjectInfo) -> i64),
    /// Runs the finalisers of all loaded files, last initialised first; once.
    pub finalize: guest_fn!(fn()),
    /// Keeps the file that the address lies in, and what it needs, until the process ends.
    pub dl_pin: guest_fn!(fn(usize)),
    /// 1: the process may do more than whoever started it.
    pub is_secure: guest_fn!(fn() -> u32),
    /// Keeps all files that are loaded now or later: the process ends. Waits for other threads' `dlopen` and `dlclose`.
    pub dl_keep: guest_fn!(fn()),

    // files, continued
    pub descriptor_limit: guest_fn!(fn() -> usize),
    pub signal_owner: guest_fn!(fn(i32, *mut i32) -> i64),
    pub set_signal_owner: guest_fn!(fn(i32, i32) -> i64),
}

// SAFETY: the table is never written after it was made; the strings it points to belong to the process.
unsafe impl Sync for Host {}
// SAFETY: as above.
unsafe impl Send for Host {}

/// The file and symbol an address lies in (`Dl_info` of the C ABI). Null where nothing fits.
#[doc(alias = "Dl_info")]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct AddressInfo {
    pub file_name: *const c_char,
    pub base: usize,
    pub symbol_name: *const c_char,
    pub symbol: usize,
}

/// One loaded file (`struct dl_phdr_info` of the C ABI).
#[doc(alias = "struct dl_phdr_info")]
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct ObjectInfo {
    pub base: usize,
    pub name: *const c_char,
    pub program_headers: *const u8,
    pub program_header_count: u16,
    /// Files loaded and unloaded since the start: equal counts mean an unchanged list.
    pub loaded: u64,
    pub unloaded: u64,
    pub tls_module: usize,
    pub tls_data: *const u8,
}

/// A step of [`SpawnRequest`].
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct SpawnStep {
    /// 0 close `fd`, 1 duplicate `fd` to `target`, 2 open `path` as `fd`, 3 change the directory to `path`.
    pub kind: u32,
    pub fd: i32,
    pub target: i32,
    pub flags: u32,
    pub mode: u32,
    pub path: *const u8,
    pub path_length: usize,
}

/// A child to start ([`platform::Spawn`]).
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct SpawnRequest {
    pub path: *const u8,
    pub path_length: usize,
    pub arguments: *const *const c_char,
    pub environment: *const *const c_char,
    pub steps: *const SpawnStep,
    pub step_count: usize,
    pub default_signals: u64,
    pub signal_mask: u64,
    /// 1: `signal_mask` is set; 2: `process_group` is set.
    pub flags: u32,
    pub process_group: i32,
}
