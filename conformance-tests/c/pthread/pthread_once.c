#define _GNU_SOURCE
#include "../check.h"
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int calls;

static void ends_the_thread_first(void)
{
	if (calls++ == 0)
		pthread_exit(&once);
}

static void *calls_it(void *argument)
{
	EQ(pthread_once(&once, ends_the_thread_first), 0);
	return argument;
}

/* POSIX.1-2024 pthread_once: a function that is cancelled counts as never called; so does one that ends its thread. */
TEST(a_function_that_ends_the_thread_counts_as_never_called)
{
	pthread_t threads[3];
	int ended_inside = 0;
	for (int at = 0; at < 3; at++)
		EQ(pthread_create(&threads[at], NULL, calls_it, NULL), 0);
	for (int at = 0; at < 3; at++) {
		void *result = NULL;
		EQ(pthread_join(threads[at], &result), 0);
		ended_inside += result == &once;
	}
	EQ(ended_inside, 1);
	EQ(calls, 2);
	EQ(pthread_once(&once, ends_the_thread_first), 0);
	EQ(calls, 2);
}

static pthread_once_t outer = PTHREAD_ONCE_INIT, inner = PTHREAD_ONCE_INIT;
static int outer_calls, inner_calls;

static void ends_inside(void)
{
	if (inner_calls++ == 0)
		pthread_exit(NULL);
}

static void calls_inner(void)
{
	outer_calls++;
	pthread_once(&inner, ends_inside);
}

static void calls_again(void *unused)
{
	(void)unused;
	/* This handler lies outside both calls, which have been given up by now. */
	EQ(pthread_once(&outer, calls_inner), 0);
}

static void *nests(void *argument)
{
	pthread_cleanup_push(calls_again, NULL);
	EQ(pthread_once(&outer, calls_inner), 0);
	pthread_cleanup_pop(0);
	return argument;
}

TEST(nested_calls_are_given_up_in_the_order_of_cleanup_handlers)
{
	pthread_t thread;
	EQ(pthread_create(&thread, NULL, nests, NULL), 0);
	EQ(pthread_join(thread, NULL), 0);
	EQ(outer_calls, 2);
	EQ(inner_calls, 2);
}
