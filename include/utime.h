#ifndef _UTIME_H
#define _UTIME_H

/* POSIX.1-2008 <utime.h>; left out of POSIX.1-2024, which has utimensat(). */

#include <features.h>

#define __NEED_time_t
#include <bits/alltypes.h>

_XLIBC_BEGIN

struct utimbuf {
	time_t actime;
	time_t modtime;
};

int utime(const char *, const struct utimbuf *);

_XLIBC_END

#endif
