/* What docs/undefined.md says of threads and their objects. */
#define _GNU_SOURCE
#include "../check.h"
#include "../on_thread.h"
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void *nothing(void *argument) { return argument; }

static pthread_t ended(int how)
{
	pthread_t thread;
	EQ(pthread_create(&thread, NULL, nothing, NULL), 0);
	if (how == 0) {
		EQ(pthread_join(thread, NULL), 0);
	} else {
		EQ(pthread_detach(thread), 0);
		/* Until it is gone. */
		for (int i = 0; i < 1000 && pthread_kill(thread, 0) != ESRCH; i++)
			usleep(1000);
	}
	return thread;
}

TEST(a_thread_that_is_gone)
{
	OURS for (int how = 0; how < 2; how++) {
		pthread_t thread = ended(how);
		pthread_attr_t attributes;
		EQ(pthread_join(thread, NULL), ESRCH);
		EQ(pthread_detach(thread), ESRCH);
		EQ(pthread_kill(thread, 0), ESRCH);
		EQ(pthread_kill(thread, SIGTERM), ESRCH);
		EQ(pthread_getattr_np(thread, &attributes), ESRCH);
		/* Others have come since. */
		for (int i = 0; i < 5; i++)
			ended(0);
		EQ(pthread_join(thread, NULL), ESRCH);
	}
}

TEST(a_thread_that_has_ended_takes_signals)
{
	OURS {
		pthread_t thread;
		EQ(pthread_create(&thread, NULL, nothing, NULL), 0);
		usleep(50000);
		EQ(pthread_kill(thread, 0), 0);
		EQ(pthread_kill(thread, SIGTERM), 0);
		EQ(pthread_kill(thread, 1000), EINVAL);
		EQ(pthread_join(thread, NULL), 0);
	}
}

static pthread_barrier_t together;

static void *meets(void *argument)
{
	pthread_barrier_wait(&together);
	return argument;
}

TEST(a_detached_thread)
{
	OURS {
		pthread_t thread;
		pthread_barrier_init(&together, NULL, 2);
		EQ(pthread_create(&thread, NULL, meets, NULL), 0);
		EQ(pthread_detach(thread), 0);
		EQ(pthread_join(thread, NULL), EINVAL);
		EQ(pthread_detach(thread), EINVAL);
		pthread_barrier_wait(&together);
		EQ(pthread_barrier_destroy(&together), 0);
	}
}

static void *joins(void *thread)
{
	return (void *)(intptr_t)pthread_join(*(pthread_t *)thread, NULL);
}

/* One of several gets the result. */
TEST(joined_by_two)
{
	OURS for (int round = 0; round < 50; round++) {
		pthread_t thread, other;
		void *result;
		pthread_barrier_init(&together, NULL, 2);
		EQ(pthread_create(&thread, NULL, meets, NULL), 0);
		EQ(pthread_create(&other, NULL, joins, &thread), 0);
		pthread_barrier_wait(&together);
		int mine = pthread_join(thread, NULL);
		EQ(pthread_join(other, &result), 0);
		int theirs = (int)(intptr_t)result;
		IS((mine == 0 && theirs == ESRCH) || (mine == ESRCH && theirs == 0));
		EQ(pthread_barrier_destroy(&together), 0);
	}
}

static void *holds(void *lock)
{
	pthread_mutex_lock(lock);
	pthread_barrier_wait(&together);
	pthread_barrier_wait(&together);
	return (void *)(intptr_t)pthread_mutex_unlock(lock);
}

TEST(locks_in_use_are_not_destroyed)
{
	OURS {
		pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
		pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
		pthread_t thread;
		void *result = &thread;
		pthread_barrier_init(&together, NULL, 2);
		EQ(pthread_create(&thread, NULL, holds, &mutex), 0);
		pthread_barrier_wait(&together);
		EQ(pthread_mutex_destroy(&mutex), EBUSY);
		pthread_barrier_wait(&together);
		EQ(pthread_join(thread, &result), 0);
		EQ(result, NULL);
		EQ(pthread_mutex_destroy(&mutex), 0);
		EQ(pthread_barrier_destroy(&together), 0);

		EQ(pthread_rwlock_rdlock(&lock), 0);
		EQ(pthread_rwlock_destroy(&lock), EBUSY);
		EQ(pthread_rwlock_unlock(&lock), 0);
		EQ(pthread_rwlock_wrlock(&lock), 0);
		EQ(pthread_rwlock_destroy(&lock), EBUSY);
		EQ(pthread_rwlock_unlock(&lock), 0);
		EQ(pthread_rwlock_destroy(&lock), 0);
	}
}

static void *waits(void *semaphore)
{
	return (void *)(intptr_t)sem_wait(semaphore);
}

TEST(what_threads_wait_for_is_not_destroyed)
{
	OURS {
		sem_t semaphore;
		pthread_t thread;
		void *result = &thread;
		EQ(sem_init(&semaphore, 0, 0), 0);
		EQ(pthread_create(&thread, NULL, waits, &semaphore), 0);
		int busy = 0;
		for (int i = 0; i < 1000 && !busy; i++) {
			busy = sem_destroy(&semaphore) == -1 && errno == EBUSY;
			usleep(1000);
		}
		IS(busy);
		EQ(sem_post(&semaphore), 0);
		EQ(pthread_join(thread, &result), 0);
		EQ(result, NULL);
		EQ(sem_destroy(&semaphore), 0);

		pthread_barrier_init(&together, NULL, 2);
		EQ(pthread_create(&thread, NULL, meets, NULL), 0);
		/* By then it waits. */
		usleep(100000);
		EQ(pthread_barrier_destroy(&together), EBUSY);
		pthread_barrier_wait(&together);
		EQ(pthread_join(thread, &result), 0);
		EQ(pthread_barrier_destroy(&together), 0);
	}
}

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int waiting;

