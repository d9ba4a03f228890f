/* Pipes whose ends do not wait (POSIX.1-2024 write: pieces of up to PIPE_BUF are whole), and ends that several readers share. */
#define _GNU_SOURCE
#include "../child.h"
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>

enum { MEBIBYTE = 1 << 20 };

static unsigned char *pattern(size_t size)
{
	unsigned char *data = malloc(size);
	for (size_t i = 0; i < size; i++)
		data[i] = (unsigned char)(i * 2654435761u >> 13);
	return data;
}

static int set_non_blocking(int fd, int on)
{
	int flags = fcntl(fd, F_GETFL);
	return fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

/* Moves all of the data, both ends by turns; `gather` is the first of two pieces, 0 for write. */
static void move(const unsigned char *data, size_t gather)
{
	unsigned char *got = calloc(1, MEBIBYTE);
	size_t sent = 0, come = 0, partial = 0;
	int ends[2];
	EQ(pipe2(ends, O_NONBLOCK), 0);
	for (int turns = 0; come < MEBIBYTE && turns < 100000; turns++) {
		size_t left = MEBIBYTE - sent, first = gather < left ? gather : left;
		struct iovec pieces[] = {{(void *)(data + sent), first}, {(void *)(data + sent + first), left - first}};
		errno = 0;
		ssize_t count = gather ? writev(ends[1], pieces, 2) : write(ends[1], data + sent, left);
		if (count > 0) {
			sent += (size_t)count;
			partial += (size_t)count < left;
		} else if (left > 0)
			IS(count == -1 && errno == EAGAIN);
		/* What there is, in part when the other end cannot go on, and sometimes all of it. */
		do {
			errno = 0;
			count = read(ends[0], got + come, MEBIBYTE - come < 7777 ? MEBIBYTE - come : 7777);
			if (count <= 0)
				break;
			come += (size_t)count;
		} while (turns % 3 == 0);
	}
	EQ(come, MEBIBYTE);
	IS(memcmp(got, data, MEBIBYTE) == 0);
	IS(partial > 0);
	EQ_ERRNO(read(ends[0], got, 1), -1, EAGAIN);
	close(ends[1]);
	EQ(read(ends[0], got, 1), 0);
	close(ends[0]);
	free(got);
}

TEST(a_mebibyte_between_ends_that_do_not_wait)
{
	unsigned char *data = pattern(MEBIBYTE);
	move(data, 0);
	for (size_t gather = 1; gather < MEBIBYTE; gather = gather * 9 + 4095)
		move(data, gather);
	free(data);
}

TEST(small_pieces_are_whole_or_refused)
{
	char page[PIPE_BUF], got[PIPE_BUF];
	int ends[2], pages = 0;
	EQ(pipe2(ends, O_NONBLOCK), 0);
	do
		memset(page, 'a' + pages % 26, sizeof page);
	while (write(ends[1], page, sizeof page) == PIPE_BUF && ++pages < 10000);
	IS(pages >= 1 && pages < 10000);
	EQ_ERRNO(write(ends[1], page, PIPE_BUF), -1, EAGAIN);
	/* Nothing of it is in the pipe. */
	for (int i = 0; i < pages; i++) {
		memset(page, 'a' + i % 26, sizeof page);
		EQ(read(ends[0], got, sizeof got), PIPE_BUF);
		IS(memcmp(got, page, sizeof got) == 0);
	}
	EQ_ERRNO(read(ends[0], got, sizeof got), -1, EAGAIN);
	EQ(write(ends[1], page, PIPE_BUF), PIPE_BUF);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	EQ_ERRNO(write(ends[1], page, 1), -1, EPIPE);
	close(ends[1]);
	signal(SIGPIPE, SIG_DFL);
}

TEST(o_nonblock_comes_and_goes)
{
	unsigned char *data = pattern(MEBIBYTE);
	char byte;
	int ends[2];
	EQ(pipe(ends), 0);
	EQ(set_non_blocking(ends[0], 1), 0);
	EQ_ERRNO(read(ends[0], &byte, 1), -1, EAGAIN);
	EQ(write(ends[1], "x", 1), 1);
	EQ(read(ends[0], &byte, 1), 1);
	EQ(set_non_blocking(ends[0], 0), 0);
	EQ(set_non_blocking(ends[1], 1), 0);
	ssize_t filled = write(ends[1], data, MEBIBYTE);
	IS(filled >= PIPE_BUF && filled < MEBIBYTE);
	EQ_ERRNO(write(ends[1], data, MEBIBYTE), -1, EAGAIN);
	for (ssize_t left = filled; left > 0;) {
		ssize_t count = read(ends[0], data, (size_t)left);
		IS(count > 0);
		left = count > 0 ? left - count : 0;
	}
	EQ(set_non_blocking(ends[1], 0), 0);
	EQ(write(ends[1], "y", 1), 1);
	EQ(read(ends[0], &byte, 1), 1);
	EQ(byte, 'y');
	close(ends[0]);
	close(ends[1]);
	free(data);
}

/* Standard input and output are a pipe's two ends, both of which wait. */
CHILD(switches)
{
	unsigned char *data = pattern(MEBIBYTE);
	char byte;
	(void)argc, (void)argv;
	if (set_non_blocking(0, 1) != 0 || set_non_blocking(1, 1) != 0)
		return 10;
	errno = 0;
	if (read(0, &byte, 1) != -1 || errno != EAGAIN)
		return 11;
	ssize_t filled = write(1, data, MEBIBYTE);
	if (filled < PIPE_BUF || filled >= MEBIBYTE)
		return 12;
	errno = 0;
	if (write(1, data, MEBIBYTE) != -1 || errno != EAGAIN)
		return 13;
	if (read(0, data, MEBIBYTE) < 1)
		return 14;
	while (read(0, data, MEBIBYTE) > 0)
		;
	/* It ends with a pipe that waits again, for its parent. */
	if (set_non_blocking(0, 0) != 0 || set_non_blocking(1, 0) != 0 || write(1, "z", 1) != 1)
		return 15;
	return 30;
}

TEST(o_nonblock_on_inherited_ends)
{
	posix_spawn_file_actions_t actions;
	int ends[2];
	char byte = 0;
	EQ(pipe(ends), 0);
	EQ(posix_spawn_file_actions_init(&actions), 0);
	EQ(posix_spawn_file_actions_adddup2(&actions, ends[0], 0), 0);
	EQ(posix_spawn_file_actions_adddup2(&actions, ends[1], 1), 0);
	EXCEPT_ON(qemu, NO_CHILDREN) {
		IS(exits_with(child_with("switches", "", environ, &actions, NULL), 30));
		EQ(read(ends[0], &byte, 1), 1);
		EQ(byte, 'z');
	}
	EQ(posix_spawn_file_actions_destroy(&actions), 0);
	close(ends[0]);
	close(ends[1]);
}

static void *write_all(void *end)
{
	unsigned char *data = pattern(MEBIBYTE);
	ssize_t count = write(*(int *)end, data, MEBIBYTE);
	close(*(int *)end);
	free(data);
	return (void *)count;
}

TEST(a_write_that_waits_writes_all)
{
	unsigned char *data = pattern(MEBIBYTE), *got = calloc(1, MEBIBYTE);
	int ends[2];
	pthread_t writer;
	void *written;
	size_t come = 0;
	EQ(pipe(ends), 0);
	EQ(pthread_create(&writer, NULL, write_all, &ends[1]), 0);
	for (ssize_t count; (count = read(ends[0], got + come, MEBIBYTE - come)) > 0;)
		come += (size_t)count;
	EQ(come, MEBIBYTE);
	IS(memcmp(got, data, MEBIBYTE) == 0);
	EQ(pthread_join(writer, &written), 0);
	EQ((ssize_t)written, MEBIBYTE);
	close(ends[0]);
	free(data);
	free(got);
}

struct share { int end; unsigned long long sum; size_t count; };

static void *add_up(void *argument)
{
	struct share *share = argument;
	unsigned char bytes[512];
	for (ssize_t count; (count = read(share->end, bytes, sizeof bytes)) > 0; share->count += (size_t)count)
		for (ssize_t i = 0; i < count; i++)
			share->sum += bytes[i];
	return NULL;
}

TEST(two_threads_read_one_pipe)
{
	enum { SIZE = 1 << 18 };
	unsigned char *data = pattern(SIZE);
	unsigned long long sum = 0;
	int ends[2];
	pthread_t readers[2];
	EQ(pipe(ends), 0);
	struct share shares[2] = {{ends[0], 0, 0}, {ends[0], 0, 0}};
	for (int i = 0; i < 2; i++)
		EQ(pthread_create(&readers[i], NULL, add_up, &shares[i]), 0);
	for (int i = 0; i < SIZE; i++)
		sum += data[i];
	for (int done = 0; done < SIZE; done += 1000)
		EQ(write(ends[1], data + done, SIZE - done < 1000 ? SIZE - done : 1000), SIZE - done < 1000 ? SIZE - done : 1000);
	close(ends[1]);
	for (int i = 0; i < 2; i++)
		EQ(pthread_join(readers[i], NULL), 0);
	EQ(shares[0].count + shares[1].count, SIZE);
	EQ(shares[0].sum + shares[1].sum, sum);
	close(ends[0]);
	free(data);
}
