#define _GNU_SOURCE
#include "../child.h"
#include "../on_thread.h"
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <wchar.h>

/* A stream over "0123456789", and a second descriptor of the same description. */
static FILE *made(const char *name, const char *mode, int *shared)
{
	FILE *file = fopen(name, "w");
	if (file == NULL || fputs("0123456789", file) < 0 || fclose(file) != 0)
		fail(__FILE__, __LINE__, "cannot make a file\n");
	file = fopen(name, mode);
	*shared = dup(fileno(file));
	return file;
}

static long place(int fd)
{
	return (long)lseek(fd, 0, SEEK_CUR);
}

static int flush_one(FILE *file) { return fflush(file); }
static int flush_all(FILE *file) { (void)file; return fflush(NULL); }
static int flush_one_unlocked(FILE *file) { return fflush_unlocked(file); }
static int flush_all_unlocked(FILE *file) { (void)file; return fflush_unlocked(NULL); }
static int (*const ways[])(FILE *) = {flush_one, flush_one_unlocked, flush_all, flush_all_unlocked};

/* On the others fflush(NULL) is for output alone. */
#define WAYS (HOST == HOST_xlibc ? (int)(sizeof ways / sizeof *ways) : 2)

TEST(input_is_given_back)
{
	for (int way = 0; way < WAYS; way++) {
		int shared;
		FILE *file = made("given", "r", &shared);
		IS(getc(file) == '0' && getc(file) == '1' && getc(file) == '2');
		EQ(ways[way](file), 0);
		EQ(place(shared), 3);
		EQ(getc(file), '3');
		/* Who holds the other descriptor goes on, and the stream follows after a flush. */
		EQ(ways[way](file), 0);
		char next;
		IS(read(shared, &next, 1) == 1 && next == '4');
		EQ(getc(file), '5');
		EQ(fclose(file), 0);
		EXCEPT(glibc, "closes alone") EQ(place(shared), 6);
		close(shared);
	}
}

TEST(all_of_the_input_read_is_not_the_end)
{
	for (int way = 0; way < WAYS; way++) {
		int shared;
		char all[10];
		FILE *file = made("whole", "r", &shared);
		EQ(fread(all, 1, 10, file), 10);
		EQ(ftell(file), 10);
		EQ(ways[way](file), 0);
		EQ(lseek(shared, 2, SEEK_SET), 2);
		EXCEPT(glibc, "remembers the offset") EQ(ftell(file), 2);
		EXCEPT(glibc, "remembers the offset") EQ(getc(file), '2');
		EQ(fclose(file), 0);
		close(shared);
	}
}

TEST(pushed_back_bytes_are_dropped)
{
	for (int way = 0; way < WAYS; way++) {
		int shared;
		FILE *file = made("pushed", "r", &shared);
		for (int i = 0; i < 5; i++)
			getc(file);
		EQ(ungetc('x', file), 'x');
		EQ(ways[way](file), 0);
		EXCEPT(glibc, "drops them before it takes the position") EQ(place(shared), 4);
		EXCEPT(glibc, "as above") EQ(getc(file), '4');
		/* More than lies before. */
		EQ(fseek(file, 0, SEEK_SET), 0);
		EQ(ungetc('x', file), 'x');
		EXCEPT(glibc, "EINVAL") EXCEPT(musl, "EINVAL in errno") EQ(ways[way](file), 0);
		EQ(place(shared), 0);
		EXCEPT(glibc, "as above") EXCEPT(musl, "keeps them") EQ(getc(file), '0');
		/* At the end of the file too. */
		EQ(fseek(file, 0, SEEK_END), 0);
		EQ(getc(file), EOF);
		EQ(ungetc('y', file), 'y');
		EXCEPT(glibc, "as above") EQ(ways[way](file), 0);
		EXCEPT(glibc, "as above") EQ(place(shared), 9);
		EXCEPT(glibc, "as above") EQ(getc(file), '9');
		fclose(file);
		close(shared);
	}
}

