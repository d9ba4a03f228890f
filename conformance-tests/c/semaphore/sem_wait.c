#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

static sem_t semaphore;
static void *post(void *argument)
{
	for (int i = 0; i < 500; i++)
		sem_post(&semaphore);
	return argument;
}

TEST(sem_wait)
{
	int value;
	pthread_t threads[2];
	EQ_ERRNO(sem_init(&semaphore, 0, (unsigned)INT_MAX + 1), -1, EINVAL);
	EQ(sem_init(&semaphore, 0, INT_MAX), 0);
	EQ_ERRNO(sem_post(&semaphore), -1, EOVERFLOW);
	EQ(sem_init(&semaphore, 0, 1), 0);
	EQ(sem_trywait(&semaphore), 0);
	EQ_ERRNO(sem_trywait(&semaphore), -1, EAGAIN);
	for (int i = 0; i < 2; i++)
		EQ(pthread_create(&threads[i], NULL, post, NULL), 0);
	for (int i = 0; i < 1000; i++)
		IS(sem_wait(&semaphore) == 0);
	EQ(sem_getvalue(&semaphore, &value), 0);
	EQ(value, 0);
	for (int i = 0; i < 2; i++)
		EQ(pthread_join(threads[i], NULL), 0);
	struct timespec time;
	clock_gettime(CLOCK_REALTIME, &time);
	EQ_ERRNO(sem_timedwait(&semaphore, &time), -1, ETIMEDOUT);
	time.tv_nsec = 1000000000;
	EQ_ERRNO(sem_timedwait(&semaphore, &time), -1, EINVAL);
	EQ(sem_destroy(&semaphore), 0);
}
