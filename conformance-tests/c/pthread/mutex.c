#define _GNU_SOURCE
#include "../check.h"
#include "../on_thread.h"
#include <pthread.h>
#include <stdint.h>
#include <time.h>

static void *tries(void *mutex)
{
	int error = pthread_mutex_trylock(mutex);
	if (error == 0)
		pthread_mutex_unlock(mutex);
	return (void *)(intptr_t)error;
}

static void *unlocks(void *mutex)
{
	return (void *)(intptr_t)pthread_mutex_unlock(mutex);
}

TEST(normal)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	EQ(pthread_mutex_lock(&mutex), 0);
	EQ(pthread_mutex_trylock(&mutex), EBUSY);
	EQ((intptr_t)in_thread(tries, &mutex), EBUSY);
	struct timespec at = in_ms(CLOCK_REALTIME, 10), wrong = {0, -1};
	EQ(pthread_mutex_timedlock(&mutex, &at), ETIMEDOUT);
	EQ(pthread_mutex_timedlock(&mutex, &wrong), EINVAL);
	EQ(pthread_mutex_unlock(&mutex), 0);
	EQ((intptr_t)in_thread(tries, &mutex), 0);
	/* A free mutex is taken whatever the time says. */
	EQ(pthread_mutex_timedlock(&mutex, &wrong), 0);
	EQ(pthread_mutex_unlock(&mutex), 0);
	EQ(pthread_mutex_destroy(&mutex), 0);
}

TEST(recursive)
{
	pthread_mutexattr_t attributes;
	pthread_mutex_t mutex;
	int type = -1;
	EQ(pthread_mutexattr_init(&attributes), 0);
	EQ(pthread_mutexattr_gettype(&attributes, &type), 0);
	EQ(type, PTHREAD_MUTEX_DEFAULT);
	EQ(pthread_mutexattr_settype(&attributes, 99), EINVAL);
	EQ(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE), 0);
	EQ(pthread_mutex_init(&mutex, &attributes), 0);
	EQ(pthread_mutexattr_destroy(&attributes), 0);
	EQ(pthread_mutex_lock(&mutex), 0);
	EQ(pthread_mutex_lock(&mutex), 0);
	EQ(pthread_mutex_trylock(&mutex), 0);
	EQ((intptr_t)in_thread(tries, &mutex), EBUSY);
	EQ((intptr_t)in_thread(unlocks, &mutex), EPERM);
	EQ(pthread_mutex_unlock(&mutex), 0);
	EQ(pthread_mutex_unlock(&mutex), 0);
	EQ((intptr_t)in_thread(tries, &mutex), EBUSY);
	EQ(pthread_mutex_unlock(&mutex), 0);
	EQ((intptr_t)in_thread(tries, &mutex), 0);
	EQ(pthread_mutex_unlock(&mutex), EPERM);
	EQ(pthread_mutex_destroy(&mutex), 0);
}

TEST(error_checking)
{
	pthread_mutexattr_t attributes;
	pthread_mutex_t mutex;
	EQ(pthread_mutexattr_init(&attributes), 0);
	EQ(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK), 0);
	EQ(pthread_mutex_init(&mutex, &attributes), 0);
	EQ(pthread_mutex_unlock(&mutex), EPERM);
	EQ(pthread_mutex_lock(&mutex), 0);
	EQ(pthread_mutex_lock(&mutex), EDEADLK);
	EQ(pthread_mutex_trylock(&mutex), EBUSY);
	EQ((intptr_t)in_thread(unlocks, &mutex), EPERM);
	EQ(pthread_mutex_unlock(&mutex), 0);
	EQ(pthread_mutex_destroy(&mutex), 0);
	int shared = -1;
	EQ(pthread_mutexattr_getpshared(&attributes, &shared), 0);
	EQ(shared, PTHREAD_PROCESS_PRIVATE);
	EQ(pthread_mutexattr_setpshared(&attributes, 5), EINVAL);
}

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static void *counts(void *rounds)
{
	for (intptr_t at = 0; at < (intptr_t)rounds; at++) {
		pthread_mutex_lock(&guard);
		counter++;
		pthread_mutex_unlock(&guard);
	}
	return NULL;
}

