#define _GNU_SOURCE
#include "../check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static FILE *made(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");
	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
		fail(__FILE__, __LINE__, "cannot make a file\n");
	return fopen(name, "r+");
}

static long size(const char *name)
{
	struct stat status;
	return stat(name, &status) == 0 ? (long)status.st_size : -1;
}

TEST(fopen_modes)
{
	char buffer[32] = "";
	EQ_ERRNO(fopen("no-such-file", "r"), NULL, ENOENT);
	EQ_ERRNO(fopen("no-such-file", "r+"), NULL, ENOENT);
	EQ_ERRNO(fopen("no-such-folder/file", "w"), NULL, ENOENT);
	EQ_ERRNO(fopen("file", "q"), NULL, EINVAL);
	FILE *file = fopen("modes", "w");
	IS(file != NULL && fputs("one\n", file) >= 0);
	IS(getc(file) == EOF && ferror(file));
	clearerr(file);
	EQ(ferror(file), 0);
	EQ(fclose(file), 0);
	file = fopen("modes", "a+");
	IS(file != NULL && fputs("two\n", file) >= 0);
	rewind(file);
	IS(fgets(buffer, sizeof buffer, file) == buffer && strcmp(buffer, "one\n") == 0);
	/* Every write goes to the end, whatever the position: C23 7.23.5.3p7. */
	EQ(fseek(file, 0, SEEK_SET), 0);
	IS(fputs("three\n", file) >= 0);
	EQ(fclose(file), 0);
	EQ(size("modes"), 14);
	file = fopen("modes", "r");
	GIVES(putc('x', file), EOF);
	IS(ferror(file));
	EQ(fclose(file), 0);
	/* C11: x fails for a file that is there. */
	EQ_ERRNO(fopen("modes", "wx"), NULL, EEXIST);
	file = fopen("modes", "we");
	IS(file != NULL && (fcntl(fileno(file), F_GETFD) & FD_CLOEXEC));
	EQ(fclose(file), 0);
	EQ(size("modes"), 0);
	EQ(remove("modes"), 0);
	EQ_ERRNO(remove("modes"), -1, ENOENT);
}

TEST(seek_and_tell)
{
	FILE *file = made("seek", "0123456789");
	fpos_t position;
	EQ(getc(file), '0');
	EQ(ftell(file), 1);
	EQ(fseek(file, 3, SEEK_CUR), 0);
	EQ(getc(file), '4');
	EQ(fgetpos(file, &position), 0);
	EQ(fseek(file, -1, SEEK_END), 0);
	EQ(getc(file), '9');
	EQ(getc(file), EOF);
	IS(feof(file));
	EQ(fsetpos(file, &position), 0);
	EQ(feof(file), 0);
	EQ(getc(file), '5');
	EQ_ERRNO(fseek(file, -1, SEEK_SET), -1, EINVAL);
	EQ_ERRNO(fseek(file, 0, 9), -1, EINVAL);
	EQ(ftello(file), 6);
	/* Writing after reading, with a seek between: 7.23.5.3p6. */
	EQ(fseeko(file, 2, SEEK_SET), 0);
	EQ(putc('x', file), 'x');
	EQ(ftell(file), 3);
	EQ(fseek(file, 0, SEEK_CUR), 0);
	EQ(getc(file), '3');
	EQ(fseek(file, 15, SEEK_SET), 0);
	EQ(putc('!', file), '!');
	EQ(fclose(file), 0);
	EQ(size("seek"), 16);
	char text[17] = "";
	file = fopen("seek", "r");
	EQ(fread(text, 1, 20, file), 16u);
	IS(memcmp(text, "01x3456789\0\0\0\0\0!", 16) == 0);
	EQ(fclose(file), 0);
	EQ(unlink("seek"), 0);
}

TEST(ungetc)
{
	FILE *file = made("ungetc", "abc");
	EQ(getc(file), 'a');
	EQ(ungetc('x', file), 'x');
	EQ(ftell(file), 0);
	EQ(getc(file), 'x');
	EQ(getc(file), 'b');
	EQ(ungetc(EOF, file), EOF);
	EQ(ungetc('y', file), 'y');
	/* A change of position forgets what was pushed back. */
	EQ(fseek(file, 0, SEEK_CUR), 0);
	EQ(getc(file), 'b');
	EQ(getc(file), 'c');
	EQ(getc(file), EOF);
	EQ(ungetc('z', file), 'z');
	EQ(feof(file), 0);
	EQ(getc(file), 'z');
	EQ(getc(file), EOF);
	EQ(fclose(file), 0);
	file = made("ungetc", "");
	EQ(ungetc('q', file), 'q');
	EQ(getc(file), 'q');
	EQ(getc(file), EOF);
	EQ(fclose(file), 0);
	EQ(unlink("ungetc"), 0);
}

