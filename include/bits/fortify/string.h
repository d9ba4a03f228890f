/* Checked functions of <string.h>. */

#include <bits/fortify/checked.h>

_XLIBC_CHECKED void *memcpy(void *const __restrict _XLIBC_AREA __to, const void *__restrict __from, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_AREA_SIZE(__to))
{
	return __builtin___memcpy_chk(__to, __from, __n, _XLIBC_AREA_SIZE(__to));
}

_XLIBC_CHECKED void *memmove(void *const _XLIBC_AREA __to, const void *__from, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_AREA_SIZE(__to))
{
	return __builtin___memmove_chk(__to, __from, __n, _XLIBC_AREA_SIZE(__to));
}

_XLIBC_CHECKED void *memset(void *const _XLIBC_AREA __to, int __byte, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_AREA_SIZE(__to))
{
	return __builtin___memset_chk(__to, __byte, __n, _XLIBC_AREA_SIZE(__to));
}

_XLIBC_CHECKED char *strcpy(char *const __restrict _XLIBC_TEXT __to, const char *__restrict __from)
	_XLIBC_AT_MOST(__builtin_strlen(__from) + 1, _XLIBC_TEXT_SIZE(__to))
{
	return __builtin___strcpy_chk(__to, __from, _XLIBC_TEXT_SIZE(__to));
}

_XLIBC_CHECKED char *strncpy(char *const __restrict _XLIBC_TEXT __to, const char *__restrict __from, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return __builtin___strncpy_chk(__to, __from, __n, _XLIBC_TEXT_SIZE(__to));
}

_XLIBC_CHECKED char *strcat(char *const __restrict _XLIBC_TEXT __to, const char *__restrict __from)
	_XLIBC_AT_MOST(__builtin_strlen(__from) + 1, _XLIBC_TEXT_SIZE(__to))
{
	return __builtin___strcat_chk(__to, __from, _XLIBC_TEXT_SIZE(__to));
}

_XLIBC_CHECKED char *strncat(char *const __restrict _XLIBC_TEXT __to, const char *__restrict __from, size_t __n)
{
	return __builtin___strncat_chk(__to, __from, __n, _XLIBC_TEXT_SIZE(__to));
}

#if _XLIBC_POSIX
_XLIBC_CHECKED char *stpcpy(char *const __restrict _XLIBC_TEXT __to, const char *__restrict __from)
	_XLIBC_AT_MOST(__builtin_strlen(__from) + 1, _XLIBC_TEXT_SIZE(__to))
{
	return __builtin___stpcpy_chk(__to, __from, _XLIBC_TEXT_SIZE(__to));
}

_XLIBC_CHECKED char *stpncpy(char *const __restrict _XLIBC_TEXT __to, const char *__restrict __from, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return __builtin___stpncpy_chk(__to, __from, __n, _XLIBC_TEXT_SIZE(__to));
}
#endif

#if _XLIBC_BSD || _XLIBC_POSIX >= 202405L
_XLIBC_CHECKED size_t strlcpy(char *const _XLIBC_TEXT __to, const char *__from, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return __builtin___strlcpy_chk(__to, __from, __n, _XLIBC_TEXT_SIZE(__to));
}

_XLIBC_CHECKED size_t strlcat(char *const _XLIBC_TEXT __to, const char *__from, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return __builtin___strlcat_chk(__to, __from, __n, _XLIBC_TEXT_SIZE(__to));
}
#endif

#if _XLIBC_BSD
void __explicit_bzero_chk(void *, size_t, size_t);
_XLIBC_CHECKED void explicit_bzero(void *const _XLIBC_AREA __to, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_AREA_SIZE(__to))
{
	__explicit_bzero_chk(__to, __n, _XLIBC_AREA_SIZE(__to));
}
#endif

#if _XLIBC_GNU
_XLIBC_CHECKED void *mempcpy(void *const _XLIBC_AREA __to, const void *__from, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_AREA_SIZE(__to))
{
	return __builtin___mempcpy_chk(__to, __from, __n, _XLIBC_AREA_SIZE(__to));
}
#endif
