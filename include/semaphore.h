#ifndef _SEMAPHORE_H
#define _SEMAPHORE_H

/* POSIX.1-2024 <semaphore.h>: unnamed semaphores. */

#include <features.h>

#define __NEED_time_t
#define __NEED_struct_timespec
#include <bits/alltypes.h>

#include <fcntl.h>

_XLIBC_BEGIN

typedef struct {
	volatile int __val[8];
} sem_t;

int sem_destroy(sem_t *);
int sem_getvalue(sem_t *__restrict, int *__restrict);
int sem_init(sem_t *, int, unsigned int);
int sem_post(sem_t *);
int sem_timedwait(sem_t *__restrict, const struct timespec *__restrict);
int sem_trywait(sem_t *);
int sem_wait(sem_t *);

_XLIBC_END

#endif
