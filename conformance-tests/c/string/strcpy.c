#define _GNU_SOURCE
#include "../check.h"

TEST(strcpy)
{
	static char to[300];
	for (size_t length = 0; length < 200; length++) {
		char *from = fence(length + 1);
		memset(from, 'x', length);
		from[length] = 0;
		memset(to, 'z', sizeof to);
		EQ(strcpy(to + 3, from), to + 3);
		IS(memcmp(to + 3, from, length + 1) == 0);
		IS(to[2] == 'z' && to[length + 4] == 'z');
		EQ(stpcpy(to + 3, from), to + 3 + length);
		memset(from, 'z', length + 1);
		EQ(strcpy(from, to + 3), from);
	}
}

TEST(strncpy)
{
	char to[8];
	memset(to, 'z', 8);
	EQ(strncpy(to, "abc", 0), to);
	IS(to[0] == 'z');
	EQ(strncpy(to, "abc", 3), to);
	IS(memcmp(to, "abczzzzz", 8) == 0);
	/* The rest is filled with zeros. */
	EQ(strncpy(to, "a", 6), to);
	IS(memcmp(to, "a\0\0\0\0\0zz", 8) == 0);
	EQ(stpncpy(to, "abc", 2), to + 2);
	EQ(stpncpy(to, "abc", 3), to + 3);
	memset(to, 'z', 8);
	EQ(stpncpy(to, "abc", 6), to + 3);
	IS(memcmp(to, "abc\0\0\0zz", 8) == 0);
	char *from = fence(20);
	memset(from, 'x', 20);
	char large[20];
	EQ(strncpy(large, from, 20), large);
}

TEST(strcat)
{
	char to[16] = "ab\0zzzzzzzzzzzzz";
	EQ(strcat(to, "cd"), to);
	TEXT(to, "abcd");
	EQ(strcat(to, ""), to);
	TEXT(to, "abcd");
	EQ(strncat(to, "efgh", 2), to);
	TEXT(to, "abcdef");
	EQ(strncat(to, "x", 100), to);
	TEXT(to, "abcdefx");
	EQ(strncat(to, "y", 0), to);
	TEXT(to, "abcdefx");
}

/* glibc has it since 2.38 only. */
#if HOST != HOST_glibc
TEST(strlcpy)
{
	char to[8];
	memset(to, 'z', 8);
	EQ(strlcpy(to, "abc", 0), 3u);
	IS(to[0] == 'z');
	EQ(strlcpy(to, "abcdef", 4), 6u);
	TEXT(to, "abc");
	EQ(strlcpy(to, "ab", 8), 2u);
	TEXT(to, "ab");
	EQ(strlcat(to, "cdef", 5), 6u);
	TEXT(to, "abcd");
	EQ(strlcat(to, "x", 2), 3u);
	TEXT(to, "abcd");
	EQ(strlcat(to, "ef", 8), 6u);
	TEXT(to, "abcdef");
}
#endif