static void *waits_for_condition(void *argument)
{
	pthread_mutex_lock(&guard);
	waiting = 1;
	pthread_cond_wait(&condition, &guard);
	pthread_mutex_unlock(&guard);
	return argument;
}

/* They wake for no reason, as a waiter may at any time. */
TEST(a_condition_that_is_destroyed_lets_its_waiters_go)
{
	OURS {
		pthread_t thread;
		EQ(pthread_create(&thread, NULL, waits_for_condition, NULL), 0);
		for (int seen = 0; !seen;) {
			pthread_mutex_lock(&guard);
			seen = waiting;
			pthread_mutex_unlock(&guard);
		}
		EQ(pthread_cond_destroy(&condition), 0);
		EQ(pthread_join(thread, NULL), 0);
	}
}

static void *unlocks(void *lock) { return (void *)(intptr_t)pthread_mutex_unlock(lock); }
static void *unlocks_rwlock(void *lock) { return (void *)(intptr_t)pthread_rwlock_unlock(lock); }

TEST(locks_that_nobody_holds_are_not_unlocked)
{
	OURS {
		static const int kinds[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK};
		for (int i = 0; i < 3; i++) {
			pthread_mutexattr_t attributes;
			pthread_mutex_t mutex;
			pthread_mutexattr_init(&attributes);
			pthread_mutexattr_settype(&attributes, kinds[i]);
			EQ(pthread_mutex_init(&mutex, &attributes), 0);
			EQ(pthread_mutex_unlock(&mutex), EPERM);
			EQ(pthread_mutex_lock(&mutex), 0);
			/* A normal one does not know its owner. */
			EQ((int)(intptr_t)in_thread(unlocks, &mutex), kinds[i] == PTHREAD_MUTEX_NORMAL ? 0 : EPERM);
			EQ(pthread_mutex_unlock(&mutex), kinds[i] == PTHREAD_MUTEX_NORMAL ? EPERM : 0);
			EQ(pthread_mutex_unlock(&mutex), EPERM);
			EQ(pthread_mutex_destroy(&mutex), 0);
			/* Destroyed is unlocked; initialised again is unlocked. */
			EQ(pthread_mutex_lock(&mutex), 0);
			EQ(pthread_mutex_init(&mutex, &attributes), 0);
			EQ(pthread_mutex_trylock(&mutex), 0);
			EQ(pthread_mutex_unlock(&mutex), 0);
		}
		pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
		EQ(pthread_rwlock_unlock(&lock), EPERM);
		EQ(pthread_rwlock_wrlock(&lock), 0);
		EQ((int)(intptr_t)in_thread(unlocks_rwlock, &lock), EPERM);
		EQ(pthread_rwlock_rdlock(&lock), EDEADLK);
		EQ(pthread_rwlock_wrlock(&lock), EDEADLK);
		EQ(pthread_rwlock_unlock(&lock), 0);
		EQ(pthread_rwlock_unlock(&lock), EPERM);
		pthread_spinlock_t spin;
		EQ(pthread_spin_init(&spin, 0), 0);
		EQ(pthread_spin_unlock(&spin), 0);
		EQ(pthread_spin_trylock(&spin), 0);
		EQ(pthread_spin_unlock(&spin), 0);
	}
}

TEST(invalid_times)
{
	OURS {
		pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
		pthread_cond_t never = PTHREAD_COND_INITIALIZER;
		sem_t semaphore;
		sem_init(&semaphore, 0, 0);
		pthread_mutex_lock(&mutex);
		/* Before the epoch: long past. */
		const struct timespec negative = {-5, 0}, bad[] = {{0, -1}, {0, 1000000000}};
		EQ(pthread_mutex_timedlock(&mutex, &negative), ETIMEDOUT);
		EQ(pthread_cond_timedwait(&never, &mutex, &negative), ETIMEDOUT);
		EQ_ERRNO(sem_timedwait(&semaphore, &negative), -1, ETIMEDOUT);
		for (int i = 0; i < 2; i++) {
			EQ(pthread_mutex_timedlock(&mutex, &bad[i]), EINVAL);
			EQ(pthread_cond_timedwait(&never, &mutex, &bad[i]), EINVAL);
			EQ_ERRNO(sem_timedwait(&semaphore, &bad[i]), -1, EINVAL);
		}
		pthread_mutex_unlock(&mutex);
		/* Where nothing is waited for, nobody looks. */
		EQ(pthread_mutex_timedlock(&mutex, &bad[0]), 0);
		EQ(sem_post(&semaphore), 0);
		EQ(sem_timedwait(&semaphore, &bad[0]), 0);
		EQ(sem_destroy(&semaphore), 0);
	}
}

TEST(unknown_keys)
{
	OURS {
		pthread_key_t key;
		EQ(pthread_key_create(&key, NULL), 0);
		EQ(pthread_setspecific(key, &key), 0);
		EQ(pthread_key_delete(key), 0);
		EQ(pthread_key_delete(key), EINVAL);
		EQ(pthread_getspecific(key), NULL);
		EQ(pthread_setspecific(key, &key), EINVAL);
		EQ(pthread_getspecific((pthread_key_t)-1), NULL);
		EQ(pthread_setspecific((pthread_key_t)-1, &key), EINVAL);
	}
}
