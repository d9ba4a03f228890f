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
#define SCHED_RESET_ON_FORK 0x40000000

int sched_get_priority_max(int);
int sched_get_priority_min(int);
int sched_yield(void);

#if _XLIBC_GNU
#define CSIGNAL              0xff
#define CLONE_NEWTIME        0x80
#define CLONE_VM             0x100
#define CLONE_FS             0x200
#define CLONE_FILES          0x400
#define CLONE_SIGHAND        0x800
#define CLONE_PIDFD          0x1000
#define CLONE_PTRACE         0x2000
#define CLONE_VFORK          0x4000
#define CLONE_PARENT         0x8000
#define CLONE_THREAD         0x10000
#define CLONE_NEWNS          0x20000
#define CLONE_SYSVSEM        0x40000
#define CLONE_SETTLS         0x80000
#define CLONE_PARENT_SETTID  0x100000
#define CLONE_CHILD_CLEARTID 0x200000
#define CLONE_DETACHED       0x400000
#define CLONE_UNTRACED       0x800000
#define CLONE_CHILD_SETTID   0x1000000
#define CLONE_NEWCGROUP      0x2000000
#define CLONE_NEWUTS         0x4000000
#define CLONE_NEWIPC         0x8000000
#define CLONE_NEWUSER        0x10000000
#define CLONE_NEWPID         0x20000000
#define CLONE_NEWNET         0x40000000
#define CLONE_IO             0x80000000

#define CPU_SETSIZE 1024

typedef struct cpu_set_t {
	unsigned long __bits[CPU_SETSIZE / 64];
} cpu_set_t;
#endif

_XLIBC_END

#endif
