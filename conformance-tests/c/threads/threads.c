#define _GNU_SOURCE
#include "../check.h"
#include <threads.h>
#include <time.h>

static mtx_t mutex;
static cnd_t condition;
static once_flag flag = ONCE_FLAG_INIT;
static tss_t key;
static int value, runs, destroyed;

static void destroy(void *pointer) { destroyed += *(int *)pointer; }
static void run(void) { runs++; }
static int work(void *argument)
{
	static int three = 3;
	call_once(&flag, run);
	tss_set(key, &three);
	mtx_lock(&mutex);
	value = *(int *)argument;
	cnd_signal(&condition);
	mtx_unlock(&mutex);
	if (value == 5)
		thrd_exit(-7);
	return -8;
}

TEST(thrd_create)
{
	int argument = 5, result;
	thrd_t thread;
	EQ(mtx_init(&mutex, mtx_plain), thrd_success);
	EQ(cnd_init(&condition), thrd_success);
	EQ(tss_create(&key, destroy), thrd_success);
	EQ(mtx_lock(&mutex), thrd_success);
	EQ(thrd_create(&thread, work, &argument), thrd_success);
	while (value == 0)
		EQ(cnd_wait(&condition, &mutex), thrd_success);
	EQ(mtx_unlock(&mutex), thrd_success);
	EQ(thrd_join(thread, &result), thrd_success);
	EQ(result, -7);
	argument = 6;
	EQ(thrd_create(&thread, work, &argument), thrd_success);
	EQ(thrd_join(thread, &result), thrd_success);
	EQ(result, -8);
	IS(runs == 1 && destroyed == 6 && thrd_equal(thrd_current(), thrd_current()));
	tss_delete(key);
	cnd_destroy(&condition);
	mtx_destroy(&mutex);
}

TEST(mtx_timedlock)
{
	mtx_t both;
	struct timespec time;
	EQ(mtx_init(&both, mtx_recursive | mtx_timed), thrd_success);
	EQ(mtx_lock(&both), thrd_success);
	EQ(mtx_trylock(&both), thrd_success);
	EQ(mtx_init(&both, mtx_timed), thrd_success);
	EQ(mtx_lock(&both), thrd_success);
	EQ(mtx_trylock(&both), thrd_busy);
	EQ(timespec_get(&time, TIME_UTC), TIME_UTC);
	IS(mtx_timedlock(&both, &time) == thrd_timedout);
	EQ(cnd_init(&condition), thrd_success);
	IS(cnd_timedwait(&condition, &both, &time) == thrd_timedout);
	struct timespec moment = {0, 1000000};
	EQ(thrd_sleep(&moment, NULL), 0);
	thrd_yield();
}
