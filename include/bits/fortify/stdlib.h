/* Checked functions of <stdlib.h>. */

#include <bits/fortify/checked.h>

int __wctomb_chk(char *, wchar_t, size_t);
_XLIBC_CHECKED int wctomb(char *const _XLIBC_TEXT __to, wchar_t __character)
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wctomb)(__to, __character),
		__wctomb_chk(__to, __character, _XLIBC_TEXT_SIZE(__to)));
}

size_t __mbstowcs_chk(wchar_t *__restrict, const char *__restrict, size_t, size_t);
_XLIBC_CHECKED size_t mbstowcs(wchar_t *const __restrict _XLIBC_TEXT __to, const char *__restrict __from, size_t __n)
	_XLIBC_AT_MOST_WIDE(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&mbstowcs)(__to, __from, __n),
		__mbstowcs_chk(__to, __from, __n, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t)));
}

size_t __wcstombs_chk(char *__restrict, const wchar_t *__restrict, size_t, size_t);
_XLIBC_CHECKED size_t wcstombs(char *const __restrict _XLIBC_TEXT __to, const wchar_t *__restrict __from, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wcstombs)(__to, __from, __n),
		__wcstombs_chk(__to, __from, __n, _XLIBC_TEXT_SIZE(__to)));
}

#if _XLIBC_XSI || _XLIBC_POSIX >= 202405L
char *__realpath_chk(const char *__restrict, char *__restrict, size_t);
_XLIBC_CHECKED char *realpath(const char *__restrict __name, char *const __restrict _XLIBC_TEXT __to)
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&realpath)(__name, __to),
		__realpath_chk(__name, __to, _XLIBC_TEXT_SIZE(__to)));
}
#endif
