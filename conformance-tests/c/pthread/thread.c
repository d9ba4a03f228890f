#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void *same(void *argument)
{
	return argument;
}

static void *exits(void *argument)
{
	pthread_exit(argument);
}

TEST(create_and_join)
{
	pthread_t thread;
	void *result = NULL;
	EQ(pthread_create(&thread, NULL, same, &failures), 0);
	IS(!pthread_equal(thread, pthread_self()) && pthread_equal(pthread_self(), pthread_self()));
	EQ(pthread_join(thread, &result), 0);
	EQ(result, (void *)&failures);
	EQ(pthread_create(&thread, NULL, exits, &thread), 0);
	EQ(pthread_join(thread, &result), 0);
	EQ(result, (void *)&thread);
}

TEST(many_threads_come_and_go)
{
	for (int round = 0; round < 30; round++) {
		pthread_t threads[10];
		for (intptr_t at = 0; at < 10; at++)
			EQ(pthread_create(&threads[at], NULL, same, (void *)at), 0);
		for (intptr_t at = 0; at < 10; at++) {
			void *result = NULL;
			EQ(pthread_join(threads[at], &result), 0);
			EQ((intptr_t)result, at);
		}
	}
}

static int done;

static void *marks(void *attributes)
{
	__atomic_fetch_add(&done, 1, __ATOMIC_SEQ_CST);
	return attributes;
}

TEST(detached_threads_end_alone)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int state = -1;
	done = 0;
	EQ(pthread_attr_init(&attributes), 0);
	EQ(pthread_attr_getdetachstate(&attributes, &state), 0);
	EQ(state, PTHREAD_CREATE_JOINABLE);
	EQ(pthread_attr_setdetachstate(&attributes, 42), EINVAL);
	EQ(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED), 0);
	for (int at = 0; at < 20; at++)
		EQ(pthread_create(&thread, &attributes, marks, NULL), 0);
	EQ(pthread_create(&thread, NULL, marks, NULL), 0);
	EQ(pthread_detach(thread), 0);
	struct timespec span = {0, 1000000};
	for (int at = 0; at < 5000 && __atomic_load_n(&done, __ATOMIC_SEQ_CST) < 21; at++)
		nanosleep(&span, NULL);
	EQ(done, 21);
	EQ(pthread_attr_destroy(&attributes), 0);
}

static void *uses_stack(void *size)
{
	volatile char room[200000];
	for (size_t at = 0; at < sizeof room; at += 500)
		room[at] = (char)at;
	pthread_attr_t attributes;
	void *address = NULL;
	size_t bytes = 0;
	if (pthread_getattr_np(pthread_self(), &attributes) != 0 || pthread_attr_getstack(&attributes, &address, &bytes) != 0)
		return NULL;
	pthread_attr_destroy(&attributes);
	int inside = (char *)room >= (char *)address && (char *)room < (char *)address + bytes;
	return (void *)(intptr_t)(inside && bytes >= *(size_t *)size && room[500] == (char)500);
}

TEST(stack_size)
{
	pthread_attr_t attributes;
	size_t size = 0, wanted = 512 * 1024;
	EQ(pthread_attr_init(&attributes), 0);
	EQ(pthread_attr_getstacksize(&attributes, &size), 0);
	IS(size >= 65536);
	EQ(pthread_attr_setstacksize(&attributes, 100), EINVAL);
	EQ(pthread_attr_setstacksize(&attributes, wanted), 0);
	EQ(pthread_attr_getstacksize(&attributes, &size), 0);
	EQ(size, wanted);
	EQ(pthread_attr_setguardsize(&attributes, 65536), 0);
	EQ(pthread_attr_getguardsize(&attributes, &size), 0);
	EQ(size, 65536u);
	pthread_t thread;
	void *result = NULL;
	/* What pthread_getattr_np calls the stack may leave the guard out. */
	wanted -= 65536;
	EQ(pthread_create(&thread, &attributes, uses_stack, &wanted), 0);
	EQ(pthread_join(thread, &result), 0);
	EQ((intptr_t)result, 1);
	EQ(pthread_attr_destroy(&attributes), 0);
}

static void *fills_its_stack(void *size)
{
	volatile char most[(1 << 20) - 65536];
	most[0] = 1;
	for (size_t at = 500; at < sizeof most; at += 500)
		most[at] = most[at - 500];
	pthread_attr_t attributes;
	GIVES(pthread_getattr_np(pthread_self(), &attributes), 0);
	GIVES(pthread_attr_getstacksize(&attributes, size), 0);
	pthread_attr_destroy(&attributes);
	return (void *)(intptr_t)most[500];
}

TEST(a_stack_is_as_large_as_promised)
{
	EXCEPT(glibc, "8 MiB") EXCEPT(musl, "128 KiB") {
		size_t size = 0;
		pthread_t thread;
		void *result = NULL;
		EQ(pthread_create(&thread, NULL, fills_its_stack, &size), 0);
		EQ(pthread_join(thread, &result), 0);
		IS(result == (void *)1 && size >= 1 << 20 && size < (1 << 20) + 65536);
	}
}

TEST(main_has_a_stack)
{
	pthread_attr_t attributes;
	void *address = NULL;
	size_t bytes = 0;
	GIVES(pthread_getattr_np(pthread_self(), &attributes), 0);
	GIVES(pthread_attr_getstack(&attributes, &address, &bytes), 0);
	IS((char *)&bytes >= (char *)address && (char *)&bytes < (char *)address + bytes);
	pthread_attr_destroy(&attributes);
}

