#define _GNU_SOURCE
#include "../check.h"
#include "../on_thread.h"
#include <pthread.h>
#include <time.h>

static void make(pthread_mutex_t *mutex, int kind)
{
	pthread_mutexattr_t attributes;
	int got;
	EQ(pthread_mutexattr_init(&attributes), 0);
	EQ(pthread_mutexattr_settype(&attributes, 9), EINVAL);
	EQ(pthread_mutexattr_settype(&attributes, kind), 0);
	EQ(pthread_mutexattr_gettype(&attributes, &got), 0);
	EQ(got, kind);
	EQ(pthread_mutex_init(mutex, &attributes), 0);
	EQ(pthread_mutexattr_destroy(&attributes), 0);
}

static void *try_lock(void *mutex) { return (void *)(long)pthread_mutex_trylock(mutex); }
static void *unlock(void *mutex) { return (void *)(long)pthread_mutex_unlock(mutex); }

TEST(pthread_mutex_lock)
{
	pthread_mutex_t mutex;
	make(&mutex, PTHREAD_MUTEX_ERRORCHECK);
	EQ(pthread_mutex_unlock(&mutex), EPERM);
	EQ(pthread_mutex_lock(&mutex), 0);
	EQ(pthread_mutex_lock(&mutex), EDEADLK);
	EQ(pthread_mutex_trylock(&mutex), EBUSY);
	EQ((long)in_thread(unlock, &mutex), EPERM);
	EQ((long)in_thread(try_lock, &mutex), EBUSY);
	EQ(pthread_mutex_unlock(&mutex), 0);
	EQ(pthread_mutex_destroy(&mutex), 0);

	make(&mutex, PTHREAD_MUTEX_RECURSIVE);
	EQ(pthread_mutex_lock(&mutex), 0);
	EQ(pthread_mutex_trylock(&mutex), 0);
	EQ((long)in_thread(unlock, &mutex), EPERM);
	EQ(pthread_mutex_unlock(&mutex), 0);
	EQ((long)in_thread(try_lock, &mutex), EBUSY);
	EQ(pthread_mutex_unlock(&mutex), 0);
	EQ(pthread_mutex_unlock(&mutex), EPERM);

	make(&mutex, PTHREAD_MUTEX_NORMAL);
	EQ(pthread_mutex_lock(&mutex), 0);
	EQ(pthread_mutex_trylock(&mutex), EBUSY);
	struct timespec time = in_ms(CLOCK_REALTIME, 10);
	EQ(pthread_mutex_timedlock(&mutex, &time), ETIMEDOUT);
	time.tv_nsec = 1000000000;
	EQ(pthread_mutex_timedlock(&mutex, &time), EINVAL);
	EQ(pthread_mutex_unlock(&mutex), 0);
	EQ(pthread_mutex_timedlock(&mutex, &time), 0);
	EQ(pthread_mutex_unlock(&mutex), 0);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static long counts[3];

static void *count(void *argument)
{
	for (int i = 0; i < 3000; i++) {
		pthread_mutex_lock(&lock);
		counts[0]++;
		pthread_mutex_unlock(&lock);
		pthread_rwlock_wrlock(&rwlock);
		counts[1]++;
		pthread_rwlock_unlock(&rwlock);
		pthread_rwlock_rdlock(&rwlock);
		pthread_rwlock_unlock(&rwlock);
		pthread_spin_lock(&spin);
		counts[2]++;
		pthread_spin_unlock(&spin);
	}
	return argument;
}

TEST(locks_exclude)
{
	pthread_t threads[4];
	EQ(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE), 0);
	for (int i = 0; i < 4; i++)
		EQ(pthread_create(&threads[i], NULL, count, NULL), 0);
	for (int i = 0; i < 4; i++)
		EQ(pthread_join(threads[i], NULL), 0);
	IS(counts[0] == 12000 && counts[1] == 12000 && counts[2] == 12000);
	EQ(pthread_spin_lock(&spin), 0);
	EQ(pthread_spin_trylock(&spin), EBUSY);
	EQ(pthread_spin_unlock(&spin), 0);
}

