#define _GNU_SOURCE
#include "../check.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <unistd.h>

static char path[40];
static char buffer[40000];

/* An empty file of its own. */
static const char *fresh(void)
{
	strcpy(path, "/tmp/xlibc-stdio-XXXXXX");
	int fd = mkstemp(path);
	IS(fd >= 0);
	close(fd);
	return path;
}

/* What the file holds, without streams. */
static const char *contents(void)
{
	int fd = open(path, O_RDONLY);
	ssize_t length = read(fd, buffer, sizeof buffer - 1);
	buffer[length < 0 ? 0 : length] = 0;
	close(fd);
	errno = 0;
	return buffer;
}

static void store(const char *text)
{
	FILE *file = fopen(fresh(), "w");
	IS(fputs(text, file) >= 0);
	EQ(fclose(file), 0);
}

TEST(fopen_in_detail)
{
	EQ_ERRNO(fopen("/tmp/xlibc-no-such-file", "r"), NULL, ENOENT);
	EQ_ERRNO(fopen("/tmp/x", "z"), NULL, EINVAL);
	fresh();
	EQ_ERRNO(fopen(path, "wx"), NULL, EEXIST);
	FILE *file = fopen(path, "w");
	EQ(fputs("one", file) >= 0, 1);
	EXCEPT(musl, "1.2.3 leaves errno alone") {
		EQ_ERRNO(fgetc(file), EOF, EBADF);
	}
	IS(fgetc(file) == EOF);
	IS(ferror(file) && !feof(file));
	EQ(fclose(file), 0);
	TEXT(contents(), "one");
	file = fopen(path, "a");
	EQ(fputs("two", file) >= 0, 1);
	EQ(ftell(file), 6);
	EQ(fclose(file), 0);
	TEXT(contents(), "onetwo");
	file = fopen(path, "r+e");
	IS(fcntl(fileno(file), F_GETFD) & FD_CLOEXEC);
	EQ(fputc('O', file), 'O');
	EQ(fseek(file, 2, SEEK_CUR), 0);
	EQ(fgetc(file), 't');
	EQ(fclose(file), 0);
	TEXT(contents(), "Onetwo");
	file = fopen(path, "w+");
	EQ(fgetc(file), EOF);
	IS(feof(file) && !ferror(file));
	EQ(fclose(file), 0);
	TEXT(contents(), "");
	EQ(remove(path), 0);
	EQ_ERRNO(remove(path), -1, ENOENT);
	EQ(mkdtemp(strcpy(path, "/tmp/xlibc-stdio-XXXXXX")), path);
	IS(remove(path) == 0);
}

TEST(fdopen_in_detail)
{
	store("text");
	int fd = open(path, O_RDONLY);
	EQ_ERRNO(fdopen(fd, "q"), NULL, EINVAL);
	EXCEPT(musl, "does not look at the access mode") {
		EQ_ERRNO(fdopen(fd, "w"), NULL, EINVAL);
	}
	FILE *file = fdopen(fd, "r");
	EQ(fileno(file), fd);
	EQ(fgetc(file), 't');
	EQ(fclose(file), 0);
	EQ_ERRNO(close(fd), -1, EBADF);
	EXCEPT(musl, "does not look at the descriptor") {
		EQ_ERRNO(fdopen(fd, "r"), NULL, EBADF);
	}
	unlink(path);
}

TEST(freopen_in_detail)
{
	store("first");
	FILE *file = fopen(path, "r");
	int fd = fileno(file);
	char first[40];
	strcpy(first, path);
	EQ(fgetc(file), 'f');
	EQ(freopen(fresh(), "w", file), file);
	EQ(fileno(file), fd);
	IS(fputs("second", file) >= 0);
	EQ(fclose(file), 0);
	TEXT(contents(), "second");
	file = fopen(path, "r+");
	EQ(freopen(NULL, "a", file), file);
	IS(fputs("!", file) >= 0);
	EQ(fclose(file), 0);
	TEXT(contents(), "second!");
	file = fopen(path, "r");
	EQ_ERRNO(freopen("/tmp/xlibc-no-such-file", "r", file), NULL, ENOENT);
	unlink(path);
	unlink(first);
}

