/* A handler may use thread-local objects that are lock-free atomics (C23 7.14.1.1), also before the thread has done so. */
#include "../check.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#define TEN(name) name(0) name(1) name(2) name(3) name(4) name(5) name(6) name(7) name(8) name(9)
#define DEFINE(a, b) static _Thread_local atomic_int v##a##b = a * 10 + b; static atomic_int *at##a##b(void) { return &v##a##b; }
#define ADDRESS(a, b) at##a##b,
#define ROW(what, a) what(a, 0) what(a, 1) what(a, 2) what(a, 3) what(a, 4) what(a, 5) what(a, 6) what(a, 7) what(a, 8) what(a, 9)
#define DEFINE_ROW(a) ROW(DEFINE, a)
#define ADDRESS_ROW(a) ROW(ADDRESS, a)
TEN(DEFINE_ROW)
enum { VARIABLES = 100, WORKERS = 2, ROUNDS = 60 };
static atomic_int *(*const of_this_thread[VARIABLES])(void) = {TEN(ADDRESS_ROW)};

struct worker {
	pthread_t thread;
	atomic_int begun, ended, bumps[VARIABLES];
	atomic_int signals;
	int wrong;
};
/* A pointer of the thread's own would be one of the objects in question, and pthread_getspecific is not for handlers. */
static struct worker workers[WORKERS];

static void bump(struct worker *worker, unsigned number)
{
	atomic_fetch_add(of_this_thread[number % VARIABLES](), 1000);
	worker->bumps[number % VARIABLES]++;
}

static void handler(int signal)
{
	int errno_before = errno;
	(void)signal;
	for (int at = 0; at < WORKERS; at++)
		if (workers[at].begun && pthread_equal(workers[at].thread, pthread_self())) {
			unsigned number = 61u * (unsigned)workers[at].signals++;
			bump(&workers[at], number);
			bump(&workers[at], number + 17);
		}
	errno = errno_before;
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	void *blocks[8] = {0};
	worker->thread = pthread_self();
	worker->begun = 1;
	for (unsigned at = 0; at < VARIABLES; at++) {
		bump(worker, at * 37);
		/* Signals come all the time, from the first variable to the last. */
		for (unsigned more = 0; more < 20 || (unsigned)worker->signals <= at / 20; more++) {
			void **block = &blocks[(at + more) % 8];
			free(*block);
			*block = malloc(16u << (at + more) % 9);
		}
	}
	worker->begun = 0;
	for (int at = 0; at < VARIABLES; at++)
		worker->wrong += *of_this_thread[at]() != at + 1000 * worker->bumps[at];
	for (int at = 0; at < 8; at++)
		free(blocks[at]);
	worker->ended = 1;
	return NULL;
}

TEST(handlers_use_thread_local_objects_first)
{
	struct sigaction action = {.sa_handler = handler}, before;
	EQ(sigaction(SIGUSR1, &action, &before), 0);
	int wrong = 0, signals = 0;
	for (int round = 0; round < ROUNDS; round++) {
		pthread_t threads[WORKERS];
		memset(workers, 0, sizeof workers);
		for (int at = 0; at < WORKERS; at++)
			EQ(pthread_create(&threads[at], NULL, work, &workers[at]), 0);
		for (int running = 1; running;) {
			running = 0;
			for (int at = 0; at < WORKERS; at++)
				if (!workers[at].ended) {
					running = 1;
					pthread_kill(threads[at], SIGUSR1);
				}
		}
		for (int at = 0; at < WORKERS; at++) {
			EQ(pthread_join(threads[at], NULL), 0);
			wrong += workers[at].wrong;
			signals += workers[at].signals;
		}
	}
	EQ(wrong, 0);
	IS(signals > 0);
	EQ(sigaction(SIGUSR1, &before, NULL), 0);
}
