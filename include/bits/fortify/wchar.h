/* Checked functions of <wchar.h>. */

#include <bits/fortify/checked.h>

wchar_t *__wmemcpy_chk(wchar_t *__restrict, const wchar_t *__restrict, size_t, size_t);
_XLIBC_CHECKED wchar_t *wmemcpy(wchar_t *const __restrict _XLIBC_AREA __to, const wchar_t *__restrict __from,
	size_t __n)
	_XLIBC_AT_MOST_WIDE(__n, _XLIBC_AREA_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_AREA_SIZE(__to), (&wmemcpy)(__to, __from, __n),
		__wmemcpy_chk(__to, __from, __n, _XLIBC_AREA_SIZE(__to) / sizeof(wchar_t)));
}

wchar_t *__wmemmove_chk(wchar_t *, const wchar_t *, size_t, size_t);
_XLIBC_CHECKED wchar_t *wmemmove(wchar_t *const _XLIBC_AREA __to, const wchar_t *__from, size_t __n)
	_XLIBC_AT_MOST_WIDE(__n, _XLIBC_AREA_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_AREA_SIZE(__to), (&wmemmove)(__to, __from, __n),
		__wmemmove_chk(__to, __from, __n, _XLIBC_AREA_SIZE(__to) / sizeof(wchar_t)));
}

wchar_t *__wmemset_chk(wchar_t *, wchar_t, size_t, size_t);
_XLIBC_CHECKED wchar_t *wmemset(wchar_t *const _XLIBC_AREA __to, wchar_t __value, size_t __n)
	_XLIBC_AT_MOST_WIDE(__n, _XLIBC_AREA_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_AREA_SIZE(__to), (&wmemset)(__to, __value, __n),
		__wmemset_chk(__to, __value, __n, _XLIBC_AREA_SIZE(__to) / sizeof(wchar_t)));
}

wchar_t *__wcscpy_chk(wchar_t *__restrict, const wchar_t *__restrict, size_t);
_XLIBC_CHECKED wchar_t *wcscpy(wchar_t *const __restrict _XLIBC_TEXT __to, const wchar_t *__restrict __from)
	_XLIBC_AT_MOST_WIDE(__builtin_wcslen(__from) + 1, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wcscpy)(__to, __from),
		__wcscpy_chk(__to, __from, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t)));
}

wchar_t *__wcsncpy_chk(wchar_t *__restrict, const wchar_t *__restrict, size_t, size_t);
_XLIBC_CHECKED wchar_t *wcsncpy(wchar_t *const __restrict _XLIBC_TEXT __to, const wchar_t *__restrict __from,
	size_t __n)
	_XLIBC_AT_MOST_WIDE(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wcsncpy)(__to, __from, __n),
		__wcsncpy_chk(__to, __from, __n, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t)));
}

wchar_t *__wcscat_chk(wchar_t *__restrict, const wchar_t *__restrict, size_t);
_XLIBC_CHECKED wchar_t *wcscat(wchar_t *const __restrict _XLIBC_TEXT __to, const wchar_t *__restrict __from)
	_XLIBC_AT_MOST_WIDE(__builtin_wcslen(__from) + 1, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wcscat)(__to, __from),
		__wcscat_chk(__to, __from, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t)));
}

wchar_t *__wcsncat_chk(wchar_t *__restrict, const wchar_t *__restrict, size_t, size_t);
_XLIBC_CHECKED wchar_t *wcsncat(wchar_t *const __restrict _XLIBC_TEXT __to, const wchar_t *__restrict __from,
	size_t __n)
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wcsncat)(__to, __from, __n),
		__wcsncat_chk(__to, __from, __n, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t)));
}

size_t __mbsrtowcs_chk(wchar_t *__restrict, const char **__restrict, size_t, mbstate_t *__restrict, size_t);
_XLIBC_CHECKED size_t mbsrtowcs(wchar_t *const __restrict _XLIBC_TEXT __to, const char **__restrict __from,
	size_t __n, mbstate_t *__restrict __state)
	_XLIBC_AT_MOST_WIDE(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&mbsrtowcs)(__to, __from, __n, __state),
		__mbsrtowcs_chk(__to, __from, __n, __state, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t)));
}

size_t __wcsrtombs_chk(char *__restrict, const wchar_t **__restrict, size_t, mbstate_t *__restrict, size_t);
_XLIBC_CHECKED size_t wcsrtombs(char *const __restrict _XLIBC_TEXT __to, const wchar_t **__restrict __from,
	size_t __n, mbstate_t *__restrict __state)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wcsrtombs)(__to, __from, __n, __state),
		__wcsrtombs_chk(__to, __from, __n, __state, _XLIBC_TEXT_SIZE(__to)));
}

