#define _GNU_SOURCE
#include "../check.h"
#include <stdlib.h>
#include <wchar.h>

TEST(open_memstream)
{
	char *text = NULL;
	size_t size = 9;
	FILE *file = open_memstream(&text, &size);
	IS(file != NULL);
	EQ(fprintf(file, "%s", "hello"), 5);
	EQ(fflush(file), 0);
	IS(size == 5 && strcmp(text, "hello") == 0);
	EQ(fseek(file, 0, SEEK_SET), 0);
	EQ(fputc('J', file), 'J');
	EQ(fflush(file), 0);
	/* The size is the lesser of position and length: POSIX.1-2024 open_memstream. */
	IS(size == 1 && text[0] == 'J');
	EQ(fseek(file, 0, SEEK_END), 0);
	for (int at = 0; at < 5000; at++)
		IS(fputc('x', file) == 'x');
	EQ(fclose(file), 0);
	EXCEPT(glibc, "forgets the end when it flushes before it") {
		IS(size == 5005 && strlen(text) == 5005 && memcmp(text, "Jellox", 6) == 0);
	}
	free(text);
}

TEST(open_memstream_fills_gaps)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	EQ(fputs("ab", file) >= 0, 1);
	EQ(fseek(file, 5, SEEK_SET), 0);
	EQ(fputc('c', file), 'c');
	EQ(fclose(file), 0);
	IS(size == 6 && memcmp(text, "ab\0\0\0c", 7) == 0);
	free(text);
}

TEST(open_wmemstream)
{
	wchar_t *text = NULL;
	size_t size = 9;
	FILE *file = open_wmemstream(&text, &size);
	IS(file != NULL);
	EQ(fwprintf(file, L"%ls-%d", L"wide", 7), 6);
	EQ(fflush(file), 0);
	EXCEPT(musl, "1.2.3 counts what it has converted only") IS(size == 6 && wcscmp(text, L"wide-7") == 0);
	EQ(fclose(file), 0);
	free(text);
}

TEST(fmemopen)
{
	char buffer[8] = "0123456";
	FILE *file = fmemopen(buffer, sizeof buffer, "r");
	char text[16] = "";
	EQ(fread(text, 1, sizeof text, file), 8u);
	IS(feof(file) && memcmp(text, "0123456", 8) == 0);
	EQ(fclose(file), 0);

	memset(buffer, '#', sizeof buffer);
	file = fmemopen(buffer, sizeof buffer, "w");
	IS(fputs("abc", file) >= 0);
	EQ(fflush(file), 0);
	/* A null byte follows where there is room. */
	IS(memcmp(buffer, "abc\0####", 8) == 0);
	EQ(fseek(file, 0, SEEK_END), 0);
	EQ(ftell(file), 3);
	EQ(fclose(file), 0);

	memcpy(buffer, "ab\0#####", 8);
	file = fmemopen(buffer, sizeof buffer, "a");
	IS(fputs("cd", file) >= 0);
	EQ(fclose(file), 0);
	IS(memcmp(buffer, "abcd\0###", 8) == 0);

	file = fmemopen(NULL, 16, "w+");
	IS(file != NULL && fputs("own", file) >= 0);
	rewind(file);
	IS(fgets(text, sizeof text, file) == text && strcmp(text, "own") == 0);
	EQ(fclose(file), 0);
	EQ_ERRNO(fmemopen(buffer, 8, "x"), NULL, EINVAL);
}

struct counted { char text[32]; size_t length, at; int closed; };

static ssize_t cookie_read(void *cookie, char *buffer, size_t size)
{
	struct counted *counted = cookie;
	size_t rest = counted->length - counted->at, n = size < rest ? size : rest;
	memcpy(buffer, counted->text + counted->at, n);
	counted->at += n;
	return (ssize_t)n;
}

static ssize_t cookie_write(void *cookie, const char *buffer, size_t size)
{
	struct counted *counted = cookie;
	memcpy(counted->text + counted->length, buffer, size);
	counted->length += size;
	return (ssize_t)size;
}

static int cookie_close(void *cookie)
{
	((struct counted *)cookie)->closed++;
	return 0;
}

TEST(fopencookie)
{
	struct counted counted = {"", 0, 0, 0};
	cookie_io_functions_t functions = {cookie_read, cookie_write, NULL, cookie_close};
	FILE *file = fopencookie(&counted, "w", functions);
	IS(file != NULL && fprintf(file, "%d %d", 1, 22) == 4);
	EQ(counted.length, 0u);
	EQ(fclose(file), 0);
	IS(counted.closed == 1 && counted.length == 4 && memcmp(counted.text, "1 22", 4) == 0);
	int a = 0, b = 0;
	file = fopencookie(&counted, "r", functions);
	EQ(fscanf(file, "%d%d", &a, &b), 2);
	IS(a == 1 && b == 22 && fclose(file) == 0 && counted.closed == 2);
}
