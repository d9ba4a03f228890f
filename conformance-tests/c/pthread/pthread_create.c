#define _GNU_SOURCE
#include "../check.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

static void *add_one(void *argument) { return (char *)argument + 1; }
static void *leave(void *argument) { pthread_exit((char *)argument + 2); }

TEST(pthread_create)
{
	pthread_t threads[20];
	for (size_t i = 0; i < 20; i++)
		EQ(pthread_create(&threads[i], NULL, i % 2 ? add_one : leave, (void *)i), 0);
	for (size_t i = 0; i < 20; i++) {
		void *result;
		EQ(pthread_join(threads[i], &result), 0);
		EQ((size_t)result, i + (i % 2 ? 1 : 2));
	}
	EXCEPT(musl, "it waits for itself for ever") {
		EQ(pthread_join(pthread_self(), NULL), EDEADLK);
	}
	IS(pthread_equal(pthread_self(), pthread_self()));
}

static __thread int variable = 42;
static __thread struct { char text[3000]; double aligned __attribute__((aligned(64))); } large;

static void *own_copy(void *argument)
{
	(void)argument;
	IS(variable == 42 && large.text[2999] == 0 && (uintptr_t)&large.aligned % 64 == 0);
	variable = 7;
	errno = 5;
	IS(variable == 7 && errno == 5);
	return &variable;
}

TEST(thread_local)
{
	pthread_t thread;
	void *other;
	variable = 1;
	EQ(pthread_create(&thread, NULL, own_copy, NULL), 0);
	EQ(pthread_join(thread, &other), 0);
	IS(variable == 1 && other != &variable);
	variable = 42;
}

static int ended;
static void *count(void *argument) { __atomic_fetch_add(&ended, 1, __ATOMIC_SEQ_CST); return argument; }

TEST(pthread_detach)
{
	pthread_attr_t attributes;
	EQ(pthread_attr_init(&attributes), 0);
	EQ(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED), 0);
	EQ(pthread_attr_setstacksize(&attributes, 65536), 0);
	pthread_t thread;
	for (int i = 0; i < 200; i++) {
		/* Ended threads may still hold their stacks for a moment. */
		while (pthread_create(&thread, i % 2 ? &attributes : NULL, count, NULL) == EAGAIN)
			sched_yield();
		if (i % 2 == 0)
			EQ(pthread_detach(thread), 0);
	}
	while (__atomic_load_n(&ended, __ATOMIC_SEQ_CST) < 200)
		sched_yield();
	EQ(pthread_attr_destroy(&attributes), 0);
}

TEST(pthread_attr)
{
	pthread_attr_t attributes;
	size_t bytes;
	int value;
	EQ(pthread_attr_init(&attributes), 0);
	EQ(pthread_attr_getdetachstate(&attributes, &value), 0);
	EQ(value, PTHREAD_CREATE_JOINABLE);
	EQ(pthread_attr_setdetachstate(&attributes, 7), EINVAL);
	EQ(pthread_attr_setstacksize(&attributes, 1), EINVAL);
	EQ(pthread_attr_setstacksize(&attributes, 1 << 18), 0);
	EQ(pthread_attr_getstacksize(&attributes, &bytes), 0);
	EQ(bytes, (size_t)1 << 18);
	EQ(pthread_attr_setguardsize(&attributes, 8192), 0);
	EQ(pthread_attr_getguardsize(&attributes, &bytes), 0);
	EQ(bytes, 8192u);
	EQ(pthread_attr_setscope(&attributes, PTHREAD_SCOPE_PROCESS), ENOTSUP);
	EQ(pthread_attr_getscope(&attributes, &value), 0);
	EQ(value, PTHREAD_SCOPE_SYSTEM);
}

TEST(pthread_getattr_np)
{
	pthread_attr_t attributes;
	void *low;
	size_t bytes;
	IS(pthread_getattr_np(pthread_self(), &attributes) == 0);
	EQ(pthread_attr_getstack(&attributes, &low, &bytes), 0);
	IS((char *)&bytes > (char *)low && (char *)&bytes < (char *)low + bytes);
}

static char order[16];
static void note(void *text) { strcat(order, text); }
static pthread_key_t key;
static int rounds;
static void again(void *value)
{
	strcat(order, "k");
	if (++rounds < 3)
		pthread_setspecific(key, value);
}
static void *with_all(void *argument)
{
	pthread_setspecific(key, order);
	pthread_cleanup_push(note, "1");
	pthread_cleanup_push(note, "2");
	pthread_cleanup_push(note, "3");
	pthread_cleanup_pop(1);
	pthread_exit(argument);
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
}

TEST(pthread_cleanup_push)
{
	pthread_t thread;
	EQ(pthread_key_create(&key, again), 0);
	EQ(pthread_create(&thread, NULL, with_all, NULL), 0);
	EQ(pthread_join(thread, NULL), 0);
	TEXT(order, "321kkk");
	EQ(pthread_key_delete(key), 0);
}

TEST(pthread_key_create)
{
	pthread_key_t one, two;
	EQ(pthread_key_create(&one, NULL), 0);
	EQ(pthread_getspecific(one), NULL);
	EQ(pthread_setspecific(one, order), 0);
	EQ(pthread_getspecific(one), (void *)order);
	EQ(pthread_key_delete(one), 0);
	EQ(pthread_key_create(&two, NULL), 0);
	EQ(pthread_getspecific(two), NULL);
	EQ(pthread_key_delete(two), 0);
}

static int runs;
static void run(void) { sched_yield(); runs++; }
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *run_once(void *argument) { pthread_once(&once, run); return runs == 1 ? NULL : argument; }

TEST(pthread_once)
{
	pthread_t threads[8];
	for (int i = 0; i < 8; i++)
		EQ(pthread_create(&threads[i], NULL, run_once, &once), 0);
	for (int i = 0; i < 8; i++) {
		void *result;
		EQ(pthread_join(threads[i], &result), 0);
		EQ(result, NULL);
	}
}

static volatile sig_atomic_t got;
static pthread_t got_on;
static void handler(int number) { got = number; got_on = pthread_self(); }

TEST(pthread_kill)
{
	signal(SIGTERM, handler);
	EQ(pthread_kill(pthread_self(), 0), 0);
	EQ(pthread_kill(pthread_self(), 100), EINVAL);
	EQ(pthread_kill(pthread_self(), SIGTERM), 0);
	IS(got == SIGTERM && pthread_equal(got_on, pthread_self()));
	sigset_t set, old;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	got = 0;
	EQ(pthread_sigmask(SIG_BLOCK, &set, &old), 0);
	EQ(sigismember(&old, SIGTERM), 0);
	EQ(pthread_kill(pthread_self(), SIGTERM), 0);
	EQ((int)got, 0);
	EQ(pthread_sigmask(SIG_SETMASK, &old, &set), 0);
	EQ(sigismember(&set, SIGTERM), 1);
	EQ((int)got, SIGTERM);
	EQ(pthread_sigmask(77, &set, NULL), EINVAL);
	signal(SIGTERM, SIG_DFL);
}

static pthread_t handle;

static void *looks_for_its_handle(void *argument)
{
	IS(pthread_equal(handle, pthread_self()));
	return argument;
}

TEST(a_thread_finds_the_handle_that_its_maker_gets)
{
	EXCEPT(musl, "the handle is stored after the start")
	for (int round = 0; round < 200; round++) {
		memset(&handle, 0, sizeof handle);
		EQ(pthread_create(&handle, NULL, looks_for_its_handle, NULL), 0);
		EQ(pthread_join(handle, NULL), 0);
	}
}
