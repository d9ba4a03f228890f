#define _GNU_SOURCE
#include "../check.h"
#include <pthread.h>

enum { ROUNDS = 200 };

static pthread_barrier_t barrier;
static int serial;

static void *waits_once(void *argument)
{
	int result = pthread_barrier_wait(&barrier);
	if (result == PTHREAD_BARRIER_SERIAL_THREAD)
		__atomic_fetch_add(&serial, 1, __ATOMIC_SEQ_CST);
	else if (result != 0)
		failures++;
	return argument;
}

/* Six threads use a barrier for two: each finds a partner, in whatever order they come. */
TEST(more_threads_than_the_count)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_t threads[6];
		serial = 0;
		EQ(pthread_barrier_init(&barrier, NULL, 2), 0);
		for (int at = 0; at < 6; at++)
			EQ(pthread_create(&threads[at], NULL, waits_once, NULL), 0);
		for (int at = 0; at < 6; at++)
			EQ(pthread_join(threads[at], NULL), 0);
		EQ(serial, 3);
		EQ(pthread_barrier_destroy(&barrier), 0);
	}
}

static void *destroys(void *argument)
{
	pthread_barrier_t *own = argument;
	if (pthread_barrier_wait(own) == PTHREAD_BARRIER_SERIAL_THREAD) {
		EQ(pthread_barrier_destroy(own), 0);
		/* The memory is used for something else at once. */
		memset(own, 0x55, sizeof *own);
	}
	return NULL;
}

TEST(the_serial_thread_may_destroy)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_t threads[3];
		pthread_barrier_t own;
		EQ(pthread_barrier_init(&own, NULL, 3), 0);
		for (int at = 0; at < 3; at++)
			EQ(pthread_create(&threads[at], NULL, destroys, &own), 0);
		for (int at = 0; at < 3; at++)
			EQ(pthread_join(threads[at], NULL), 0);
		for (size_t at = 0; at < sizeof own; at++)
			EQ(((unsigned char *)&own)[at], 0x55);
	}
}

TEST(what_a_barrier_refuses)
{
	EQ(pthread_barrier_init(&barrier, NULL, 0), EINVAL);
	EQ(pthread_barrier_init(&barrier, NULL, 1), 0);
	EQ(pthread_barrier_wait(&barrier), PTHREAD_BARRIER_SERIAL_THREAD);
	EQ(pthread_barrier_wait(&barrier), PTHREAD_BARRIER_SERIAL_THREAD);
	EQ(pthread_barrier_destroy(&barrier), 0);
}
