#define _GNU_SOURCE
#include "../check.h"
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ROUNDS = 200 };

static pthread_mutex_t recursive;
static sem_t told;
static long in_handler, in_thread;
static int held;

/* On a thread that has just begun. */
static void handles(int number)
{
	int before = errno;
	(void)number;
	in_handler = syscall(SYS_gettid);
	EQ(pthread_mutex_lock(&recursive), 0);
	held = 1;
	EQ(pthread_mutex_unlock(&recursive), 0);
	sem_post(&told);
	errno = before;
}

static void *is_told(void *argument)
{
	in_thread = syscall(SYS_gettid);
	while (sem_wait(&told) != 0)
		IS(errno == EINTR);
	return argument;
}

static void set_up(void)
{
	pthread_mutexattr_t attributes;
	struct sigaction action = {.sa_handler = handles};
	EQ(pthread_mutexattr_init(&attributes), 0);
	EQ(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE), 0);
	EQ(pthread_mutex_init(&recursive, &attributes), 0);
	EQ(sem_init(&told, 0, 0), 0);
	EQ(sigaction(SIGUSR1, &action, NULL), 0);
}

TEST(a_thread_takes_a_signal_from_its_beginning)
{
	set_up();
	for (int round = 0; round < ROUNDS; round++) {
		pthread_t thread;
		held = 0, in_handler = 0, in_thread = -1;
		EQ(pthread_create(&thread, NULL, is_told, NULL), 0);
		EQ(pthread_kill(thread, SIGUSR1), 0);
		EQ(pthread_join(thread, NULL), 0);
		EQ(held, 1);
		EQ(in_handler, in_thread);
	}
}

/* Only the new thread takes the signal of the process, at its very beginning if it comes so soon. */
TEST(a_handler_knows_the_number_of_a_new_thread)
{
	sigset_t set, old;
	set_up();
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	for (int round = 0; round < ROUNDS; round++) {
		pthread_t thread;
		held = 0, in_handler = 0, in_thread = -1;
		EQ(pthread_create(&thread, NULL, is_told, NULL), 0);
		EQ(pthread_sigmask(SIG_BLOCK, &set, &old), 0);
		EQ(kill(getpid(), SIGUSR1), 0);
		EQ(pthread_join(thread, NULL), 0);
		EQ(pthread_sigmask(SIG_SETMASK, &old, NULL), 0);
		EQ(held, 1);
		EQ(in_handler, in_thread);
	}
}

static void *looks_at_mask(void *set)
{
	pthread_sigmask(SIG_BLOCK, NULL, set);
	return NULL;
}

/* POSIX.1-2024 pthread_create: the mask is inherited, what is pending is not. */
TEST(a_thread_starts_with_the_mask_of_its_maker)
{
	sigset_t set, old, seen;
	pthread_t thread;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGTERM);
	EQ(pthread_sigmask(SIG_SETMASK, &set, &old), 0);
	sigemptyset(&seen);
	EQ(pthread_create(&thread, NULL, looks_at_mask, &seen), 0);
	EQ(pthread_join(thread, NULL), 0);
	for (int number = 1; number < 32; number++)
		EQ(sigismember(&seen, number), number == SIGUSR2 || number == SIGTERM);
	EQ(pthread_sigmask(SIG_SETMASK, &old, NULL), 0);
}
