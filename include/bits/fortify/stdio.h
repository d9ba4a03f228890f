/* Checked functions of <stdio.h>. */

#include <bits/fortify/checked.h>

_XLIBC_CHECKED int vsprintf(char *const __restrict _XLIBC_TEXT __to, const char *__restrict __format,
	__isoc_va_list __list)
{
	return __builtin___vsprintf_chk(__to, 0, _XLIBC_TEXT_SIZE(__to), __format, __list);
}

_XLIBC_CHECKED int vsnprintf(char *const __restrict _XLIBC_TEXT __to, size_t __n,
	const char *__restrict __format, __isoc_va_list __list)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return __builtin___vsnprintf_chk(__to, __n, 0, _XLIBC_TEXT_SIZE(__to), __format, __list);
}

_XLIBC_CHECKED_VARIADIC int sprintf(char *const __restrict _XLIBC_TEXT __to, const char *__restrict __format, ...)
	_XLIBC_PRINTF(2, 3)
{
	__isoc_va_list __list;
	int __length;
	__builtin_va_start(__list, __format);
	__length = __builtin___vsprintf_chk(__to, 0, _XLIBC_TEXT_SIZE(__to), __format, __list);
	__builtin_va_end(__list);
	return __length;
}

_XLIBC_CHECKED_VARIADIC int snprintf(char *const __restrict _XLIBC_TEXT __to, size_t __n,
	const char *__restrict __format, ...)
	_XLIBC_PRINTF(3, 4) _XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	__isoc_va_list __list;
	int __length;
	__builtin_va_start(__list, __format);
	__length = __builtin___vsnprintf_chk(__to, __n, 0, _XLIBC_TEXT_SIZE(__to), __format, __list);
	__builtin_va_end(__list);
	return __length;
}

char *__fgets_chk(char *__restrict, size_t, int, FILE *__restrict);
_XLIBC_CHECKED char *fgets(char *const __restrict _XLIBC_TEXT __to, int __n, FILE *__restrict __file)
	_XLIBC_AT_MOST((__n < 0 ? 0 : (size_t)__n), _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&fgets)(__to, __n, __file),
		__fgets_chk(__to, _XLIBC_TEXT_SIZE(__to), __n, __file));
}

size_t __fread_chk(void *__restrict, size_t, size_t, size_t, FILE *__restrict);
_XLIBC_CHECKED size_t fread(void *const __restrict _XLIBC_AREA __to, size_t __size, size_t __n,
	FILE *__restrict __file)
	_XLIBC_AT_MOST(__size * __n, _XLIBC_AREA_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_AREA_SIZE(__to), (&fread)(__to, __size, __n, __file),
		__fread_chk(__to, _XLIBC_AREA_SIZE(__to), __size, __n, __file));
}

#if _XLIBC_BSD
size_t __fread_unlocked_chk(void *, size_t, size_t, size_t, FILE *);
_XLIBC_CHECKED size_t fread_unlocked(void *const _XLIBC_AREA __to, size_t __size, size_t __n, FILE *__file)
	_XLIBC_AT_MOST(__size * __n, _XLIBC_AREA_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_AREA_SIZE(__to), (&fread_unlocked)(__to, __size, __n, __file),
		__fread_unlocked_chk(__to, _XLIBC_AREA_SIZE(__to), __size, __n, __file));
}
#endif

#if _XLIBC_GNU
char *__fgets_unlocked_chk(char *, size_t, int, FILE *);
_XLIBC_CHECKED char *fgets_unlocked(char *const _XLIBC_TEXT __to, int __n, FILE *__file)
	_XLIBC_AT_MOST((__n < 0 ? 0 : (size_t)__n), _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&fgets_unlocked)(__to, __n, __file),
		__fgets_unlocked_chk(__to, _XLIBC_TEXT_SIZE(__to), __n, __file));
}
#endif