TEST(threads_count)
{
	pthread_t threads[4];
	counter = 0;
	for (int at = 0; at < 4; at++)
		EQ(pthread_create(&threads[at], NULL, counts, (void *)20000), 0);
	for (int at = 0; at < 4; at++)
		EQ(pthread_join(threads[at], NULL), 0);
	EQ(counter, 80000);
}

static struct queue {
	pthread_mutex_t mutex;
	pthread_cond_t filled, emptied;
	int value, full;
} queue = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static void *produces(void *rounds)
{
	for (int at = 1; at <= (int)(intptr_t)rounds; at++) {
		pthread_mutex_lock(&queue.mutex);
		while (queue.full)
			pthread_cond_wait(&queue.emptied, &queue.mutex);
		queue.value = at;
		queue.full = 1;
		pthread_cond_signal(&queue.filled);
		pthread_mutex_unlock(&queue.mutex);
	}
	return NULL;
}

TEST(conditions_pass_a_value_to_and_fro)
{
	pthread_t thread;
	long sum = 0;
	EQ(pthread_create(&thread, NULL, produces, (void *)2000), 0);
	for (int at = 0; at < 2000; at++) {
		pthread_mutex_lock(&queue.mutex);
		while (!queue.full)
			pthread_cond_wait(&queue.filled, &queue.mutex);
		sum += queue.value;
		queue.full = 0;
		pthread_cond_signal(&queue.emptied);
		pthread_mutex_unlock(&queue.mutex);
	}
	EQ(pthread_join(thread, NULL), 0);
	EQ(sum, 2001000);
}

static int waiting, go;

static void *waits(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&queue.mutex);
	waiting++;
	pthread_cond_signal(&queue.emptied);
	while (!go)
		pthread_cond_wait(&queue.filled, &queue.mutex);
	waiting--;
	pthread_mutex_unlock(&queue.mutex);
	return NULL;
}

TEST(broadcast_wakes_all)
{
	pthread_t threads[5];
	waiting = go = 0;
	for (int at = 0; at < 5; at++)
		EQ(pthread_create(&threads[at], NULL, waits, NULL), 0);
	pthread_mutex_lock(&queue.mutex);
	while (waiting < 5)
		pthread_cond_wait(&queue.emptied, &queue.mutex);
	go = 1;
	EQ(pthread_cond_broadcast(&queue.filled), 0);
	pthread_mutex_unlock(&queue.mutex);
	for (int at = 0; at < 5; at++)
		EQ(pthread_join(threads[at], NULL), 0);
	EQ(waiting, 0);
}

TEST(condition_times_out)
{
	pthread_condattr_t attributes;
	pthread_cond_t condition;
	clockid_t clock = -1;
	EQ(pthread_condattr_init(&attributes), 0);
	EQ(pthread_condattr_getclock(&attributes, &clock), 0);
	EQ(clock, CLOCK_REALTIME);
	EQ(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC), 0);
	EXCEPT(musl, "1.2.3 takes any number") EQ(pthread_condattr_setclock(&attributes, 999), EINVAL);
	EQ(pthread_cond_init(&condition, &attributes), 0);
	EQ(pthread_mutex_lock(&guard), 0);
	struct timespec at = in_ms(CLOCK_MONOTONIC, 20), wrong = {0, 1000000000}, after;
	EQ(pthread_cond_timedwait(&condition, &guard, &at), ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &after);
	IS(after.tv_sec > at.tv_sec || (after.tv_sec == at.tv_sec && after.tv_nsec >= at.tv_nsec));
	EQ(pthread_cond_timedwait(&condition, &guard, &wrong), EINVAL);
	/* The mutex is held again. */
	EQ((intptr_t)in_thread(tries, &guard), EBUSY);
	EQ(pthread_mutex_unlock(&guard), 0);
	EQ(pthread_cond_signal(&condition), 0);
	EQ(pthread_cond_destroy(&condition), 0);
	EQ(pthread_condattr_destroy(&attributes), 0);
}
