#ifndef _STRINGS_H
#define _STRINGS_H

/* POSIX.1-2024 <strings.h> */

#include <features.h>

#define __NEED_size_t
#define __NEED_locale_t
#include <bits/alltypes.h>

_XLIBC_BEGIN

#if _XLIBC_BSD
int bcmp(const void *, const void *, size_t);
void bcopy(const void *, void *, size_t);
void bzero(void *, size_t);
char *index(const char *, int);
char *rindex(const char *, int);
#endif

#if _XLIBC_XSI || _XLIBC_POSIX >= 202405L
int ffs(int);
int ffsl(long);
int ffsll(long long);
#endif

int strcasecmp(const char *, const char *);
int strcasecmp_l(const char *, const char *, locale_t);
int strncasecmp(const char *, const char *, size_t);
int strncasecmp_l(const char *, const char *, size_t, locale_t);

#if _XLIBC_FORTIFY && _XLIBC_BSD
#include <bits/fortify/strings.h>
#endif

_XLIBC_END

#endif
