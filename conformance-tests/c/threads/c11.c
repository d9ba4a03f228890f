#define _GNU_SOURCE
#include "../check.h"
#include <stdint.h>
#include <threads.h>
#include <time.h>

static int seven(void *argument)
{
	return argument == NULL ? 7 : *(int *)argument;
}

static int leaves(void *argument)
{
	(void)argument;
	thrd_exit(-3);
}

TEST(thrd)
{
	thrd_t thread;
	int result = 0, value = 55;
	EQ(thrd_create(&thread, seven, NULL), thrd_success);
	EQ(thrd_equal(thread, thrd_current()), 0);
	EQ(thrd_join(thread, &result), thrd_success);
	EQ(result, 7);
	EQ(thrd_create(&thread, seven, &value), thrd_success);
	EQ(thrd_join(thread, &result), thrd_success);
	EQ(result, 55);
	EQ(thrd_create(&thread, leaves, NULL), thrd_success);
	EQ(thrd_join(thread, &result), thrd_success);
	EQ(result, -3);
	IS(thrd_equal(thrd_current(), thrd_current()));
	EQ(thrd_create(&thread, seven, NULL), thrd_success);
	EQ(thrd_detach(thread), thrd_success);
	thrd_yield();
	struct timespec span = {0, 1000000};
	EQ(thrd_sleep(&span, NULL), 0);
}

static int tries(void *mutex)
{
	int result = mtx_trylock(mutex);
	if (result == thrd_success)
		mtx_unlock(mutex);
	return result;
}

static int from_thread(mtx_t *mutex)
{
	thrd_t thread;
	int result = -1;
	thrd_create(&thread, tries, mutex);
	thrd_join(thread, &result);
	return result;
}

TEST(mtx)
{
	mtx_t mutex;
	EQ(mtx_init(&mutex, mtx_plain), thrd_success);
	EQ(mtx_lock(&mutex), thrd_success);
	EQ(mtx_trylock(&mutex), thrd_busy);
	EQ(from_thread(&mutex), thrd_busy);
	EQ(mtx_unlock(&mutex), thrd_success);
	EQ(from_thread(&mutex), thrd_success);
	mtx_destroy(&mutex);
	EQ(mtx_init(&mutex, mtx_recursive | mtx_timed), thrd_success);
	EQ(mtx_lock(&mutex), thrd_success);
	EQ(mtx_lock(&mutex), thrd_success);
	EQ(mtx_unlock(&mutex), thrd_success);
	EQ(from_thread(&mutex), thrd_busy);
	EQ(mtx_unlock(&mutex), thrd_success);
	EQ(from_thread(&mutex), thrd_success);
	mtx_destroy(&mutex);
	struct timespec past = {1, 0};
	EQ(mtx_init(&mutex, mtx_timed), thrd_success);
	EQ(mtx_timedlock(&mutex, &past), thrd_success);
	EQ(mtx_timedlock(&mutex, &past), thrd_timedout);
	EQ(mtx_unlock(&mutex), thrd_success);
	mtx_destroy(&mutex);
}

static mtx_t guard;
static cnd_t changed;
static int turn;

static int answers(void *unused)
{
	(void)unused;
	for (int at = 0; at < 200; at++) {
		mtx_lock(&guard);
		while (turn % 2 == 0)
			cnd_wait(&changed, &guard);
		turn++;
		cnd_signal(&changed);
		mtx_unlock(&guard);
	}
	return 0;
}

TEST(cnd)
{
	thrd_t thread;
	EQ(mtx_init(&guard, mtx_plain), thrd_success);
	EQ(cnd_init(&changed), thrd_success);
	EQ(thrd_create(&thread, answers, NULL), thrd_success);
	for (int at = 0; at < 200; at++) {
		mtx_lock(&guard);
		while (turn % 2 == 1)
			cnd_wait(&changed, &guard);
		turn++;
		cnd_broadcast(&changed);
		mtx_unlock(&guard);
	}
	EQ(thrd_join(thread, NULL), thrd_success);
	EQ(turn, 400);
	struct timespec past = {1, 0};
	EQ(mtx_lock(&guard), thrd_success);
	EQ(cnd_timedwait(&changed, &guard, &past), thrd_timedout);
	EQ(mtx_unlock(&guard), thrd_success);
	cnd_destroy(&changed);
	mtx_destroy(&guard);
}

static tss_t key;
static int destroyed;

static void counts(void *value)
{
	destroyed += *(int *)value;
}

static int sets(void *value)
{
	return tss_set(key, value);
}

TEST(tss)
{
	thrd_t thread;
	int five = 5;
	EQ(tss_create(&key, counts), thrd_success);
	EQ(tss_get(key), NULL);
	EQ(thrd_create(&thread, sets, &five), thrd_success);
	EQ(thrd_join(thread, NULL), thrd_success);
	EQ(destroyed, 5);
	EQ(tss_get(key), NULL);
	EQ(tss_set(key, &five), thrd_success);
	EQ(tss_get(key), (void *)&five);
	tss_delete(key);
	EQ(destroyed, 5);
}

static once_flag flag = ONCE_FLAG_INIT;
static int called;

static void calls(void)
{
	called++;
}

static int once(void *unused)
{
	(void)unused;
	call_once(&flag, calls);
	return called;
}

TEST(call_once)
{
	thrd_t threads[3];
	for (int at = 0; at < 3; at++)
		EQ(thrd_create(&threads[at], once, NULL), thrd_success);
	for (int at = 0; at < 3; at++) {
		int seen = 0;
		EQ(thrd_join(threads[at], &seen), thrd_success);
		EQ(seen, 1);
	}
}
