//! Prototypes as `xlibc/**/abi.rs` writes them: the comparison must find nothing to say. Not compiled by rustc.

#[export]
pub unsafe extern "C" fn strtol(nptr: *const c_char, endptr: *mut *mut c_char, base: c_int) -> c_long {}
#[export]
pub unsafe extern "C" fn nanosleep(request: *const timespec, remaining: *mut timespec) -> c_int {}
#[export]
pub unsafe extern "C" fn qsort(
    base: *mut c_void,
    count: size_t,
    size: size_t,
    compare: Option<unsafe extern "C" fn(*const c_void, *const c_void) -> c_int>,
) {
}
#[export]
pub extern "C" fn exit(status: c_int) -> ! {}
#[export]
pub unsafe extern "C" fn fclose(stream: *mut FILE) -> c_int {}
#[export]
pub unsafe extern "C" fn wcslen(text: *const wchar_t) -> size_t {}
#[export]
pub unsafe extern "C" fn getopt(argc: c_int, argv: *const *mut c_char, options: *const c_char) -> c_int {}
#[export]
pub unsafe extern "C" fn llabs(value: c_longlong) -> c_longlong {}
#[export]
pub static mut optind: c_int = 1;
#[export]
pub extern "C" fn fcntl(fd: c_int, command: c_int, argument: c_ulong) -> c_int {}
#[export("rename")]
pub unsafe extern "C" fn move_to(old: *const c_char, new: *const c_char) -> c_int {}
