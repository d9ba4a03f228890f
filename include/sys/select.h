#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H

/* POSIX.1-2024 <sys/select.h> */

#include <features.h>

#define __NEED_size_t
#define __NEED_time_t
#define __NEED_suseconds_t
#define __NEED_struct_timeval
#define __NEED_struct_timespec
#define __NEED_sigset_t
#include <bits/alltypes.h>

_XLIBC_BEGIN

#define FD_SETSIZE 1024

typedef unsigned long fd_mask;

typedef struct {
	unsigned long fds_bits[FD_SETSIZE / 8 / sizeof(long)];
} fd_set;

#define FD_ZERO(s)     ((void)__builtin_memset((s), 0, sizeof(fd_set)))
#define FD_SET(d, s)   ((void)((s)->fds_bits[(d) / 64] |= 1UL << ((d) % 64)))
#define FD_CLR(d, s)   ((void)((s)->fds_bits[(d) / 64] &= ~(1UL << ((d) % 64))))
#define FD_ISSET(d, s) ((int)((s)->fds_bits[(d) / 64] >> ((d) % 64) & 1))

int select(int, fd_set *__restrict, fd_set *__restrict, fd_set *__restrict, struct timeval *__restrict);
int pselect(int, fd_set *__restrict, fd_set *__restrict, fd_set *__restrict, const struct timespec *__restrict,
	const sigset_t *__restrict);

#if _XLIBC_BSD
#define NFDBITS (8 * (int)sizeof(long))
#endif

_XLIBC_END

#endif
