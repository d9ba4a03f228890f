#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

TEST(counts)
{
	sem_t semaphore;
	int value = -1;
	EQ(sem_init(&semaphore, 0, 2), 0);
	EQ(sem_wait(&semaphore), 0);
	EQ(sem_trywait(&semaphore), 0);
	EQ_ERRNO(sem_trywait(&semaphore), -1, EAGAIN);
	EQ(sem_getvalue(&semaphore, &value), 0);
	EQ(value, 0);
	EQ(sem_post(&semaphore), 0);
	EQ(sem_getvalue(&semaphore, &value), 0);
	EQ(value, 1);
	EQ(sem_destroy(&semaphore), 0);
	EQ_ERRNO(sem_init(&semaphore, 0, SEM_VALUE_MAX + 1u), -1, EINVAL);
	EQ(sem_init(&semaphore, 0, SEM_VALUE_MAX), 0);
	EQ_ERRNO(sem_post(&semaphore), -1, EOVERFLOW);
}

TEST(times_out)
{
	sem_t semaphore;
	struct timespec at, wrong = {0, -1};
	EQ(sem_init(&semaphore, 0, 0), 0);
	clock_gettime(CLOCK_REALTIME, &at);
	at.tv_nsec += 10000000;
	at.tv_sec += at.tv_nsec / 1000000000;
	at.tv_nsec %= 1000000000;
	EQ_ERRNO(sem_timedwait(&semaphore, &at), -1, ETIMEDOUT);
	EQ_ERRNO(sem_timedwait(&semaphore, &wrong), -1, EINVAL);
	EQ(sem_post(&semaphore), 0);
	EQ(sem_timedwait(&semaphore, &at), 0);
	EQ(sem_destroy(&semaphore), 0);
}

static sem_t ping, pong;

static void *answers(void *unused)
{
	for (int at = 0; at < 1000; at++) {
		sem_wait(&ping);
		sem_post(&pong);
	}
	return unused;
}

TEST(wakes_a_thread)
{
	pthread_t thread;
	EQ(sem_init(&ping, 0, 0), 0);
	EQ(sem_init(&pong, 0, 0), 0);
	EQ(pthread_create(&thread, NULL, answers, NULL), 0);
	for (int at = 0; at < 1000; at++) {
		sem_post(&ping);
		sem_wait(&pong);
	}
	EQ(pthread_join(thread, NULL), 0);
	EQ(sem_destroy(&ping), 0);
	EQ(sem_destroy(&pong), 0);
}
