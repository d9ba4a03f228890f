#ifndef _STDDEF_H
#define _STDDEF_H

/* C23 7.21. Complete: the compiler's own stddef.h is not read after it. */

#include <features.h>
#include <bits/null.h>

#define __NEED_ptrdiff_t
#define __NEED_size_t
#define __NEED_wchar_t
#if _XLIBC_ISO >= 2011
#define __NEED_max_align_t
#endif
#include <bits/alltypes.h>

#define offsetof(type, member) __builtin_offsetof(type, member)

#if defined(__cplusplus) && __cplusplus >= 201103L
namespace std {
typedef decltype(nullptr) nullptr_t;
}
using std::nullptr_t;
#elif _XLIBC_ISO >= 2023
typedef __typeof__(nullptr) nullptr_t;
#define unreachable() (__builtin_unreachable())
#define __STDC_VERSION_STDDEF_H__ 202311L
#endif

#endif
