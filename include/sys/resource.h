#ifndef _SYS_RESOURCE_H
#define _SYS_RESOURCE_H

/* POSIX.1-2024 <sys/resource.h> */

#include <features.h>
#include <sys/time.h>

#define __NEED_id_t
#if _XLIBC_GNU
#define __NEED_pid_t
#endif
#include <bits/alltypes.h>

_XLIBC_BEGIN

struct rusage {
	struct timeval ru_utime;
	struct timeval ru_stime;
	long ru_maxrss;
	long ru_ixrss;
	long ru_idrss;
	long ru_isrss;
	long ru_minflt;
	long ru_majflt;
	long ru_nswap;
	long ru_inblock;
	long ru_oublock;
	long ru_msgsnd;
	long ru_msgrcv;
	long ru_nsignals;
	long ru_nvcsw;
	long ru_nivcsw;
	long __reserved[16];
};

int getrusage(int, struct rusage *);

#define RUSAGE_SELF     0
#define RUSAGE_CHILDREN (-1)
#define RUSAGE_THREAD   1

_XLIBC_END

#endif
