// Included before every source of LLVM's runtimes: what they call on Linux, and libc.so does not have, with the answer that
// is right on every host. A function that libc.so gets is declared twice here, which the compiler refuses: its lines go then.
#pragma once
#ifndef __ASSEMBLER__
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

// There is no second process with the memory of this one.
static inline pid_t fork(void)
{
	errno = ENOSYS;
	return -1;
}

// So nothing is ever due around it.
static inline int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
	(void)prepare, (void)parent, (void)child;
	return 0;
}

// Threads cannot be cancelled, whatever their state.
enum { PTHREAD_CANCEL_ENABLE, PTHREAD_CANCEL_DISABLE, PTHREAD_CANCEL_DEFERRED = 0, PTHREAD_CANCEL_ASYNCHRONOUS };

static inline int pthread_cancel(pthread_t thread)
{
	(void)thread;
	return ENOSYS;
}

static inline int pthread_setcancelstate(int state, int *old)
{
	(void)state;
	if (old)
		*old = PTHREAD_CANCEL_DISABLE;
	return 0;
}

static inline int pthread_setcanceltype(int type, int *old)
{
	(void)type;
	if (old)
		*old = PTHREAD_CANCEL_DEFERRED;
	return 0;
}

// The limits of a process are not known; a caller goes on with its own size of stacks.
enum { RLIMIT_STACK = 3 };
struct rlimit {
	unsigned long rlim_cur, rlim_max;
};

static inline int getrlimit(int which, struct rlimit *limit)
{
	(void)which, (void)limit;
	errno = ENOSYS;
	return -1;
}

// libomp asks for every number, and takes the -1 for one that is no signal of a program (POSIX: EINVAL) for yes.
#define sigismember(set, signal) (sigismember(set, signal) == 1)
#endif
