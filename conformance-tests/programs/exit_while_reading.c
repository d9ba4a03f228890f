// out: written
// exit: 3
// except peers: they wait for the reader
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Waits for input that never comes, each on a stream of its own: one holds the lock by hand, one within a function. */
static void *by_hand(void *file)
{
	flockfile(file);
	getc_unlocked((FILE *)file);
	return NULL;
}

static void *within(void *file)
{
	char line[8];
	return fgets(line, sizeof line, file);
}

int main(void)
{
	void *(*const ways[])(void *) = {by_hand, within};
	for (int i = 0; i < 2; i++) {
		int ends[2];
		pthread_t thread;
		if (pipe(ends) != 0 || pthread_create(&thread, NULL, ways[i], fdopen(ends[0], "r")) != 0)
			return 1;
	}
	usleep(50000);
	printf("written\n");
	exit(3);
}