TEST(scheduling_attributes)
{
	pthread_attr_t attributes;
	struct sched_param parameters = {.sched_priority = 7};
	int value = -1;
	EQ(pthread_attr_init(&attributes), 0);
	EQ(pthread_attr_getschedpolicy(&attributes, &value), 0);
	EQ(value, SCHED_OTHER);
	EQ(pthread_attr_getschedparam(&attributes, &parameters), 0);
	EQ(parameters.sched_priority, 0);
	EQ(pthread_attr_getinheritsched(&attributes, &value), 0);
	EQ(value, PTHREAD_INHERIT_SCHED);
	EQ(pthread_attr_getscope(&attributes, &value), 0);
	EQ(value, PTHREAD_SCOPE_SYSTEM);
	EQ(sched_yield(), 0);
}

static pthread_key_t first, second;
static int destroyed, again;

static void counts_destroyed(void *value)
{
	destroyed += (int)(intptr_t)value;
}

static void sets_again(void *value)
{
	/* A destructor that sets its key is called again: POSIX.1-2024 pthread_key_create, at least four rounds. */
	if (again++ < 2)
		pthread_setspecific(second, value);
}

static void *keeps(void *unused)
{
	EQ(pthread_getspecific(first), NULL);
	EQ(pthread_setspecific(first, (void *)5), 0);
	EQ(pthread_setspecific(second, &destroyed), 0);
	return unused;
}

TEST(keys)
{
	EQ(pthread_key_create(&first, counts_destroyed), 0);
	EQ(pthread_key_create(&second, sets_again), 0);
	IS(first != second);
	EQ(pthread_setspecific(first, (void *)9), 0);
	pthread_t thread;
	for (int at = 0; at < 2; at++) {
		EQ(pthread_create(&thread, NULL, keeps, NULL), 0);
		EQ(pthread_join(thread, NULL), 0);
	}
	EQ(destroyed, 10);
	EQ(again, 4);
	EQ((intptr_t)pthread_getspecific(first), 9);
	EQ(pthread_key_delete(first), 0);
	EQ(pthread_key_delete(second), 0);
	/* A key used again begins as null in every thread. */
	EQ(pthread_key_create(&first, NULL), 0);
	EQ(pthread_getspecific(first), NULL);
	EQ(pthread_key_delete(first), 0);
}

TEST(keys_end)
{
	static pthread_key_t keys[2000];
	int count = 0, error = 0;
	while (count < 2000 && (error = pthread_key_create(&keys[count], NULL)) == 0)
		count++;
	IS(count >= 128 - 8);
	IS(error == 0 || error == EAGAIN);
	while (count > 0)
		EQ(pthread_key_delete(keys[--count]), 0);
}

static int cleaned;

static void cleans(void *value)
{
	cleaned = cleaned * 10 + (int)(intptr_t)value;
}

static void *leaves(void *argument)
{
	pthread_cleanup_push(cleans, (void *)1);
	pthread_cleanup_push(cleans, (void *)2);
	if (argument != NULL)
		pthread_exit(NULL);
	pthread_cleanup_pop(1);
	pthread_cleanup_pop(0);
	return NULL;
}

TEST(cleanup_handlers)
{
	pthread_t thread;
	cleaned = 0;
	EQ(pthread_create(&thread, NULL, leaves, &cleaned), 0);
	EQ(pthread_join(thread, NULL), 0);
	EQ(cleaned, 21);
	cleaned = 0;
	EQ(pthread_create(&thread, NULL, leaves, NULL), 0);
	EQ(pthread_join(thread, NULL), 0);
	EQ(cleaned, 2);
}

static _Thread_local int own = 7;
static _Thread_local struct { char text[40]; int *at; } larger = {"initial", &failures};

static void *changes_own(void *unused)
{
	(void)unused;
	int right = own == 7 && strcmp(larger.text, "initial") == 0 && larger.at == &failures;
	own = 8;
	strcpy(larger.text, "changed");
	errno = EDOM;
	return (void *)(intptr_t)right;
}

TEST(thread_local_and_errno_are_per_thread)
{
	for (int at = 0; at < 3; at++) {
		pthread_t thread;
		void *right = NULL;
		errno = ERANGE;
		pthread_create(&thread, NULL, changes_own, NULL);
		pthread_join(thread, &right);
		EQ((intptr_t)right, 1);
		IS(own == 7);
	}
	TEXT(larger.text, "initial");
}

static void *allocates(void *seed)
{
	char *blocks[64] = {0};
	unsigned int random = (unsigned int)(intptr_t)seed;
	for (int at = 0; at < 4000; at++) {
		random = random * 1103515245u + 12345u;
		unsigned int which = random >> 16 & 63;
		if (blocks[which] != NULL && blocks[which][0] != (char)which)
			return (void *)1;
		free(blocks[which]);
		blocks[which] = malloc(1 + (random >> 8) % 3000);
		blocks[which][0] = (char)which;
	}
	for (int at = 0; at < 64; at++)
		free(blocks[at]);
	return NULL;
}

TEST(threads_allocate)
{
	pthread_t threads[4];
	for (intptr_t at = 0; at < 4; at++)
		EQ(pthread_create(&threads[at], NULL, allocates, (void *)at), 0);
	for (int at = 0; at < 4; at++) {
		void *wrong = NULL;
		EQ(pthread_join(threads[at], &wrong), 0);
		EQ(wrong, NULL);
	}
}
