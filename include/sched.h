#ifndef _SCHED_H
#define _SCHED_H

/* POSIX.1-2024 <sched.h> */

#include <features.h>

#define __NEED_struct_timespec
#define __NEED_pid_t
#define __NEED_time_t
#if _XLIBC_GNU
#define __NEED_size_t
#endif
#include <bits/alltypes.h>

_XLIBC_BEGIN

struct sched_param {
	int sched_priority;
	int __reserved1;
	struct {
		time_t __reserved1;
		long __reserved2;
	} __reserved2[2];
	int __reserved3;
};

#define SCHED_OTHER    0
#define SCHED_FIFO     1
#define SCHED_RR       2
#define SCHED_BATCH    3
#define SCHED_IDLE     5
#define SCHED_DEADLINE 6

int sched_get_priority_max(int);
int sched_get_priority_min(int);
int sched_yield(void);

_XLIBC_END

#endif
