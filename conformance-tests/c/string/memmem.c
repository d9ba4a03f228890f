#define _GNU_SOURCE
#include "../check.h"

TEST(memmem)
{
	const char text[] = "abababcab\0abx";
	EQ(memmem(text, 13, "", 0), (void *)text);
	EQ(memmem(text, 0, "a", 1), NULL);
	EQ(memmem(text, 13, "ababc", 5), (void *)(text + 2));
	EQ(memmem(text, 13, "b\0a", 3), (void *)(text + 8));
	EQ(memmem(text, 13, "abx", 3), (void *)(text + 10));
	EQ(memmem(text, 12, "abx", 3), NULL);
	EQ(memmem(text, 3, "abab", 4), NULL);
	EQ(memmem(text, 13, "x", 1), (void *)(text + 12));

	/* Against the plain search, over two letters: many near misses. */
	static char hay[64];
	unsigned int state = 1;
	for (int round = 0; round < 20000; round++) {
		char needle[8];
		size_t size = 1 + (state >> 16) % 7;
		char *copy = fence(sizeof hay);
		for (size_t at = 0; at < sizeof hay; at++)
			copy[at] = hay[at] = "ab"[(state = state * 1103515245 + 12345) >> 17 & 1];
		for (size_t at = 0; at < size; at++)
			needle[at] = "ab"[(state = state * 1103515245 + 12345) >> 17 & 1];
		char *want = NULL;
		for (size_t at = 0; want == NULL && at + size <= sizeof hay; at++)
			if (memcmp(hay + at, needle, size) == 0)
				want = copy + at;
		EQ(memmem(copy, sizeof hay, needle, size), (void *)want);
	}
}

/* A needle that is longer than the text. */
TEST(memmem_long_needle)
{
	enum { LONG = 100000 };
	static char needle[LONG + 1];
	for (size_t at = 0; at < LONG; at++)
		needle[at] = "ab"[at % 7 == 0];
	static const size_t sizes[] = {0, 1, 2, 63, 64, 65, 127, 128, 129, 1000};
	for (size_t at = 0; at < sizeof sizes / sizeof *sizes; at++) {
		char *hay = fence(sizes[at] + 1);
		memcpy(hay, needle, sizes[at]);
		hay[sizes[at]] = 0;
		EQ(memmem(hay, sizes[at], needle, LONG), NULL);
		EQ(memmem(hay, sizes[at], needle, sizes[at] + 1), NULL);
		EQ(memmem(hay, sizes[at], needle, sizes[at]), (void *)hay);
		EQ(strstr(hay, needle), NULL);
		EQ(strcasestr(hay, needle), NULL);
		EQ(strstr(needle, hay), needle);
		EQ(strcasestr(needle, hay), needle);
	}
}
