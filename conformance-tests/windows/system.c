/* Questions about the machine. */
#define _GNU_SOURCE
#include "check.h"
#include "child.h"

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

/* A program of the store is a reparse point without content: it counts as the program that it stands for. */
TEST(programs_of_the_store)
{
	const char *home = getenv("LOCALAPPDATA");
	char path[1024];
	int count = 0;
	if (home == NULL || snprintf(path, sizeof path, "%s/Microsoft/WindowsApps", home) >= (int)sizeof path)
		return;
	DIR *directory = opendir(path);
	if (directory == NULL)
		return;
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		size_t length = strlen(entry->d_name);
		if (length < 5 || strcmp(entry->d_name + length - 4, ".exe") != 0)
			continue;
		struct stat found;
		count++;
		EQ(fstatat(dirfd(directory), entry->d_name, &found, 0), 0);
		IS(S_ISREG(found.st_mode));
		EQ(faccessat(dirfd(directory), entry->d_name, X_OK, 0), 0);
	}
	EQ(closedir(directory), 0);
	printf("programs of the store: %d\n", count);
	if (ON_windows && system("where winget >nul 2>&1") == 0)
		EQ(system("winget --version >nul"), 0);
}

/* For people: what waiting for a millisecond takes. */
TEST(short_waits)
{
	struct timespec begun, ended, wait = {.tv_nsec = 1000000};
	EQ(clock_gettime(CLOCK_MONOTONIC, &begun), 0);
	for (int i = 0; i < 100; i++)
		EQ(nanosleep(&wait, NULL), 0);
	EQ(clock_gettime(CLOCK_MONOTONIC, &ended), 0);
	double took = (double)(ended.tv_sec - begun.tv_sec) * 1e3 + (double)(ended.tv_nsec - begun.tv_nsec) / 1e6;
	printf("a wait of 1 ms takes %.2f ms; processors: %ld\n", took / 100, sysconf(_SC_NPROCESSORS_ONLN));
	IS(took >= 100);
}

TEST(large_reservations)
{
	size_t size = (size_t)1 << 40, step = size / 16;
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	IS(at != MAP_FAILED);
	if (at == MAP_FAILED)
		return;
	for (size_t i = 0; i < 16; i++)
		at[i * step] = (char)i;
	for (size_t i = 0; i < 16; i++)
		EQ(at[i * step], (char)i);
	EQ(munmap(at, size), 0);
}

static __attribute__((noinline)) int deeper(volatile char *above)
{
	volatile char here[512];
	here[0] = *above;
	return deeper(here) + here[0];
}

CHILD(overflows)
{
	volatile char top = 1;
	return deeper(&top);
}

static void *overflow(void *unused)
{
	volatile char top = 1;
	deeper(&top);
	return unused;
}

CHILD(overflows_on_a_thread)
{
	pthread_t thread;
	pthread_create(&thread, NULL, overflow, NULL);
	pthread_join(thread, NULL);
	return 0;
}

TEST(a_stack_overflow_is_seen)
{
	int status = child("overflows", NULL);
	IS(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	status = child("overflows_on_a_thread", NULL);
	IS(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

static volatile sig_atomic_t arrived;

static void arrive(int unused)
{
	(void)unused;
	arrived = arrived + 1;
}

static void *compute(void *stop)
{
	volatile double value = 1;
	while (!*(volatile int *)stop)
		value = value * 1.0000001 + 1e-9;
	return NULL;
}

/* Threads are interrupted wherever they stand. */
TEST(signals_to_a_busy_thread)
{
	struct sigaction action = {.sa_handler = arrive};
	volatile int stop = 0;
	pthread_t thread;
	EQ(sigaction(SIGUSR1, &action, NULL), 0);
	EQ(pthread_create(&thread, NULL, compute, (void *)&stop), 0);
	for (int i = 0; i < 1000; i++) {
		sig_atomic_t before = arrived;
		EQ(pthread_kill(thread, SIGUSR1), 0);
		while (arrived == before)
			sched_yield();
	}
	stop = 1;
	EQ(pthread_join(thread, NULL), 0);
	EQ(arrived, 1000);
}
