// out: handler
// exit: 6
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void handler(void) { puts("handler"); }

static void *leaves(void *unused)
{
	(void)unused;
	exit(6);
}

int main(void)
{
	pthread_t thread;
	atexit(handler);
	pthread_create(&thread, NULL, leaves, NULL);
	pthread_join(thread, NULL);
	return 1;
}
