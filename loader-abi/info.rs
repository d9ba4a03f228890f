//! What the loader tells of the files that it has loaded.

use core::ffi::c_char;

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

/// The loaded files of one moment.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ObjectList {
    /// `count` of them, in load order. The address is the list's name, too.
    pub objects: *const ObjectInfo,
    /// How many.
    pub count: usize,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Resolved {
    /// Its address; where the file says so, any number.
    pub address: usize,
}

platform::observe_data!(AddressInfo, ObjectInfo, ObjectList, Resolved);
