/* Waits for Ctrl-C: `spin` in code of its own, `sleep` in a request, `ignore` without being touched, `default` to die. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static volatile sig_atomic_t seen;
static _Thread_local int own = 7;

static void handler(int number)
{
	/* What the library keeps by thread is there, whichever thread the host tells it on. */
	errno = EINTR;
	own++;
	seen = number;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	struct timespec piece = {0, 100000000}, begun, now;
	int spins = strcmp(mode, "spin") == 0, ignores = strcmp(mode, "ignore") == 0;
	if (strcmp(mode, "default") != 0)
		signal(SIGINT, ignores ? SIG_IGN : handler);
	if (fclose(fopen("ready", "w")) != 0)
		return 3;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	do {
		if (!spins)
			nanosleep(&piece, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (seen == 0 && now.tv_sec - begun.tv_sec < (ignores ? 5 : 20));
	if (ignores)
		return seen == 0 ? 0 : 1;
	return seen == SIGINT && own == 8 ? 0 : 2;
}
