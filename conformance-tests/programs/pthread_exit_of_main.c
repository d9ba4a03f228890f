// out: the last thread ends the process
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static void *last(void *unused)
{
	struct timespec span = {0, 20000000};
	nanosleep(&span, NULL);
	puts("the last thread ends the process");
	return unused;
}

int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, last, NULL);
	pthread_detach(thread);
	/* As if exit(0) were called when the last thread ends: POSIX.1-2024 pthread_exit. */
	pthread_exit(NULL);
}