TEST(pthread_rwlock_rdlock)
{
	struct timespec time = in_ms(CLOCK_REALTIME, 10);
	EQ(pthread_rwlock_rdlock(&rwlock), 0);
	EQ(pthread_rwlock_tryrdlock(&rwlock), 0);
	EQ(pthread_rwlock_trywrlock(&rwlock), EBUSY);
	EQ(pthread_rwlock_timedwrlock(&rwlock, &time), ETIMEDOUT);
	EQ(pthread_rwlock_unlock(&rwlock), 0);
	EQ(pthread_rwlock_unlock(&rwlock), 0);
	EQ(pthread_rwlock_wrlock(&rwlock), 0);
	EQ(pthread_rwlock_tryrdlock(&rwlock), EBUSY);
	EXCEPT(musl, "POSIX allows EDEADLK and does not ask for it") {
		EQ(pthread_rwlock_rdlock(&rwlock), EDEADLK);
		EQ(pthread_rwlock_wrlock(&rwlock), EDEADLK);
	}
	EQ(pthread_rwlock_unlock(&rwlock), 0);
	EQ(pthread_rwlock_destroy(&rwlock), 0);
}

static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int items, taken;

static void *take(void *argument)
{
	for (int i = 0; i < 100; i++) {
		pthread_mutex_lock(&lock);
		while (items == 0)
			pthread_cond_wait(&condition, &lock);
		items--;
		taken++;
		pthread_mutex_unlock(&lock);
	}
	return argument;
}

TEST(pthread_cond_wait)
{
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		EQ(pthread_create(&threads[i], NULL, take, NULL), 0);
	for (int i = 0; i < 300; i++) {
		pthread_mutex_lock(&lock);
		items++;
		if (i % 50)
			pthread_cond_signal(&condition);
		else
			pthread_cond_broadcast(&condition);
		pthread_mutex_unlock(&lock);
	}
	for (int i = 0; i < 3; i++)
		EQ(pthread_join(threads[i], NULL), 0);
	EQ(taken, 300);
	EQ(pthread_cond_destroy(&condition), 0);
}

TEST(pthread_cond_timedwait)
{
	pthread_condattr_t attributes;
	pthread_cond_t by_monotonic;
	clockid_t clock;
	EQ(pthread_condattr_init(&attributes), 0);
	EQ(pthread_condattr_setclock(&attributes, CLOCK_PROCESS_CPUTIME_ID), EINVAL);
	EQ(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC), 0);
	EQ(pthread_condattr_getclock(&attributes, &clock), 0);
	EQ(clock, CLOCK_MONOTONIC);
	EQ(pthread_cond_init(&by_monotonic, &attributes), 0);
	struct timespec time = in_ms(CLOCK_MONOTONIC, 20), now;
	EQ(pthread_mutex_lock(&lock), 0);
	int error;
	while ((error = pthread_cond_timedwait(&by_monotonic, &lock, &time)) == 0)
		;
	EQ(error, ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &now);
	IS(now.tv_sec > time.tv_sec || (now.tv_sec == time.tv_sec && now.tv_nsec >= time.tv_nsec));
	time.tv_nsec = -1;
	EQ(pthread_cond_timedwait(&by_monotonic, &lock, &time), EINVAL);
	EQ(pthread_mutex_trylock(&lock), EBUSY);
	EQ(pthread_mutex_unlock(&lock), 0);
	EQ(pthread_cond_destroy(&by_monotonic), 0);
}

static pthread_barrier_t barrier;
static int arrived, serial;

static void *meet(void *argument)
{
	for (int round = 1; round <= 20; round++) {
		__atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_fetch_add(&serial, 1, __ATOMIC_SEQ_CST);
		IS(__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) >= 4 * round);
	}
	return argument;
}

TEST(pthread_barrier_wait)
{
	pthread_t threads[4];
	EQ(pthread_barrier_init(&barrier, NULL, 0), EINVAL);
	EQ(pthread_barrier_init(&barrier, NULL, 4), 0);
	for (int i = 0; i < 4; i++)
		EQ(pthread_create(&threads[i], NULL, meet, NULL), 0);
	for (int i = 0; i < 4; i++)
		EQ(pthread_join(threads[i], NULL), 0);
	EQ(serial, 20);
	EQ(pthread_barrier_destroy(&barrier), 0);
}
