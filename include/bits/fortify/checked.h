#ifndef _BITS_FORTIFY_CHECKED_H
#define _BITS_FORTIFY_CHECKED_H

/*
 * What the checked functions of _FORTIFY_SOURCE are made of. Each is an overload of the function that it checks: clang
 * passes it the size of the buffer at the place of the call. The address of the function is that of the unchecked one.
 *
 *   _XLIBC_AREA, _XLIBC_AREA_SIZE(to)      bytes from here to the end of the object
 *   _XLIBC_TEXT, _XLIBC_TEXT_SIZE(to)      from level 2 on, bytes to the end of the member of a struct that this is
 *
 * A size that is not known is (size_t)-1. At level 3 it may be an expression that is computed at run time.
 */

#if _XLIBC_FORTIFY > 2
#define _XLIBC_AREA __attribute__((__pass_dynamic_object_size__(0)))
#define _XLIBC_TEXT __attribute__((__pass_dynamic_object_size__(1)))
#define _XLIBC_AREA_SIZE(to) __builtin_dynamic_object_size(to, 0)
#define _XLIBC_TEXT_SIZE(to) __builtin_dynamic_object_size(to, 1)
#elif _XLIBC_FORTIFY > 1
#define _XLIBC_AREA __attribute__((__pass_object_size__(0)))
#define _XLIBC_TEXT __attribute__((__pass_object_size__(1)))
#define _XLIBC_AREA_SIZE(to) __builtin_object_size(to, 0)
#define _XLIBC_TEXT_SIZE(to) __builtin_object_size(to, 1)
#else
#define _XLIBC_AREA __attribute__((__pass_object_size__(0)))
#define _XLIBC_TEXT __attribute__((__pass_object_size__(0)))
#define _XLIBC_AREA_SIZE(to) __builtin_object_size(to, 0)
#define _XLIBC_TEXT_SIZE(to) __builtin_object_size(to, 0)
#endif

#define _XLIBC_CHECKED static __inline __attribute__((__always_inline__, __overloadable__))
/* Those with variable arguments are never inlined. */
#define _XLIBC_CHECKED_VARIADIC static __inline __attribute__((__overloadable__))

/* A warning where it is plain to the compiler that n is more than the room. */
#define _XLIBC_AT_MOST(n, room) \
	__attribute__((__diagnose_if__((n) > (room), "the call writes past the end of its buffer", "warning")))

/* As above, room in bytes for wide characters. */
#define _XLIBC_AT_MOST_WIDE(n, room) _XLIBC_AT_MOST((room) == (size_t)-1 ? 0 : (n), (room) / sizeof(wchar_t))

/* The call without a check where the size is not known. */
#define _XLIBC_CHECK(room, unchecked, checked) ((room) == (size_t)-1 ? unchecked : checked)

#endif
