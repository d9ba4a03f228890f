#define _GNU_SOURCE
#include "../check.h"

TEST(memset)
{
	static unsigned char bytes[600];
	for (size_t length = 0; length < 400; length += length < 140 ? 1 : 17)
		for (size_t align = 0; align < 16; align++) {
			memset(bytes, 1, sizeof bytes);
			/* Converted to unsigned char. */
			EQ(memset(bytes + 32 + align, 0x1a5, length), (void *)(bytes + 32 + align));
			IS(bytes[31 + align] == 1 && bytes[32 + align + length] == 1);
			for (size_t at = 0; at < length; at++)
				IS(bytes[32 + align + at] == 0xa5);
		}
	for (size_t length = 0; length < 300; length++)
		EQ(memset(fence(length), 9, length), fence(length));
}

TEST(explicit_bzero)
{
	char secret[8] = "secret";
	explicit_bzero(secret + 1, 4);
	IS(memcmp(secret, "s\0\0\0\0t", 6) == 0);
}