TEST(fread_and_fwrite_in_detail)
{
	static char data[30000], back[30001];
	for (size_t at = 0; at < sizeof data; at++)
		data[at] = (char)(at * 7 % 251);
	const size_t pieces[] = {1, 7, 1000, 1024, 8192, 30000};
	for (size_t which = 0; which < sizeof pieces / sizeof *pieces; which++) {
		size_t piece = pieces[which];
		FILE *file = fopen(fresh(), "w+");
		for (size_t at = 0; at < sizeof data; at += piece) {
			size_t count = sizeof data - at < piece ? sizeof data - at : piece;
			EQ(fwrite(data + at, 1, count, file), count);
		}
		rewind(file);
		size_t got = 0, count;
		while ((count = fread(back + got, 1, piece, file)) != 0)
			got += count;
		EQ(got, sizeof data);
		EQ(memcmp(data, back, got), 0);
		IS(feof(file));
		rewind(file);
		EQ(fread(back, 7000, 10, file), 4u);
		EQ(fclose(file), 0);
		unlink(path);
	}
	FILE *file = tmpfile();
	EQ(fwrite(data, 0, 5, file), 0u);
	EQ(fwrite(data, 5, 0, file), 0u);
	EQ(fread(back, 0, 5, file), 0u);
	fclose(file);
}

TEST(fseek_in_detail)
{
	store("0123456789");
	FILE *file = fopen(path, "r+");
	EQ(fgetc(file), '0');
	EQ(ftell(file), 1);
	EQ(fseek(file, 3, SEEK_CUR), 0);
	EQ(fgetc(file), '4');
	EQ(fseek(file, -1, SEEK_END), 0);
	EQ(fgetc(file), '9');
	EQ(fgetc(file), EOF);
	IS(feof(file));
	EQ(fseek(file, 2, SEEK_SET), 0);
	IS(!feof(file));
	EQ(ungetc('x', file), 'x');
	EQ(ftell(file), 1);
	EQ(fgetc(file), 'x');
	EQ(fgetc(file), '2');
	EQ_ERRNO(fseek(file, -1, SEEK_SET), -1, EINVAL);
	EQ_ERRNO(fseek(file, 0, 99), -1, EINVAL);
	fpos_t place;
	EQ(fgetpos(file, &place), 0);
	EQ(fseek(file, 0, SEEK_CUR), 0);
	EQ(fputc('A', file), 'A');
	EQ(ftell(file), 4);
	EQ(fsetpos(file, &place), 0);
	EQ(fgetc(file), 'A');
	EQ(fseek(file, 20, SEEK_SET), 0);
	EQ(fputc('!', file), '!');
	rewind(file);
	EQ(fread(buffer, 1, 100, file), 21u);
	EQ(memcmp(buffer, "012A456789\0\0\0\0\0\0\0\0\0\0!", 21), 0);
	EQ(fclose(file), 0);
	unlink(path);
	int ends[2];
	EQ(pipe(ends), 0);
	file = fdopen(ends[0], "r");
	EQ_ERRNO(fseek(file, 0, SEEK_SET), -1, ESPIPE);
	EQ_ERRNO(ftell(file), -1, ESPIPE);
	fclose(file);
	close(ends[1]);
}

TEST(ungetc_in_detail)
{
	store("z");
	FILE *file = fopen(path, "r");
	EQ(ungetc('a', file), 'a');
	EQ(ungetc(EOF, file), EOF);
	EQ(fgetc(file), 'a');
	EQ(fgetc(file), 'z');
	EQ(fgetc(file), EOF);
	IS(feof(file));
	EQ(ungetc(0xff, file), 0xff);
	IS(!feof(file));
	EQ(fgetc(file), 0xff);
	EQ(fgetc(file), EOF);
	fclose(file);
	unlink(path);
}

TEST(fgets_in_detail)
{
	store("one\n\nlong line\nlast");
	FILE *file = fopen(path, "r");
	char line[6];
	TEXT(fgets(line, 6, file), "one\n");
	TEXT(fgets(line, 6, file), "\n");
	TEXT(fgets(line, 6, file), "long ");
	TEXT(fgets(line, 6, file), "line\n");
	/* No room is no line and no error. */
	EQ(fgets(line, 0, file), NULL);
	EQ(fgets(line, -1, file), NULL);
	TEXT(fgets(line, 6, file), "last");
	IS(feof(file));
	EQ(fgets(line, 6, file), NULL);
	rewind(file);
	char *grown = NULL;
	size_t size = 0;
	EQ(getline(&grown, &size, file), 4);
	TEXT(grown, "one\n");
	EQ(getdelim(&grown, &size, 'g', file), 5);
	TEXT(grown, "\nlong");
	EQ(getline(&grown, &size, file), 6);
	EQ(getline(&grown, &size, file), 4);
	TEXT(grown, "last");
	EQ(getline(&grown, &size, file), -1);
	IS(feof(file));
	EQ_ERRNO(getline(NULL, &size, file), -1, EINVAL);
	free(grown);
	fclose(file);
	unlink(path);
}