TEST(wide_input_is_given_back)
{
	setlocale(LC_ALL, "C.UTF-8");
	for (int way = 0; way < WAYS; way++) {
		FILE *file = fopen("wide", "w");
		fputs("a\xc3\xa4" "b\xe2\x82\xac" "c", file);
		fclose(file);
		file = fopen("wide", "r");
		int shared = dup(fileno(file));
		IS(getwc(file) == 'a' && getwc(file) == 0xe4);
		EQ(ways[way](file), 0);
		EQ(place(shared), 3);
		EQ(getwc(file), 'b');
		EQ(getwc(file), 0x20ac);
		EQ(ungetwc(0x20ac, file), 0x20ac);
		EXCEPT(glibc, "drops it before it takes the position") EQ(ways[way](file), 0);
		EXCEPT(glibc, "as above") EQ(place(shared), 4);
		EXCEPT(glibc, "as above") EQ(getwc(file), 0x20ac);
		EQ(fclose(file), 0);
		close(shared);
	}
	setlocale(LC_ALL, "C");
}

TEST(a_pipe_keeps_its_input)
{
	for (int way = 0; way < WAYS; way++) {
		int ends[2];
		char line[8];
		EQ(pipe(ends), 0);
		EQ(write(ends[1], "one\ntwo\n", 8), 8);
		close(ends[1]);
		FILE *file = fdopen(ends[0], "r");
		EQ(getc(file), 'o');
		GIVES(ways[way](file), 0);
		EQ(ferror(file), 0);
		EQ(ungetc('O', file), 'O');
		GIVES(ways[way](file), 0);
		EXCEPT(musl, "loses it") IS(fgets(line, sizeof line, file) == line && strcmp(line, "One\n") == 0);
		EXCEPT(musl, "loses it") IS(fgets(line, sizeof line, file) == line && strcmp(line, "two\n") == 0);
		IS(fgets(line, sizeof line, file) == NULL && feof(file));
		EQ(fclose(file), 0);
	}
}

TEST(a_stream_for_both_is_flushed_by_what_it_did_last)
{
	for (int way = 0; way < WAYS; way++) {
		int shared;
		char text[12] = "";
		FILE *file = made("both", "r+", &shared);
		EQ(getc(file), '0');
		EQ(ways[way](file), 0);
		EQ(place(shared), 1);
		EQ(putc('x', file), 'x');
		EQ(ways[way](file), 0);
		EQ(place(shared), 2);
		EQ(fclose(file), 0);
		EQ(pread(shared, text, 11, 0), 10);
		TEXT(text, "0x23456789");
		close(shared);
	}
}

TEST(freopen_gives_input_back)
{
	int shared;
	FILE *file = made("reopened", "r", &shared);
	EQ(getc(file), '0');
	file = freopen("reopened", "r+", file);
	IS(file != NULL);
	EQ(place(shared), 1);
	EQ(getc(file), '0');
	EQ(fclose(file), 0);
	close(shared);
}

TEST(a_descriptor_that_is_gone_is_told)
{
	int shared;
	FILE *file = made("gone", "r", &shared);
	EQ(getc(file), '0');
	close(fileno(file));
	EXCEPT(musl, "does not look at the result") EQ_ERRNO(fflush(file), EOF, EBADF);
	EXCEPT(musl, "as above") EXCEPT(glibc, "notes none for input") IS(ferror(file));
	EQ_ERRNO(fclose(file), EOF, EBADF);
	file = fopen("gone", "w");
	EQ(putc('x', file), 'x');
	close(fileno(file));
	EQ_ERRNO(fflush(NULL), EOF, EBADF);
	EQ_ERRNO(fclose(file), EOF, EBADF);
	close(shared);
}

CHILD(reads_a_line)
{
	char line[8];
	const char *end = argv[1];
	if (fgets(line, sizeof line, stdin) == NULL || strcmp(line, "one\n") != 0)
		return 7;
	if (*end == 'w')
		ungetc('x', stdin);
	switch (*end) {
	case 'q': quick_exit(3);
	case 'c': return fclose(stdin) == 0 ? 3 : 8;
	}
	return argc == 2 ? 3 : 9;
}

