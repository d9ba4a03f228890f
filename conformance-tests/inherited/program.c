/* What a program finds that a foreign parent started with the handles of `parent.c`. 0 when all is as it should be. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int is_null(int fd)
{
	struct stat about;
	char byte;
	return fstat(fd, &about) == 0 && S_ISCHR(about.st_mode) && write(fd, "x", 1) == 1 && read(fd, &byte, 1) == 0;
}

/* Files do not land on the numbers that others write to. */
static int missing(void)
{
	if (!is_null(0))
		return 10;
	if (!is_null(1))
		return 11;
	int fd = open("some", O_CREAT | O_RDWR, 0644);
	if (fd != 3)
		return 12;
	return 0;
}

static int overlapped_file(void)
{
	char bytes[8];
	if (read(0, bytes, 3) != 3 || memcmp(bytes, "abc", 3) != 0)
		return 20;
	if (read(0, bytes, 3) != 3 || memcmp(bytes, "def", 3) != 0)
		return 21;
	if (lseek(0, 0, SEEK_CUR) != 6)
		return 22;
	return read(0, bytes, 8) == 2 && read(0, bytes, 8) == 0 ? 0 : 23;
}

static int terminal(void)
{
	struct stat about;
	if (!isatty(0) || !isatty(1))
		return 30;
	if (fstat(1, &about) != 0 || !S_ISCHR(about.st_mode))
		return 31;
	int ends[2];
	if (pipe(ends) != 0 || isatty(ends[0]) || errno != ENOTTY || fstat(ends[1], &about) != 0 || !S_ISFIFO(about.st_mode))
		return 32;
	return write(1, "text\n", 5) == 5 ? 0 : 33;
}

static char got[2];
static volatile sig_atomic_t signals;

static void *read_one(void *place)
{
	return (void *)read(0, place, 1);
}

static void on_signal(int number)
{
	(void)number;
	signals++;
}

static void *read_interrupted(void *unused)
{
	char byte;
	(void)unused;
	errno = 0;
	ssize_t count = read(0, &byte, 1);
	return (void *)(intptr_t)(count == -1 && errno == EINTR);
}

/* Both threads wait on one file: each byte is for one of them, and neither returns before it has one. */
static int overlapped(void)
{
	struct timespec moment = {0, 200000000};
	pthread_t readers[2], interrupted;
	void *counts[2], *was_interrupted;
	for (int i = 0; i < 2; i++)
		pthread_create(&readers[i], NULL, read_one, &got[i]);
	nanosleep(&moment, NULL);
	/* A write beside them does not end their reads. */
	if (write(0, "r", 1) != 1)
		return 40;
	nanosleep(&moment, NULL);
	if (write(0, "r", 1) != 1)
		return 41;
	for (int i = 0; i < 2; i++)
		pthread_join(readers[i], &counts[i]);
	if ((ssize_t)counts[0] != 1 || (ssize_t)counts[1] != 1)
		return 42;
	if (!(got[0] == '1' && got[1] == '2') && !(got[0] == '2' && got[1] == '1'))
		return 43;
	struct sigaction action = {.sa_handler = on_signal};
	sigaction(SIGUSR1, &action, NULL);
	pthread_create(&interrupted, NULL, read_interrupted, NULL);
	nanosleep(&moment, NULL);
	pthread_kill(interrupted, SIGUSR1);
	pthread_join(interrupted, &was_interrupted);
	if (!was_interrupted || signals != 1)
		return 44;
	return write(0, "r", 1) == 1 ? 0 : 45;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	if (strcmp(mode, "missing") == 0 || strcmp(mode, "others") == 0)
		return missing();
	if (strcmp(mode, "overlapped_file") == 0)
		return overlapped_file();
	if (strcmp(mode, "overlapped") == 0)
		return overlapped();
	if (strcmp(mode, "terminal") == 0)
		return terminal();
	/* Standard input is busy and is left alone; standard output was missing. */
	if (strcmp(mode, "busy") == 0)
		return is_null(1) ? 0 : 50;
	return 97;
}
