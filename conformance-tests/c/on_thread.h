/* What tests of locks need. */
#ifndef ON_THREAD_H
#define ON_THREAD_H

#include <pthread.h>
#include <time.h>

/* The moment in so many milliseconds. */
static inline struct timespec in_ms(clockid_t clock, long ms)
{
	struct timespec time;
	clock_gettime(clock, &time);
	time.tv_nsec += ms * 1000000;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

/* Runs a function on a thread of its own; its result. */
static inline void *in_thread(void *(*run)(void *), void *argument)
{
	pthread_t thread;
	void *result = NULL;
	EQ(pthread_create(&thread, NULL, run, argument), 0);
	EQ(pthread_join(thread, &result), 0);
	return result;
}

#endif
