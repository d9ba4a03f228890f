#define _GNU_SOURCE
#include "../check.h"

TEST(strlen)
{
	EQ(strlen(""), 0u);
	EQ(strlen("a\0b"), 1u);
	EQ(strlen("\xff\x80"), 2u);
	static char bytes[400];
	for (size_t align = 0; align < 32; align++)
		for (size_t length = 0; length < 200; length++) {
			memset(bytes, 0x80, sizeof bytes);
			bytes[align + length] = 0;
			EQ(strlen(bytes + align), length);
		}
	for (size_t length = 0; length < 200; length++) {
		char *text = fence(length + 1);
		memset(text, 'x', length);
		text[length] = 0;
		EQ(strlen(text), length);
	}
}

TEST(strnlen)
{
	EQ(strnlen("abc", 0), 0u);
	EQ(strnlen("abc", 2), 2u);
	EQ(strnlen("abc", 3), 3u);
	EQ(strnlen("abc", (size_t)-1), 3u);
	for (size_t length = 0; length < 200; length++) {
		char *text = fence(length);
		memset(text, 'x', length);
		EQ(strnlen(text, length), length);
	}
}
