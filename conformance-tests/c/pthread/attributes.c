#define _GNU_SOURCE
#include "../check.h"
#include <pthread.h>
#include <sched.h>

TEST(attributes_of_locks)
{
	int shared = -1;
	pthread_barrierattr_t barrier;
	pthread_condattr_t condition;
	pthread_rwlockattr_t lock;
	EQ(pthread_barrierattr_init(&barrier), 0);
	EQ(pthread_barrierattr_getpshared(&barrier, &shared), 0);
	EQ(shared, PTHREAD_PROCESS_PRIVATE);
	EQ(pthread_barrierattr_setpshared(&barrier, 9), EINVAL);
	EQ(pthread_barrierattr_destroy(&barrier), 0);
	EQ(pthread_condattr_init(&condition), 0);
	EQ(pthread_condattr_getpshared(&condition, &shared), 0);
	EQ(shared, PTHREAD_PROCESS_PRIVATE);
	EQ(pthread_condattr_setpshared(&condition, 9), EINVAL);
	EQ(pthread_condattr_destroy(&condition), 0);
	EQ(pthread_rwlockattr_init(&lock), 0);
	EQ(pthread_rwlockattr_getpshared(&lock, &shared), 0);
	EQ(shared, PTHREAD_PROCESS_PRIVATE);
	EQ(pthread_rwlockattr_setpshared(&lock, 9), EINVAL);
	pthread_rwlock_t rwlock;
	struct timespec past = {1, 0};
	EQ(pthread_rwlock_init(&rwlock, &lock), 0);
	EQ(pthread_rwlock_timedrdlock(&rwlock, &past), 0);
	EQ(pthread_rwlock_unlock(&rwlock), 0);
	EQ(pthread_rwlock_destroy(&rwlock), 0);
	EQ(pthread_rwlockattr_destroy(&lock), 0);
}

TEST(priorities)
{
	pthread_attr_t attributes;
	struct sched_param parameters = {.sched_priority = 0};
	EQ(pthread_attr_init(&attributes), 0);
	EQ(pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED), 0);
	EQ(pthread_attr_setinheritsched(&attributes, 9), EINVAL);
	EQ(pthread_attr_setschedpolicy(&attributes, SCHED_OTHER), 0);
	EQ(pthread_attr_setschedparam(&attributes, &parameters), 0);
	EQ(pthread_attr_destroy(&attributes), 0);
	EQ(sched_get_priority_max(SCHED_OTHER), 0);
	EQ(sched_get_priority_min(SCHED_OTHER), 0);
	IS(sched_get_priority_max(SCHED_FIFO) > sched_get_priority_min(SCHED_FIFO));
	EQ_ERRNO(sched_get_priority_max(99), -1, EINVAL);
}
