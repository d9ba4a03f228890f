/* Checked functions of <strings.h>. */

#include <bits/fortify/checked.h>

_XLIBC_CHECKED void bcopy(const void *__from, void *const _XLIBC_AREA __to, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_AREA_SIZE(__to))
{
	__builtin___memmove_chk(__to, __from, __n, _XLIBC_AREA_SIZE(__to));
}

_XLIBC_CHECKED void bzero(void *const _XLIBC_AREA __to, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_AREA_SIZE(__to))
{
	__builtin___memset_chk(__to, 0, __n, _XLIBC_AREA_SIZE(__to));
}
