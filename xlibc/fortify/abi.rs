//! What protected and fortified code calls. The checked functions are C (`xlibc/c/fortify.c`): many have variable arguments.

use crate::{exit, rt};

/// GNU: a checked function would have written past the end of its buffer. Ends the process as `abort` does. Async-signal-safe.
#[export]
pub extern "C" fn __chk_fail() -> ! {
    rt::report(&["buffer overflow detected"]);
    exit::abort()
}

/// GNU and LLVM: a function that is about to return finds its guard overwritten. Ends the process as `abort` does.
/// Async-signal-safe; says nothing that comes from the stack.
#[export]
pub extern "C" fn __stack_chk_fail() -> ! {
    rt::report(&["stack smashing detected"]);
    exit::abort()
}

crate::export_c! {
    __memcpy_chk => xlibc_memcpy_chk,
    __memmove_chk => xlibc_memmove_chk,
    __mempcpy_chk => xlibc_mempcpy_chk,
    __memset_chk => xlibc_memset_chk,
    __explicit_bzero_chk => xlibc_explicit_bzero_chk,
    __strcpy_chk => xlibc_strcpy_chk,
    __stpcpy_chk => xlibc_stpcpy_chk,
    __strncpy_chk => xlibc_strncpy_chk,
    __stpncpy_chk => xlibc_stpncpy_chk,
    __strcat_chk => xlibc_strcat_chk,
    __strncat_chk => xlibc_strncat_chk,
    __strlcpy_chk => xlibc_strlcpy_chk,
    __strlcat_chk => xlibc_strlcat_chk,
}

crate::export_c! {
    __sprintf_chk => xlibc_sprintf_chk,
    __vsprintf_chk => xlibc_vsprintf_chk,
    __snprintf_chk => xlibc_snprintf_chk,
    __vsnprintf_chk => xlibc_vsnprintf_chk,
    __printf_chk => xlibc_printf_chk,
    __vprintf_chk => xlibc_vprintf_chk,
    __fprintf_chk => xlibc_fprintf_chk,
    __vfprintf_chk => xlibc_vfprintf_chk,
    __dprintf_chk => xlibc_dprintf_chk,
    __vdprintf_chk => xlibc_vdprintf_chk,
    __asprintf_chk => xlibc_asprintf_chk,
    __vasprintf_chk => xlibc_vasprintf_chk,
    __fgets_chk => xlibc_fgets_chk,
    __fgets_unlocked_chk => xlibc_fgets_unlocked_chk,
    __fread_chk => xlibc_fread_chk,
    __fread_unlocked_chk => xlibc_fread_unlocked_chk,
}

crate::export_c! {
    __read_chk => xlibc_read_chk,
    __pread_chk => xlibc_pread_chk,
    __readlink_chk => xlibc_readlink_chk,
    __readlinkat_chk => xlibc_readlinkat_chk,
    __getcwd_chk => xlibc_getcwd_chk,
    __gethostname_chk => xlibc_gethostname_chk,
    __getlogin_r_chk => xlibc_getlogin_r_chk,
    __realpath_chk => xlibc_realpath_chk,
}

crate::export_c!(__pread64_chk => xlibc_pread_chk);

crate::export_c! {
    __mbstowcs_chk => xlibc_mbstowcs_chk,
    __wcstombs_chk => xlibc_wcstombs_chk,
    __mbsrtowcs_chk => xlibc_mbsrtowcs_chk,
    __wcsrtombs_chk => xlibc_wcsrtombs_chk,
    __mbsnrtowcs_chk => xlibc_mbsnrtowcs_chk,
    __wcsnrtombs_chk => xlibc_wcsnrtombs_chk,
    __wctomb_chk => xlibc_wctomb_chk,
    __wcrtomb_chk => xlibc_wcrtomb_chk,
    __wmemcpy_chk => xlibc_wmemcpy_chk,
    __wmemmove_chk => xlibc_wmemmove_chk,
    __wmemset_chk => xlibc_wmemset_chk,
    __wcscpy_chk => xlibc_wcscpy_chk,
    __wcpcpy_chk => xlibc_wcpcpy_chk,
    __wcsncpy_chk => xlibc_wcsncpy_chk,
    __wcpncpy_chk => xlibc_wcpncpy_chk,
    __wcscat_chk => xlibc_wcscat_chk,
    __wcsncat_chk => xlibc_wcsncat_chk,
    __swprintf_chk => xlibc_swprintf_chk,
    __vswprintf_chk => xlibc_vswprintf_chk,
    __wprintf_chk => xlibc_wprintf_chk,
    __vwprintf_chk => xlibc_vwprintf_chk,
    __fwprintf_chk => xlibc_fwprintf_chk,
    __vfwprintf_chk => xlibc_vfwprintf_chk,
    __fgetws_chk => xlibc_fgetws_chk,
    __fgetws_unlocked_chk => xlibc_fgetws_unlocked_chk,
}
