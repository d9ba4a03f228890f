#define _GNU_SOURCE
#include "../check.h"
#include "../on_thread.h"
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <time.h>

static void *reads(void *lock)
{
	int error = pthread_rwlock_tryrdlock(lock);
	if (error == 0)
		pthread_rwlock_unlock(lock);
	return (void *)(intptr_t)error;
}

static void *writes(void *lock)
{
	int error = pthread_rwlock_trywrlock(lock);
	if (error == 0)
		pthread_rwlock_unlock(lock);
	return (void *)(intptr_t)error;
}

TEST(rwlock)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	EQ(pthread_rwlock_rdlock(&lock), 0);
	EQ((intptr_t)in_thread(reads, &lock), 0);
	EQ((intptr_t)in_thread(writes, &lock), EBUSY);
	EQ(pthread_rwlock_rdlock(&lock), 0);
	EQ(pthread_rwlock_unlock(&lock), 0);
	EQ((intptr_t)in_thread(writes, &lock), EBUSY);
	struct timespec past = {1, 0};
	EQ(pthread_rwlock_timedwrlock(&lock, &past), ETIMEDOUT);
	EQ(pthread_rwlock_unlock(&lock), 0);
	EQ(pthread_rwlock_wrlock(&lock), 0);
	EQ((intptr_t)in_thread(reads, &lock), EBUSY);
	EQ((intptr_t)in_thread(writes, &lock), EBUSY);
	EQ(pthread_rwlock_unlock(&lock), 0);
	EQ((intptr_t)in_thread(writes, &lock), 0);
	EQ(pthread_rwlock_destroy(&lock), 0);
}

static pthread_rwlock_t pair_lock = PTHREAD_RWLOCK_INITIALIZER;
static int left, right, unequal;

static void *writes_pairs(void *unused)
{
	for (int at = 0; at < 3000; at++) {
		pthread_rwlock_wrlock(&pair_lock);
		left++;
		right++;
		pthread_rwlock_unlock(&pair_lock);
	}
	return unused;
}

static void *reads_pairs(void *unused)
{
	for (int at = 0; at < 3000; at++) {
		pthread_rwlock_rdlock(&pair_lock);
		if (left != right)
			__atomic_fetch_add(&unequal, 1, __ATOMIC_RELAXED);
		pthread_rwlock_unlock(&pair_lock);
	}
	return unused;
}

TEST(rwlock_between_threads)
{
	pthread_t threads[4];
	for (int at = 0; at < 4; at++)
		EQ(pthread_create(&threads[at], NULL, at < 2 ? writes_pairs : reads_pairs, NULL), 0);
	for (int at = 0; at < 4; at++)
		EQ(pthread_join(threads[at], NULL), 0);
	IS(left == 6000 && right == 6000 && unequal == 0);
}

static pthread_spinlock_t spin;
static int spun;

static void *spins(void *unused)
{
	for (int at = 0; at < 2000; at++) {
		pthread_spin_lock(&spin);
		spun++;
		pthread_spin_unlock(&spin);
	}
	return unused;
}

TEST(spin)
{
	EQ(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE), 0);
	EQ(pthread_spin_lock(&spin), 0);
	EQ(pthread_spin_trylock(&spin), EBUSY);
	EQ(pthread_spin_unlock(&spin), 0);
	pthread_t thread;
	EQ(pthread_create(&thread, NULL, spins, NULL), 0);
	spins(NULL);
	EQ(pthread_join(thread, NULL), 0);
	EQ(spun, 4000);
	EQ(pthread_spin_destroy(&spin), 0);
}

static pthread_barrier_t barrier;
static int serial, phase[3];

static void *meets(void *unused)
{
	for (int round = 0; round < 3; round++) {
		__atomic_fetch_add(&phase[round], 1, __ATOMIC_SEQ_CST);
		int result = pthread_barrier_wait(&barrier);
		if (result == PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_fetch_add(&serial, 1, __ATOMIC_SEQ_CST);
		else if (result != 0)
			__atomic_fetch_add(&serial, 100, __ATOMIC_SEQ_CST);
		if (__atomic_load_n(&phase[round], __ATOMIC_SEQ_CST) != 3)
			__atomic_fetch_add(&serial, 100, __ATOMIC_SEQ_CST);
	}
	return unused;
}

TEST(barriers)
{
	EQ(pthread_barrier_init(&barrier, NULL, 0), EINVAL);
	EQ(pthread_barrier_init(&barrier, NULL, 3), 0);
	pthread_t threads[2];
	for (int at = 0; at < 2; at++)
		EQ(pthread_create(&threads[at], NULL, meets, NULL), 0);
	meets(NULL);
	for (int at = 0; at < 2; at++)
		EQ(pthread_join(threads[at], NULL), 0);
	EQ(serial, 3);
	EQ(pthread_barrier_destroy(&barrier), 0);
}

static int once_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void counts_once(void)
{
	once_count++;
	struct timespec span = {0, 5000000};
	nanosleep(&span, NULL);
}

static void *calls_once(void *unused)
{
	(void)unused;
	pthread_once(&once, counts_once);
	return (void *)(intptr_t)once_count;
}

TEST(once)
{
	pthread_t threads[4];
	for (int at = 0; at < 4; at++)
		EQ(pthread_create(&threads[at], NULL, calls_once, NULL), 0);
	for (int at = 0; at < 4; at++) {
		void *seen = NULL;
		EQ(pthread_join(threads[at], &seen), 0);
		EQ((intptr_t)seen, 1);
	}
}