TEST(setvbuf_in_detail)
{
	FILE *file = fopen(fresh(), "w");
	EQ(setvbuf(file, NULL, _IOLBF, 0), 0);
	fputs("line\npart", file);
	TEXT(contents(), "line\n");
	EQ(__fpending(file), 4u);
	EQ(fflush(file), 0);
	TEXT(contents(), "line\npart");
	EQ(fclose(file), 0);
	file = fopen(path, "w");
	EQ(setvbuf(file, NULL, _IONBF, 0), 0);
	fputc('x', file);
	TEXT(contents(), "x");
	EQ(fclose(file), 0);
	file = fopen(path, "w");
	char own[1000];
	EQ(setvbuf(file, own, _IOFBF, sizeof own), 0);
	fputs("waits", file);
	TEXT(contents(), "");
	EQ(fflush(NULL), 0);
	TEXT(contents(), "waits");
	IS(setvbuf(file, NULL, 77, 0) != 0);
	EQ(fclose(file), 0);
	unlink(path);
}

TEST(locks_in_detail)
{
	FILE *file = tmpfile();
	flockfile(file);
	flockfile(file);
	EQ(ftrylockfile(file), 0);
	EQ(putc_unlocked('a', file), 'a');
	EQ(putc('b', file), 'b');
	funlockfile(file);
	funlockfile(file);
	funlockfile(file);
	rewind(file);
	EQ(getc(file), 'a');
	EQ(getc_unlocked(file), 'b');
	EQ(fclose(file), 0);
}

TEST(full_device_in_detail)
{
	FILE *file = fopen("/dev/full", "w");
	if (file == NULL)
		return;
	EQ(fputs("lost", file) >= 0, 1);
	EQ_ERRNO(fflush(file), EOF, ENOSPC);
	IS(ferror(file));
	fclose(file);
}

TEST(extensions_in_detail)
{
	store("abc");
	FILE *file = fopen(path, "r");
	IS(__freadable(file) && !__fwritable(file) && __freading(file) && !__fwriting(file));
	EQ(fgetc(file), 'a');
	__fpurge(file);
	fclose(file);
	file = fopen(path, "w");
	IS(!__freadable(file) && __fwritable(file) && __fwriting(file));
	fputs("gone", file);
	__fpurge(file);
	EQ(__fpending(file), 0u);
	fclose(file);
	TEXT(contents(), "");
	unlink(path);
}

enum { THREADS = 4, LINES = 2000 };

static FILE *shared;

static void *write_lines(void *letter)
{
	for (int at = 0; at < LINES; at++) {
		flockfile(shared);
		for (int column = 0; column < 5; column++)
			putc(*(char *)letter, shared);
		putc_unlocked('\n', shared);
		funlockfile(shared);
		fprintf(shared, "%c%c%c%c%c\n", *(char *)letter, *(char *)letter, *(char *)letter, *(char *)letter, *(char *)letter);
	}
	return NULL;
}

TEST(lines_of_threads_stay_whole_in_detail)
{
	pthread_t threads[THREADS];
	char letters[THREADS + 1] = "abcd";
	shared = tmpfile();
	for (int at = 0; at < THREADS; at++)
		EQ(pthread_create(&threads[at], NULL, write_lines, &letters[at]), 0);
	for (int at = 0; at < THREADS; at++)
		EQ(pthread_join(threads[at], NULL), 0);
	rewind(shared);
	char line[20];
	int count = 0, mixed = 0;
	while (fgets(line, sizeof line, shared) != NULL) {
		count++;
		mixed += strlen(line) != 6 || strspn(line, (char[]){line[0], 0}) != 5;
	}
	EQ(count, 2 * THREADS * LINES);
	EQ(mixed, 0);
	fclose(shared);
}
