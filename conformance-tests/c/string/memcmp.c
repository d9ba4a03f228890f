#include "../check.h"

TEST(memcmp)
{
	EQ(memcmp("abc", "xyz", 0), 0);
	EQ(sign(memcmp("abc", "abd", 3)), -1);
	EQ(sign(memcmp("abd", "abc", 3)), 1);
	EQ(memcmp("abc", "abd", 2), 0);
	EQ(memcmp("a\0b", "a\0b", 3), 0);
	EQ(sign(memcmp("a\0b", "a\0c", 3)), -1);
	/* Bytes compare as unsigned char. */
	EQ(sign(memcmp("\x80", "\x7f", 1)), 1);
	EQ(sign(memcmp("\xff", "\x01", 1)), 1);
	static char other[200];
	for (size_t length = 1; length < 200; length++) {
		char *bytes = fence(length);
		memset(bytes, 0x55, length);
		memset(other, 0x55, length);
		EQ(memcmp(bytes, other, length), 0);
		for (size_t at = 0; at < length; at++) {
			other[at] = (char)0xaa;
			/* A later difference of the other sign must not win. */
			if (at + 1 < length)
				other[at + 1] = 0;
			EQ(sign(memcmp(bytes, other, length)), -1);
			EQ(sign(memcmp(other, bytes, length)), 1);
			memset(other, 0x55, length);
		}
	}
}
