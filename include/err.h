#ifndef _ERR_H
#define _ERR_H

#include <features.h>

#define __NEED_va_list
#include <bits/alltypes.h>

_XLIBC_BEGIN

void warn(const char *, ...) _XLIBC_PRINTF(1, 2);
void vwarn(const char *, va_list) _XLIBC_PRINTF(1, 0);
void warnx(const char *, ...) _XLIBC_PRINTF(1, 2);
void vwarnx(const char *, va_list) _XLIBC_PRINTF(1, 0);

_XLIBC_NORETURN void err(int, const char *, ...) _XLIBC_PRINTF(2, 3);
_XLIBC_NORETURN void verr(int, const char *, va_list) _XLIBC_PRINTF(2, 0);
_XLIBC_NORETURN void errx(int, const char *, ...) _XLIBC_PRINTF(2, 3);
_XLIBC_NORETURN void verrx(int, const char *, va_list) _XLIBC_PRINTF(2, 0);

_XLIBC_END

#endif
