#ifndef _SYS_TIME_H
#define _SYS_TIME_H

/* POSIX.1-2024 <sys/time.h> */

#include <features.h>

#define __NEED_size_t
#define __NEED_time_t
#define __NEED_suseconds_t
#define __NEED_struct_timeval
#define __NEED_struct_timespec
#define __NEED_sigset_t
#include <bits/alltypes.h>

#include <sys/select.h>

_XLIBC_BEGIN

int gettimeofday(struct timeval *__restrict, void *__restrict);
int utimes(const char *, const struct timeval[2]);

#if _XLIBC_BSD
struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

#define timerisset(t) ((t)->tv_sec != 0 || (t)->tv_usec != 0)
#define timerclear(t) ((void)((t)->tv_sec = (t)->tv_usec = 0))
#define timercmp(s, t, op) ((s)->tv_sec == (t)->tv_sec ? (s)->tv_usec op (t)->tv_usec : (s)->tv_sec op (t)->tv_sec)
#define timeradd(s, t, sum) \
	((void)((sum)->tv_sec = (s)->tv_sec + (t)->tv_sec, \
		((sum)->tv_usec = (s)->tv_usec + (t)->tv_usec) >= 1000000 && \
			((sum)->tv_usec -= 1000000, (sum)->tv_sec++)))
#define timersub(s, t, difference) \
	((void)((difference)->tv_sec = (s)->tv_sec - (t)->tv_sec, \
		((difference)->tv_usec = (s)->tv_usec - (t)->tv_usec) < 0 && \
			((difference)->tv_usec += 1000000, (difference)->tv_sec--)))
#endif

#if _XLIBC_GNU
#define TIMEVAL_TO_TIMESPEC(tv, ts) ((void)((ts)->tv_sec = (tv)->tv_sec, (ts)->tv_nsec = (tv)->tv_usec * 1000))
#define TIMESPEC_TO_TIMEVAL(tv, ts) ((void)((tv)->tv_sec = (ts)->tv_sec, (tv)->tv_usec = (ts)->tv_nsec / 1000))
#endif

_XLIBC_END

#endif
