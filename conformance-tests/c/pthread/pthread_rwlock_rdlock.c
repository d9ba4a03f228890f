#define _GNU_SOURCE
#include "../check.h"
#include <pthread.h>
#include <sched.h>

enum { ROUNDS = 300 };

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t both;

static void *reads(void *argument)
{
	for (int round = 0; round < ROUNDS; round++) {
		EQ(pthread_rwlock_rdlock(&lock), 0);
		/* Both hold it at once, whatever the writer did meanwhile. */
		pthread_barrier_wait(&both);
		EQ(pthread_rwlock_unlock(&lock), 0);
	}
	return argument;
}

static int stop;

static void *writes(void *argument)
{
	while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST)) {
		if (pthread_rwlock_trywrlock(&lock) == 0)
			EQ(pthread_rwlock_unlock(&lock), 0);
		sched_yield();
	}
	return argument;
}

TEST(a_reader_that_a_writer_refused_joins_other_readers)
{
	pthread_t readers[2], writer;
	EQ(pthread_barrier_init(&both, NULL, 2), 0);
	EQ(pthread_create(&writer, NULL, writes, NULL), 0);
	for (int at = 0; at < 2; at++)
		EQ(pthread_create(&readers[at], NULL, reads, NULL), 0);
	for (int at = 0; at < 2; at++)
		EQ(pthread_join(readers[at], NULL), 0);
	__atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
	EQ(pthread_join(writer, NULL), 0);
	EQ(pthread_barrier_destroy(&both), 0);
	EQ(pthread_rwlock_destroy(&lock), 0);
}
