#define _GNU_SOURCE
#include "../check.h"

TEST(memccpy)
{
	char to[8] = "zzzzzzz";
	EQ(memccpy(to, "abcdef", 'c', 6), (void *)(to + 3));
	TEXT(to, "abczzzz");
	EQ(memccpy(to, "xy", 'q', 2), NULL);
	TEXT(to, "xyczzzz");
	EQ(memccpy(to, "q", 'q', 0), NULL);
	TEXT(to, "xyczzzz");
	EQ(memccpy(to, "\xff", 0xff - 0x100, 1), (void *)(to + 1));
}
