#include "../check.h"

TEST(strcmp)
{
	EQ(strcmp("", ""), 0);
	EQ(sign(strcmp("a", "")), 1);
	EQ(sign(strcmp("", "a")), -1);
	EQ(sign(strcmp("abc", "abcd")), -1);
	EQ(strcmp("abc\0x", "abc\0y"), 0);
	EQ(sign(strcmp("\x80", "\x7f")), 1);
	EQ(sign(strcmp("a\xff", "a\x01")), 1);
	static char other[160];
	for (size_t length = 1; length < 150; length++) {
		char *text = fence(length + 1);
		memset(text, 'm', length);
		text[length] = 0;
		memcpy(other, text, length + 1);
		EQ(strcmp(text, other), 0);
		for (size_t at = 0; at < length; at++) {
			other[at] = 'n';
			EQ(sign(strcmp(text, other)), -1);
			other[at] = 0;
			EQ(sign(strcmp(text, other)), 1);
			other[at] = 'm';
		}
	}
}

TEST(strncmp)
{
	EQ(strncmp("abc", "xyz", 0), 0);
	EQ(strncmp("abc", "abd", 2), 0);
	EQ(sign(strncmp("abc", "abd", 3)), -1);
	EQ(strncmp("abc\0x", "abc\0y", 5), 0);
	EQ(sign(strncmp("abc", "ab", (size_t)-1)), 1);
	EQ(sign(strncmp("\x80", "\x7f", 1)), 1);
	/* Neither needs an end within the limit. */
	char *text = fence(40);
	memset(text, 'm', 40);
	char other[40];
	memset(other, 'm', 40);
	EQ(strncmp(text, other, 40), 0);
}

TEST(strcoll)
{
	/* The C locale compares bytes. */
	EQ(strcoll("abc", "abc"), 0);
	EQ(sign(strcoll("B", "a")), -1);
	EQ(sign(strcoll("\x80", "a")), 1);
}
