#include "../check.h"

TEST(memchr)
{
	const char text[] = "abcabc\0d\xff";
	EQ(memchr(text, 'a', 0), NULL);
	EQ(memchr(text, 'a', 6), (void *)text);
	EQ(memchr(text, 'c', 2), NULL);
	EQ(memchr(text, 'c', 3), (void *)(text + 2));
	EQ(memchr(text, 0, 8), (void *)(text + 6));
	EQ(memchr(text, 0xff, 9), (void *)(text + 8));
	/* Converted to unsigned char. */
	EQ(memchr(text, 'b' + 0x100, 9), (void *)(text + 1));
	EQ(memchr(text, -1, 9), (void *)(text + 8));
	for (size_t length = 0; length < 200; length++) {
		char *bytes = fence(length);
		memset(bytes, 'x', length);
		EQ(memchr(bytes, 'y', length), NULL);
		for (size_t at = 0; at < length; at++) {
			bytes[at] = 'y';
			EQ(memchr(bytes, 'y', length), (void *)(bytes + at));
			bytes[at] = 'x';
		}
	}
	/* C23 7.26.5.2: as if it read one byte after the other and stopped, so a length past the end is fine. */
	char *bytes = fence(40);
	memset(bytes, 'x', 40);
	bytes[39] = 'y';
	EQ(memchr(bytes, 'y', (size_t)-1), (void *)(bytes + 39));
}
