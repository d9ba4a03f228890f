/* C23 7.2. May be included again with another NDEBUG, hence no guard. */

#include <features.h>

#undef assert
#ifdef NDEBUG
#if _XLIBC_ISO >= 2023
#define assert(...) ((void)0)
#else
#define assert(condition) ((void)0)
#endif
#elif _XLIBC_ISO >= 2023
/* Variadic, so that a comma in a compound literal is no separator; the call checks that it is one expression. */
#define assert(...) ((void)((__VA_ARGS__) || (__assert_fail(#__VA_ARGS__, __FILE__, __LINE__, __func__), 0)))
#define __STDC_VERSION_ASSERT_H__ 202311L
#else
#define assert(condition) ((void)((condition) || (__assert_fail(#condition, __FILE__, __LINE__, __func__), 0)))
#endif

#if _XLIBC_ISO == 2011 && !defined(__cplusplus)
#undef static_assert
#define static_assert _Static_assert
#endif

_XLIBC_BEGIN
_XLIBC_NORETURN void __assert_fail(const char *, const char *, int, const char *);
_XLIBC_END