/* Where a child leaves its input, which it shares: POSIX.1-2024 exit. The shell's `{ read a; cat; } < file`. */
static long left_by(const char *end)
{
	FILE *file = fopen("shared", "w");
	fputs("one\ntwo\n", file);
	fclose(file);
	int fd = open("shared", O_RDONLY);
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, 0);
	int status = child_with("reads_a_line", end, environ, &actions, NULL);
	posix_spawn_file_actions_destroy(&actions);
	IS(exits_with(status, 3));
	long left = place(fd);
	close(fd);
	return left;
}

TEST(the_end_of_a_process_gives_input_back)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		EQ(left_by("return"), 4);
		EXCEPT(glibc, "closes alone") EQ(left_by("close"), 4);
		EXCEPT(glibc, "drops what was pushed back before it takes the position") EQ(left_by("with pushback"), 3);
		/* Flushes nothing: all that was read is read. */
		EQ(left_by("quick_exit"), 8);
	}
}

static FILE *held;
static pthread_barrier_t start;

static void *flushes_all(void *unused)
{
	pthread_barrier_wait(&start);
	return fflush(NULL) == 0 ? unused : &held;
}

/* The holder of a stream opens and closes others while a second thread, in fflush(NULL), waits for that stream. */
static void open_while_all_are_flushed(int close_it)
{
	pthread_t other;
	pthread_barrier_init(&start, NULL, 2);
	for (int round = 0; round < 20; round++) {
		void *result = &start;
		held = fopen("held", "w");
		flockfile(held);
		putc_unlocked('x', held);
		EQ(pthread_create(&other, NULL, flushes_all, NULL), 0);
		pthread_barrier_wait(&start);
		usleep(round % 4 * 500);
		FILE *more = fopen("more", "w+");
		IS(more != NULL && putc('y', more) == 'y');
		EQ(fclose(more), 0);
		if (close_it) {
			EQ(fclose(held), 0);
		} else {
			funlockfile(held);
		}
		EQ(pthread_join(other, &result), 0);
		IS(result == NULL);
		if (!close_it)
			EQ(fclose(held), 0);
	}
	pthread_barrier_destroy(&start);
}

TEST(streams_are_opened_while_all_are_flushed)
{
	EXCEPT(glibc, "deadlocks") EXCEPT(musl, "deadlocks") {
		open_while_all_are_flushed(0);
		open_while_all_are_flushed(1);
	}
}

static void *opens_and_closes(void *unused)
{
	for (int i = 0; i < 300; i++) {
		FILE *file = fopen("storm", "r");
		if (file == NULL || getc(file) != 's' || fclose(file) != 0)
			return &start;
	}
	return unused;
}

TEST(streams_come_and_go_while_all_are_flushed)
{
	FILE *file = fopen("storm", "w");
	fputs("storm", file);
	fclose(file);
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		EQ(pthread_create(&threads[i], NULL, opens_and_closes, NULL), 0);
	for (int i = 0; i < 300; i++)
		EQ(fflush(NULL), 0);
	for (int i = 0; i < 3; i++) {
		void *result = &start;
		EQ(pthread_join(threads[i], &result), 0);
		IS(result == NULL);
	}
}

static void *waits_for_input(void *argument)
{
	FILE *file = argument;
	flockfile(file);
	pthread_barrier_wait(&start);
	int got = getc_unlocked(file);
	funlockfile(file);
	return (void *)(intptr_t)got;
}

/* A thread may wait for input for ever: nobody waits for it. */
TEST(a_stream_that_waits_for_input_is_left_alone)
{
	int ends[2];
	void *result = NULL;
	pthread_t reader;
	pthread_barrier_init(&start, NULL, 2);
	EQ(pipe(ends), 0);
	FILE *file = fdopen(ends[0], "r");
	EQ(pthread_create(&reader, NULL, waits_for_input, file), 0);
	pthread_barrier_wait(&start);
	usleep(20000);
	EXCEPT(glibc, "waits") EXCEPT(musl, "waits") EQ(fflush(NULL), 0);
	EQ(write(ends[1], "z", 1), 1);
	EQ(pthread_join(reader, &result), 0);
	EQ((int)(intptr_t)result, 'z');
	fclose(file);
	close(ends[1]);
	pthread_barrier_destroy(&start);
}
