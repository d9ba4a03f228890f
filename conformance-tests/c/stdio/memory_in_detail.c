#define _GNU_SOURCE
#include "../check.h"
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

TEST(fmemopen_in_detail)
{
	char data[10] = "hello";
	FILE *file = fmemopen(data, 5, "r");
	char back[20];
	EQ(fread(back, 1, 20, file), 5u);
	IS(feof(file));
	EQ(fseek(file, -2, SEEK_END), 0);
	EQ(fgetc(file), 'l');
	EQ_ERRNO(fseek(file, 6, SEEK_SET), -1, EINVAL);
	fclose(file);
	file = fmemopen(data, sizeof data, "w");
	EXCEPT(glibc, "empties the memory later") EXCEPT(musl, "as well") {
		EQ(data[0], 0);
	}
	fputs("abc", file);
	EQ(fflush(file), 0);
	TEXT(data, "abc");
	EQ(fclose(file), 0);
	file = fmemopen(data, sizeof data, "a");
	fputs("def", file);
	EQ(fclose(file), 0);
	TEXT(data, "abcdef");
	file = fmemopen(data, 4, "w");
	fputs("too much", file);
	EXCEPT(musl, "loses what does not fit without a word") {
		IS(fflush(file) == EOF);
	}
	fclose(file);
	file = fmemopen(NULL, 100, "w+");
	fputs("inside", file);
	rewind(file);
	TEXT(fgets(back, 20, file), "inside");
	EQ(fclose(file), 0);
	EQ_ERRNO(fmemopen(data, 10, "?"), NULL, EINVAL);
}

TEST(open_memstream_in_detail)
{
	char *data = NULL;
	size_t size = 77;
	FILE *file = open_memstream(&data, &size);
	EQ(fflush(file), 0);
	EQ(size, 0u);
	TEXT(data, "");
	fprintf(file, "hello %d", 1);
	EQ(fflush(file), 0);
	EQ(size, 7u);
	TEXT(data, "hello 1");
	for (int at = 0; at < 10000; at++)
		fputc('x', file);
	EQ(fseeko(file, 0, SEEK_SET), 0);
	fputs("J", file);
	EQ(fflush(file), 0);
	EQ(size, 1u);
	EQ(fseek(file, 10007, SEEK_SET), 0);
	fputs("!", file);
	EQ(fclose(file), 0);
	EQ(size, 10008u);
	EQ(strlen(data), 10008u);
	IS(strncmp(data, "Jello 1xxx", 10) == 0);
	free(data);
	wchar_t *wide = NULL;
	file = open_wmemstream(&wide, &size);
	fputws(L"wide", file);
	EQ(fclose(file), 0);
	EQ(size, 4u);
	IS(wcscmp(wide, L"wide") == 0);
	free(wide);
}

struct store {
	char data[100];
	off_t size, at;
	int closed;
};

static ssize_t store_read(void *cookie, char *data, size_t size)
{
	struct store *store = cookie;
	size_t rest = (size_t)(store->size - store->at);
	size_t count = size < rest ? size : rest;
	memcpy(data, store->data + store->at, count);
	store->at += (off_t)count;
	return (ssize_t)count;
}

static ssize_t store_write(void *cookie, const char *data, size_t size)
{
	struct store *store = cookie;
	memcpy(store->data + store->at, data, size);
	store->at += (off_t)size;
	if (store->at > store->size)
		store->size = store->at;
	return (ssize_t)size;
}

#if HOST == HOST_glibc
typedef off64_t place;
#else
typedef off_t place;
#endif
static int store_seek(void *cookie, place *offset, int whence)
{
	struct store *store = cookie;
	place base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? store->at : store->size;
	store->at = *offset += base;
	return 0;
}

static int store_close(void *cookie)
{
	((struct store *)cookie)->closed = 1;
	return 0;
}

TEST(fopencookie_in_detail)
{
	struct store store = {{0}, 0, 0, 0};
	cookie_io_functions_t functions = {store_read, store_write, store_seek, store_close};
	FILE *file = fopencookie(&store, "w+", functions);
	fputs("cookie text", file);
	EQ(fseek(file, 7, SEEK_SET), 0);
	char back[20];
	TEXT(fgets(back, 20, file), "text");
	EQ(ftell(file), 11);
	EQ(fclose(file), 0);
	EQ(store.closed, 1);
	TEXT(store.data, "cookie text");
}

TEST(popen_in_detail)
{
	char line[40];
	/* Both shells, that of POSIX and cmd.exe, read these commands; the second ends a line in its own way. */
	FILE *file = popen("echo text&& exit 3", "r");
	TEXT(fgets(line, 40, file), ON_windows ? "text\r\n" : "text\n");
	EQ(pclose(file), 3 << 8);
	file = popen(ON_windows ? "findstr hello >nul" : "read word; test \"$word\" = hello", "w");
	fputs("hello\n", file);
	EQ(pclose(file), 0);
	EQ_ERRNO(popen("true", "x"), NULL, EINVAL);
}

/* Memory of wide characters holds what the locale cannot encode. */
TEST(open_wmemstream_in_c)
{
	EXCEPT(musl, "encodes what goes to any stream") {
		const wchar_t *text = L"a\u00e4\u20ac\U0001f600z";
		wchar_t *data = NULL;
		size_t size = 0;
		FILE *file = open_wmemstream(&data, &size);
		IS(file != NULL);
		EQ(fputws(text, file) >= 0, 1);
		EQ(fputwc(L'\u00f6', file), (wint_t)0xf6);
		EQ(fwprintf(file, L"%ls-%d", L"\u00fc", 7), 3);
		EQ(fflush(file), 0);
		EQ(size, 9u);
		EQ(fclose(file), 0);
		EQ(size, 9u);
		EQ(wcscmp(data, L"a\u00e4\u20ac\U0001f600z\u00f6\u00fc-7"), 0);
		free(data);
	}
}
