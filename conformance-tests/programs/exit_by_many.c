// out: handler
// out: the end of a stream
// exit: 5
// except peers: exit on several threads was undefined before POSIX.1-2024
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_barrier_t together;

/* Once, and others that call exit meanwhile wait. */
static void handler(void)
{
	puts("handler");
	usleep(20000);
	fputs("the end of a stream\n", stdout);
}

static void *leaves(void *code)
{
	pthread_barrier_wait(&together);
	exit(*(int *)code);
}

int main(void)
{
	static int code = 5;
	pthread_t threads[7];
	atexit(handler);
	pthread_barrier_init(&together, NULL, 8);
	for (int i = 0; i < 7; i++)
		pthread_create(&threads[i], NULL, leaves, &code);
	leaves(&code);
}