TEST(fread_and_fwrite)
{
	FILE *file = tmpfile();
	IS(file != NULL);
	if (file == NULL)
		return;
	int numbers[3] = {1, 2, 3}, back[4] = {0};
	EQ(fwrite(numbers, sizeof *numbers, 3, file), 3u);
	EQ(fwrite(numbers, 0, 3, file), 0u);
	EQ(fwrite("xy", 1, 2, file), 2u);
	rewind(file);
	EQ(fread(back, 0, 3, file), 0u);
	/* The half number at the end is read, but not counted. */
	EQ(fread(back, sizeof *back, 4, file), 3u);
	IS(memcmp(back, numbers, sizeof numbers) == 0 && feof(file));
	EQ(ftell(file), 14);
	static char large[200000], copy[200000];
	for (size_t at = 0; at < sizeof large; at++)
		large[at] = (char)(at * 7 + (at >> 9));
	rewind(file);
	EQ(fwrite(large, 1, sizeof large, file), sizeof large);
	rewind(file);
	EQ(getc(file), large[0]);
	EQ(fread(copy, 1, sizeof copy, file), sizeof copy - 1);
	IS(memcmp(copy, large + 1, sizeof copy - 1) == 0);
	EQ(fclose(file), 0);
}

TEST(buffering)
{
	char buffer[256];
	FILE *file = fopen("buffering", "w");
	EQ(setvbuf(file, buffer, _IOFBF, sizeof buffer), 0);
	IS(fputs("line\n", file) >= 0);
	EQ(size("buffering"), 0);
	EQ(fflush(file), 0);
	EQ(size("buffering"), 5);
	EQ(fclose(file), 0);
	file = fopen("buffering", "w");
	EQ(setvbuf(file, NULL, _IOLBF, 0), 0);
	IS(fputs("half", file) >= 0);
	EQ(size("buffering"), 0);
	EQ(putc('\n', file), '\n');
	EQ(size("buffering"), 5);
	EQ(fclose(file), 0);
	file = fopen("buffering", "w");
	EQ(setvbuf(file, NULL, _IONBF, 0), 0);
	EQ(putc('x', file), 'x');
	EQ(size("buffering"), 1);
	EQ(fprintf(file, "%d", 55), 2);
	EQ(size("buffering"), 3);
	EQ(fclose(file), 0);
	file = fopen("buffering", "w");
	setbuf(file, NULL);
	EQ(putc('x', file), 'x');
	EQ(size("buffering"), 1);
	/* fflush(NULL) writes every stream. */
	FILE *other = fopen("buffering2", "w");
	IS(fputs("abc", other) >= 0);
	EQ(size("buffering2"), 0);
	EQ(fflush(NULL), 0);
	EQ(size("buffering2"), 3);
	EQ(fclose(file), 0);
	EQ(fclose(other), 0);
	IS(setvbuf(stdin, NULL, 99, 0) != 0);
	EQ(unlink("buffering"), 0);
	EQ(unlink("buffering2"), 0);
}

TEST(fflush_gives_back_what_was_read_ahead)
{
	/* POSIX.1-2024 fflush: the position of the description becomes that of the stream. */
	FILE *file = made("ahead", "0123456789");
	EQ(getc(file), '0');
	EQ(fflush(file), 0);
	EQ(lseek(fileno(file), 0, SEEK_CUR), 1);
	EQ(getc(file), '1');
	EQ(fclose(file), 0);
	EQ(unlink("ahead"), 0);
}

TEST(fdopen)
{
	int fd = open("fdopen", O_RDWR | O_CREAT | O_TRUNC, 0644);
	FILE *file = fdopen(fd, "w+");
	IS(file != NULL && fileno(file) == fd);
	IS(fputs("text", file) >= 0);
	rewind(file);
	EQ(getc(file), 't');
	EQ(fclose(file), 0);
	EQ_ERRNO(close(fd), -1, EBADF);
	EXCEPT(musl, "does not look at the descriptor") EQ_ERRNO(fdopen(fd, "r"), NULL, EBADF);
	fd = open("fdopen", O_RDONLY);
	EXCEPT(musl, "does not look at the descriptor's mode") EQ_ERRNO(fdopen(fd, "w"), NULL, EINVAL);
	EQ(close(fd), 0);
	EQ(unlink("fdopen"), 0);
}

