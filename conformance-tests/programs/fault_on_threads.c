// Many threads at once: one report.
// report: xload: SIGSEGV at address 0x8
// out: started
// exit: signal 11
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { THREADS = 8 };

static atomic_int waiting;
static volatile int *volatile nowhere = (volatile int *)8;

static void *run(void *argument)
{
	atomic_fetch_add(&waiting, 1);
	while (atomic_load(&waiting) < THREADS)
		;
	*nowhere = 1;
	return argument;
}

int main(void)
{
	puts("started");
	fflush(stdout);
	pthread_t thread;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread, 0, run, 0);
	return pthread_join(thread, 0);
}
