#define _GNU_SOURCE
#include "../check.h"

TEST(memrchr)
{
	const char text[] = "abcabc\xff";
	EQ(memrchr(text, 'a', 0), NULL);
	EQ(memrchr(text, 'a', 6), (void *)(text + 3));
	EQ(memrchr(text, 'a', 3), (void *)text);
	EQ(memrchr(text, 'd', 8), NULL);
	EQ(memrchr(text, 0xff, 8), (void *)(text + 6));
	EQ(memrchr(text, 'b' - 0x100, 8), (void *)(text + 4));
	for (size_t length = 1; length < 100; length++) {
		char *bytes = fence(length);
		memset(bytes, 'x', length);
		for (size_t at = 0; at < length; at++) {
			bytes[at] = 'y';
			EQ(memrchr(bytes, 'y', length), (void *)(bytes + at));
			bytes[at] = 'x';
		}
	}
}
