#ifndef _TIME_H
#define _TIME_H

/* C23 7.29, POSIX.1-2024 <time.h> */

#include <features.h>
#include <bits/null.h>

#define __NEED_size_t
#define __NEED_time_t
#define __NEED_clock_t
#define __NEED_struct_timespec
#if _XLIBC_POSIX
#define __NEED_clockid_t
#define __NEED_timer_t
#define __NEED_pid_t
#define __NEED_locale_t
#endif
#include <bits/alltypes.h>

_XLIBC_BEGIN

#if _XLIBC_BSD || _XLIBC_POSIX >= 202405L
#define __tm_gmtoff tm_gmtoff
#define __tm_zone tm_zone
#endif

struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;
	int tm_year;
	int tm_wday;
	int tm_yday;
	int tm_isdst;
	long __tm_gmtoff;
	const char *__tm_zone;
};

#define CLOCKS_PER_SEC 1000000L
#define TIME_UTC 1

clock_t clock(void);
time_t time(time_t *);
double difftime(time_t, time_t);
time_t mktime(struct tm *);
size_t strftime(char *__restrict, size_t, const char *__restrict, const struct tm *__restrict) _XLIBC_STRFTIME(3);
struct tm *gmtime(const time_t *);
struct tm *localtime(const time_t *);
char *asctime(const struct tm *);
char *ctime(const time_t *);
int timespec_get(struct timespec *, int);

#if _XLIBC_POSIX || _XLIBC_ISO >= 2023
struct tm *gmtime_r(const time_t *__restrict, struct tm *__restrict);
struct tm *localtime_r(const time_t *__restrict, struct tm *__restrict);
#endif

#if _XLIBC_POSIX
#define CLOCK_REALTIME           0
#define CLOCK_MONOTONIC          1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID  3
#define CLOCK_MONOTONIC_RAW      4
#define CLOCK_REALTIME_COARSE    5
#define CLOCK_MONOTONIC_COARSE   6
#define CLOCK_BOOTTIME           7
#define CLOCK_REALTIME_ALARM     8
#define CLOCK_BOOTTIME_ALARM     9
#define CLOCK_SGI_CYCLE          10
#define CLOCK_TAI                11

#define TIMER_ABSTIME 1

char *asctime_r(const struct tm *__restrict, char *__restrict);
char *ctime_r(const time_t *, char *);
size_t strftime_l(char *__restrict, size_t, const char *__restrict, const struct tm *__restrict, locale_t) _XLIBC_STRFTIME(3);

void tzset(void);
extern char *tzname[2];

int nanosleep(const struct timespec *, struct timespec *);
int clock_getres(clockid_t, struct timespec *);
int clock_gettime(clockid_t, struct timespec *);
int clock_settime(clockid_t, const struct timespec *);
int clock_nanosleep(clockid_t, int, const struct timespec *, struct timespec *);
#endif

#if _XLIBC_XSI
char *strptime(const char *__restrict, const char *__restrict, struct tm *__restrict);
extern int daylight;
extern long timezone;
#endif

#if _XLIBC_BSD || _XLIBC_ISO >= 2023
time_t timegm(struct tm *);
#endif

#if _XLIBC_ISO >= 2023
#define __STDC_VERSION_TIME_H__ 202311L
#endif

_XLIBC_END

#endif
