/*
 * What a program does with a console. It waits for Ctrl-C: `spin` in code of its own, `sleep` in a request, `read` in a read of the
 * console, `ignore` without being touched, `blocked` later, `default` to die. Other modes read: `lines` long ones, `tty` by way of /dev/tty,
 * `silent` nothing, as another thread's signal comes first.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t seen;
static _Thread_local int own = 7;

static void handler(int number)
{
	/* What the library keeps by thread is there, whichever thread the host tells it on. */
	errno = EINTR;
	own++;
	seen = number;
}

static int ready(void)
{
	return fclose(fopen("ready", "w"));
}

/* A read that a signal ends. */
static int interrupted(int number)
{
	struct sigaction action = {.sa_handler = handler};
	char byte;
	sigaction(number, &action, NULL);
	if (ready() != 0)
		return 3;
	errno = 0;
	if (read(0, &byte, 1) != -1 || errno != EINTR)
		return 4;
	return seen == number && own == 8 ? 0 : 5;
}

static void *signal_it(void *thread)
{
	struct timespec moment = {0, 700000000};
	nanosleep(&moment, NULL);
	pthread_kill(*(pthread_t *)thread, SIGUSR1);
	return NULL;
}

static int silent(void)
{
	pthread_t self = pthread_self(), other;
	pthread_create(&other, NULL, signal_it, &self);
	int result = interrupted(SIGUSR1);
	pthread_join(other, NULL);
	return result;
}

/* No character and no end of a line is torn apart, wherever the console's records end. */
static int lines(void)
{
	static char line[5000];
	if (ready() != 0)
		return 3;
	for (int length = 4090; length <= 4098; length++) {
		if (fgets(line, sizeof line, stdin) == NULL)
			return 10;
		size_t all = strlen(line);
		if (all != (size_t)length + 5)
			return 11;
		if (strcmp(line + length, "\xF0\x9F\x98\x80\n") != 0)
			return 12;
		if (strspn(line, "x") != (size_t)length)
			return 13;
	}
	return 0;
}

static int tty(void)
{
	char line[16];
	int fd = open("/dev/tty", O_RDWR);
	if (fd < 0)
		return 20;
	if (!isatty(fd) || !isatty(0) || !isatty(1))
		return 21;
	/* A character in two writes. */
	if (write(fd, "? \xE2\x82", 4) != 4 || write(fd, "\xAC\n", 2) != 2)
		return 22;
	if (ready() != 0)
		return 3;
	if (read(fd, line, sizeof line) != 4 || memcmp(line, "yes\n", 4) != 0)
		return 23;
	/* Standard input, which is open for both, goes both ways too. */
	return write(0, "done\n", 5) == 5 ? 0 : 24;
}

/* A blocked signal waits for its handler, which need not be there yet. */
static int blocked(void)
{
	struct timespec moment = {2, 0};
	sigset_t interrupt;
	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigprocmask(SIG_BLOCK, &interrupt, NULL);
	if (ready() != 0)
		return 3;
	nanosleep(&moment, NULL);
	signal(SIGINT, handler);
	sigprocmask(SIG_UNBLOCK, &interrupt, NULL);
	return seen == SIGINT ? 0 : 30;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	struct timespec piece = {0, 100000000}, begun, now;
	int spins = strcmp(mode, "spin") == 0, ignores = strcmp(mode, "ignore") == 0;
	/* Changes the mode of the console's output, which `press.c` looks at afterwards. */
	if (write(1, "\n", 1) != 1)
		return 6;
	if (strcmp(mode, "read") == 0)
		return interrupted(SIGINT);
	if (strcmp(mode, "silent") == 0)
		return silent();
	if (strcmp(mode, "blocked") == 0)
		return blocked();
	if (strcmp(mode, "lines") == 0)
		return lines();
	if (strcmp(mode, "tty") == 0)
		return tty();
	if (strcmp(mode, "default") != 0)
		signal(SIGINT, ignores ? SIG_IGN : handler);
	if (ready() != 0)
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