size_t __wcrtomb_chk(char *__restrict, wchar_t, mbstate_t *__restrict, size_t);
_XLIBC_CHECKED size_t wcrtomb(char *const __restrict _XLIBC_TEXT __to, wchar_t __character,
	mbstate_t *__restrict __state)
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wcrtomb)(__to, __character, __state),
		__wcrtomb_chk(__to, __character, __state, _XLIBC_TEXT_SIZE(__to)));
}

wchar_t *__fgetws_chk(wchar_t *__restrict, size_t, int, FILE *__restrict);
_XLIBC_CHECKED wchar_t *fgetws(wchar_t *const __restrict _XLIBC_TEXT __to, int __n, FILE *__restrict __file)
	_XLIBC_AT_MOST_WIDE((__n < 0 ? 0 : (size_t)__n), _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&fgetws)(__to, __n, __file),
		__fgetws_chk(__to, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t), __n, __file));
}

int __vswprintf_chk(wchar_t *__restrict, size_t, int, size_t, const wchar_t *__restrict, __isoc_va_list);
_XLIBC_CHECKED int vswprintf(wchar_t *const __restrict _XLIBC_TEXT __to, size_t __n,
	const wchar_t *__restrict __format,
	__isoc_va_list __list)
	_XLIBC_AT_MOST_WIDE(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&vswprintf)(__to, __n, __format, __list),
		__vswprintf_chk(__to, __n, 0, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t), __format, __list));
}

_XLIBC_CHECKED_VARIADIC int swprintf(wchar_t *const __restrict _XLIBC_TEXT __to, size_t __n,
	const wchar_t *__restrict __format, ...)
	_XLIBC_AT_MOST_WIDE(__n, _XLIBC_TEXT_SIZE(__to))
{
	__isoc_va_list __list;
	int __length;
	__builtin_va_start(__list, __format);
	__length = _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&vswprintf)(__to, __n, __format, __list),
		__vswprintf_chk(__to, __n, 0, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t), __format, __list));
	__builtin_va_end(__list);
	return __length;
}

#if _XLIBC_POSIX
wchar_t *__wcpcpy_chk(wchar_t *__restrict, const wchar_t *__restrict, size_t);
_XLIBC_CHECKED wchar_t *wcpcpy(wchar_t *const __restrict _XLIBC_TEXT __to, const wchar_t *__restrict __from)
	_XLIBC_AT_MOST_WIDE(__builtin_wcslen(__from) + 1, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wcpcpy)(__to, __from),
		__wcpcpy_chk(__to, __from, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t)));
}

wchar_t *__wcpncpy_chk(wchar_t *__restrict, const wchar_t *__restrict, size_t, size_t);
_XLIBC_CHECKED wchar_t *wcpncpy(wchar_t *const __restrict _XLIBC_TEXT __to, const wchar_t *__restrict __from,
	size_t __n)
	_XLIBC_AT_MOST_WIDE(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wcpncpy)(__to, __from, __n),
		__wcpncpy_chk(__to, __from, __n, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t)));
}

size_t __mbsnrtowcs_chk(wchar_t *__restrict, const char **__restrict, size_t, size_t, mbstate_t *__restrict, size_t);
_XLIBC_CHECKED size_t mbsnrtowcs(wchar_t *const __restrict _XLIBC_TEXT __to, const char **__restrict __from,
	size_t __bytes, size_t __n,
	mbstate_t *__restrict __state)
	_XLIBC_AT_MOST_WIDE(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&mbsnrtowcs)(__to, __from, __bytes, __n, __state),
		__mbsnrtowcs_chk(__to, __from, __bytes, __n, __state, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t)));
}

size_t __wcsnrtombs_chk(char *__restrict, const wchar_t **__restrict, size_t, size_t, mbstate_t *__restrict, size_t);
_XLIBC_CHECKED size_t wcsnrtombs(char *const __restrict _XLIBC_TEXT __to, const wchar_t **__restrict __from,
	size_t __characters, size_t __n,
	mbstate_t *__restrict __state)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&wcsnrtombs)(__to, __from, __characters, __n, __state),
		__wcsnrtombs_chk(__to, __from, __characters, __n, __state, _XLIBC_TEXT_SIZE(__to)));
}
#endif

#if _XLIBC_GNU
wchar_t *__fgetws_unlocked_chk(wchar_t *, size_t, int, FILE *);
_XLIBC_CHECKED wchar_t *fgetws_unlocked(wchar_t *const _XLIBC_TEXT __to, int __n, FILE *__file)
	_XLIBC_AT_MOST_WIDE((__n < 0 ? 0 : (size_t)__n), _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&fgetws_unlocked)(__to, __n, __file),
		__fgetws_unlocked_chk(__to, _XLIBC_TEXT_SIZE(__to) / sizeof(wchar_t), __n, __file));
}
#endif
