#define _GNU_SOURCE
#include "../check.h"
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

enum { THREADS = 4, TIMES = 2000, ROUNDS = 200 };

static sem_t semaphore;

static void *waits(void *argument)
{
	for (int at = 0; at < TIMES; at++)
		while (sem_wait(&semaphore) != 0)
			IS(errno == EINTR);
	return argument;
}

static void *posts(void *argument)
{
	for (int at = 0; at < TIMES; at++)
		if (sem_post(&semaphore) != 0)
			failures++;
	return argument;
}

TEST(as_many_pass_as_were_posted)
{
	pthread_t waiters[THREADS], posters[THREADS];
	int value = -1;
	EQ(sem_init(&semaphore, 0, 0), 0);
	for (int at = 0; at < THREADS; at++) {
		EQ(pthread_create(&waiters[at], NULL, waits, NULL), 0);
		EQ(pthread_create(&posters[at], NULL, posts, NULL), 0);
	}
	for (int at = 0; at < THREADS; at++) {
		EQ(pthread_join(waiters[at], NULL), 0);
		EQ(pthread_join(posters[at], NULL), 0);
	}
	EQ(sem_getvalue(&semaphore, &value), 0);
	EQ(value, 0);
	EQ(sem_destroy(&semaphore), 0);
}

static void *posts_once(void *argument)
{
	EQ(sem_post(argument), 0);
	return NULL;
}

/* Who has waited owns the memory: the post that let it through does not look at it any more. */
TEST(a_semaphore_goes_as_soon_as_its_wait_returns)
{
	for (int round = 0; round < ROUNDS; round++) {
		sem_t *own = malloc(sizeof *own);
		pthread_t thread;
		EQ(sem_init(own, 0, 0), 0);
		EQ(pthread_create(&thread, NULL, posts_once, own), 0);
		GIVES(sem_wait(own), 0);
		EQ(sem_destroy(own), 0);
		memset(own, 0x55, sizeof *own);
		EQ(pthread_join(thread, NULL), 0);
		for (size_t at = 0; at < sizeof *own; at++)
			EQ(((unsigned char *)own)[at], 0x55);
		free(own);
	}
}
