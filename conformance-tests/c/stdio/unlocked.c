#define _GNU_SOURCE
#include "../check.h"
#include <pthread.h>
#include <stdarg.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

TEST(unlocked_functions)
{
	FILE *file = fopen("unlocked", "w+");
	char text[16] = "";
	IS(putc_unlocked('a', file) == 'a' && fputc_unlocked('b', file) == 'b' && fputs_unlocked("cd\n", file) >= 0);
	IS(fwrite_unlocked("ef", 1, 2, file) == 2 && fflush_unlocked(file) == 0 && fileno_unlocked(file) == fileno(file));
	rewind(file);
	IS(getc_unlocked(file) == 'a' && fgetc_unlocked(file) == 'b' && fgets_unlocked(text, 16, file) == text);
	TEXT(text, "cd\n");
	IS(fread_unlocked(text, 1, 5, file) == 2 && feof_unlocked(file) && !ferror_unlocked(file));
	clearerr_unlocked(file);
	IS(!feof_unlocked(file) && fclose(file) == 0);
	EQ(unlink("unlocked"), 0);
}

static FILE *shared;

static void *tries(void *unused)
{
	(void)unused;
	return ftrylockfile(shared) == 0 ? (funlockfile(shared), shared) : NULL;
}

static void *lines(void *letter)
{
	for (int at = 0; at < 500; at++)
		fprintf(shared, "%c%c%c%c%c%c%c%c\n", *(char *)letter, *(char *)letter, *(char *)letter, *(char *)letter,
			*(char *)letter, *(char *)letter, *(char *)letter, *(char *)letter);
	return NULL;
}

TEST(streams_are_locked)
{
	pthread_t threads[3];
	void *result = &result;
	shared = tmpfile();
	flockfile(shared);
	flockfile(shared);
	EQ(ftrylockfile(shared), 0);
	EQ(pthread_create(&threads[0], NULL, tries, NULL), 0);
	EQ(pthread_join(threads[0], &result), 0);
	EQ(result, NULL);
	funlockfile(shared);
	funlockfile(shared);
	funlockfile(shared);
	EQ(pthread_create(&threads[0], NULL, tries, NULL), 0);
	EQ(pthread_join(threads[0], &result), 0);
	EQ(result, (void *)shared);
	/* Each call's text stays together: POSIX.1-2024 2.5. */
	for (int at = 0; at < 3; at++)
		EQ(pthread_create(&threads[at], NULL, lines, &"xyz"[at]), 0);
	for (int at = 0; at < 3; at++)
		EQ(pthread_join(threads[at], NULL), 0);
	char line[16];
	int count = 0, whole = 1;
	rewind(shared);
	for (; fgets(line, sizeof line, shared) != NULL; count++)
		whole &= strlen(line) == 9 && strspn(line, (char[]){line[0], 0}) == 8;
	IS(count == 1500 && whole);
	EQ(fclose(shared), 0);
}

TEST(stream_facts)
{
	FILE *file = fopen("facts", "w+");
	static char room[2000];
	EQ(setvbuf(file, room, _IOLBF, 2000), 0);
	IS(__flbf(file) && __freadable(file) && __fwritable(file));
	IS(fputs("abc", file) >= 0 && __fpending(file) == 3 && __fwriting(file) && !__freading(file));
	/* A library may keep some bytes of it for what is pushed back. */
	IS(__fbufsize(file) <= 2000 && __fbufsize(file) >= 1992);
	__fpurge(file);
	EQ(__fpending(file), 0u);
	EXCEPT(musl, "answers 0") EQ(__fsetlocking(file, FSETLOCKING_QUERY), FSETLOCKING_INTERNAL);
	EQ(fclose(file), 0);
	file = fopen("facts", "r");
	EQ(getc(file), EOF);
	IS(__freadable(file) && !__fwritable(file) && __freading(file));
	EQ(fclose(file), 0);
	file = fopen("facts", "w");
	setlinebuf(file);
	IS(fputs("x\n", file) >= 0);
	setbuffer(file, room, sizeof room);
	EQ(putw(0x01020304, file), 0);
	EQ(fclose(file), 0);
	file = fopen("facts", "r");
	IS(getc(file) == 'x' && getc(file) == '\n' && getw(file) == 0x01020304);
	EQ(getw(file), EOF);
	EQ(fclose(file), 0);
	EQ(unlink("facts"), 0);
}

static int through(int (*print)(FILE *, const char *, va_list), FILE *file, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int count = print(file, format, list);
	va_end(list);
	return count;
}

static int on_descriptor(FILE *file, const char *format, va_list list)
{
	fflush(file);
	return vdprintf(fileno(file), format, list);
}

TEST(forms_with_va_list)
{
	char text[32] = "";
	int a = 0;
	FILE *file = tmpfile();
	EQ(through(vfprintf, file, "%d ", 12), 3);
	EQ(through(on_descriptor, file, "%s", "end"), 3);
	rewind(file);
	EQ(through(vfscanf, file, "%d", &a), 1);
	IS(a == 12 && fgets(text, sizeof text, file) == text);
	TEXT(text, " end");
	EQ(fclose(file), 0);
}

TEST(perror)
{
	/* Standard error goes to a file for a moment. */
	char text[64] = "";
	fflush(stderr);
	int saved = dup(2);
	FILE *file = tmpfile();
	dup2(fileno(file), 2);
	errno = ENOENT;
	perror("what");
	errno = 0;
	perror(NULL);
	dup2(saved, 2);
	close(saved);
	rewind(file);
	IS(fgets(text, sizeof text, file) == text && strncmp(text, "what: ", 6) == 0);
	text[strcspn(text, "\n")] = 0;
	TEXT(text + 6, strerror(ENOENT));
	IS(fgets(text, sizeof text, file) == text);
	text[strcspn(text, "\n")] = 0;
	TEXT(text, strerror(0));
	EQ(fclose(file), 0);
}

/* A linker warns of these where glibc defines them. */
#if HOST != HOST_glibc
TEST(names_for_a_moment)
{
	char name[L_tmpnam], terminal[L_ctermid];
	IS(tmpnam(name) == name && access(name, F_OK) == -1);
	char *other = tempnam(".", "pre");
	IS(other != NULL && strstr(other, "pre") != NULL && access(other, F_OK) == -1);
	free(other);
	IS(ctermid(terminal) == terminal && terminal[0] == '/');
}
#endif

TEST(wide_characters_one_by_one)
{
	FILE *file = fopen("wide-units", "w+");
	IS(putwc(L'a', file) == L'a' && putwc_unlocked(L'b', file) == L'b' && fputwc_unlocked(L'c', file) == L'c');
	IS(fputws_unlocked(L"de\n", file) >= 0);
	rewind(file);
	wchar_t text[8];
	IS(getwc(file) == L'a' && getwc_unlocked(file) == L'b' && fgetwc_unlocked(file) == L'c');
	IS(fgetws_unlocked(text, 8, file) == text && wcscmp(text, L"de\n") == 0);
	EQ(fclose(file), 0);
	EQ(unlink("wide-units"), 0);
}
