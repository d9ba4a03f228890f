// out: all of the line
// exit: 3
// except peers: glibc before 2.41 does not wait
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_barrier_t together;

static void *writes(void *file)
{
	flockfile(file);
	fputs("all of ", file);
	pthread_barrier_wait(&together);
	usleep(50000);
	fputs("the line\n", file);
	funlockfile(file);
	for (;;)
		usleep(1000000);
	return NULL;
}

int main(void)
{
	pthread_t thread;
	pthread_barrier_init(&together, NULL, 2);
	pthread_create(&thread, NULL, writes, stdout);
	pthread_barrier_wait(&together);
	exit(3);
}