TEST(freopen)
{
	FILE *file = made("freopen", "one");
	FILE *again = freopen("freopen2", "w", file);
	IS(again == file);
	IS(fputs("two", again) >= 0);
	EQ(fclose(again), 0);
	EQ(size("freopen"), 3);
	EQ(size("freopen2"), 3);
	EQ(unlink("freopen"), 0);
	EQ(unlink("freopen2"), 0);
}

TEST(lines)
{
	FILE *file = made("lines", "first\n\nlast");
	char *line = NULL, small[4];
	size_t room = 0;
	IS(getline(&line, &room, file) == 6 && room >= 7);
	TEXT(line, "first\n");
	EQ(getline(&line, &room, file), 1);
	EQ(getline(&line, &room, file), 4);
	TEXT(line, "last");
	IS(getline(&line, &room, file) == -1 && feof(file));
	rewind(file);
	IS(getdelim(&line, &room, 's', file) == 4 && strcmp(line, "firs") == 0);
	rewind(file);
	IS(fgets(small, 4, file) == small && strcmp(small, "fir") == 0);
	IS(fgets(small, 1, file) == small && small[0] == 0);
	IS(fgets(small, 4, file) == small && strcmp(small, "st\n") == 0);
	IS(fgets(small, 4, file) == small && strcmp(small, "\n") == 0);
	IS(fgets(small, 4, file) == small && fgets(small, 4, file) == small && strcmp(small, "t") == 0);
	small[0] = '#';
	IS(fgets(small, 4, file) == NULL && small[0] == '#');
	EQ(fclose(file), 0);
	free(line);
	EQ_ERRNO(getline(NULL, &room, stdin), -1, EINVAL);
	EQ(unlink("lines"), 0);
}

TEST(a_long_line)
{
	FILE *file = tmpfile();
	char *line = NULL;
	size_t room = 0;
	for (int at = 0; at < 100000; at++)
		putc('a' + at % 26, file);
	putc('\n', file);
	rewind(file);
	EQ(getline(&line, &room, file), 100001);
	IS(line[99999] == 'a' + 99999 % 26 && line[100000] == '\n' && line[100001] == 0);
	free(line);
	EQ(fclose(file), 0);
}

TEST(rename_and_remove)
{
	fclose(made("from", "text"));
	fclose(made("to", "other text"));
	EQ(rename("from", "to"), 0);
	EQ(size("to"), 4);
	EQ_ERRNO(rename("from", "to"), -1, ENOENT);
	EQ(remove("to"), 0);
	EQ(mkdir("folder", 0755), 0);
	GIVES(remove("folder"), 0);
	GIVES(size("folder"), -1);
}

TEST(tmpfile_leaves_nothing)
{
	FILE *file = tmpfile();
	IS(file != NULL);
	if (file == NULL)
		return;
	struct stat status;
	EQ(fstat(fileno(file), &status), 0);
	IS(S_ISREG(status.st_mode) && status.st_size == 0);
	IS(fputs("x", file) >= 0 && fflush(file) == 0);
	EQ(fclose(file), 0);
}

TEST(dprintf)
{
	int fd = open("dprintf", O_RDWR | O_CREAT | O_TRUNC, 0644);
	char text[16] = "";
	EQ(dprintf(fd, "%d-%s", 12, "x"), 4);
	EQ(pread(fd, text, 15, 0), 4);
	TEXT(text, "12-x");
	EQ(close(fd), 0);
	EQ_ERRNO(dprintf(fd, "x"), -1, EBADF);
	EQ(unlink("dprintf"), 0);
}

TEST(errors_of_the_descriptor)
{
	FILE *file = made("errors", "abc");
	EQ(close(fileno(file)), 0);
	EQ_ERRNO(getc(file), EOF, EBADF);
	IS(ferror(file) && !feof(file));
	EQ_ERRNO(fclose(file), EOF, EBADF);
	file = fopen("errors", "w");
	IS(fputs("lost", file) >= 0);
	EQ(close(fileno(file)), 0);
	EQ_ERRNO(fflush(file), EOF, EBADF);
	fclose(file);
	EQ(unlink("errors"), 0);
}
