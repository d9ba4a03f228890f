#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H

/* POSIX.1-2024 <sys/wait.h> */

#include <features.h>
#include <signal.h>
#include <bits/waitstatus.h>
#if _XLIBC_BSD
#include <sys/resource.h>
#endif

#define __NEED_pid_t
#define __NEED_id_t
#include <bits/alltypes.h>

_XLIBC_BEGIN

#define WCONTINUED 8

#define __WNOTHREAD 0x20000000
#define __WALL 0x40000000
#define __WCLONE 0x80000000

pid_t wait(int *);
pid_t waitpid(pid_t, int *, int);

_XLIBC_END

#endif
