#ifndef _STDARG_H
#define _STDARG_H

/* C23 7.16 */

#include <features.h>

#define __NEED_va_list
#include <bits/alltypes.h>

#if _XLIBC_ISO >= 2023
/* The second argument is optional and, where given, not evaluated. */
#define va_start(ap, ...) __builtin_va_start(ap, 0)
#define __STDC_VERSION_STDARG_H__ 202311L
#else
#define va_start(ap, last) __builtin_va_start(ap, last)
#endif
#define va_end(ap) __builtin_va_end(ap)
#define va_copy(to, from) __builtin_va_copy(to, from)
#define va_arg(ap, type) __builtin_va_arg(ap, type)

#endif
