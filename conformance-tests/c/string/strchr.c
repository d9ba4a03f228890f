#define _GNU_SOURCE
#include "../check.h"

TEST(strchr)
{
	const char *text = "abcabc\xff";
	EQ(strchr(text, 'b'), (char *)text + 1);
	EQ(strchr(text, 'd'), NULL);
	EQ(strchr(text, 0), (char *)text + 7);
	EQ(strchr("", 0)[0], 0);
	EQ(strchr("", 'a'), NULL);
	EQ(strchr(text, 0xff), (char *)text + 6);
	EQ(strchr(text, -1), (char *)text + 6);
	EQ(strchr(text, 'c' + 0x300), (char *)text + 2);
	for (size_t length = 0; length < 150; length++) {
		char *bytes = fence(length + 1);
		memset(bytes, 'x', length);
		bytes[length] = 0;
		EQ(strchr(bytes, 'y'), NULL);
		EQ(strchr(bytes, 0), bytes + length);
		for (size_t at = 0; at < length; at++) {
			bytes[at] = 'y';
			EQ(strchr(bytes, 'y'), bytes + at);
			bytes[at] = 'x';
		}
	}
	/* What stands behind the end does not count. */
	EQ(strchr("abc\0d", 'd'), NULL);
}

TEST(strrchr)
{
	const char *text = "abcabc\xff";
	EQ(strrchr(text, 'b'), (char *)text + 4);
	EQ(strrchr(text, 'd'), NULL);
	EQ(strrchr(text, 0), (char *)text + 7);
	EQ(strrchr(text, -1), (char *)text + 6);
	EQ(strrchr("a\0a", 'a')[1], 0);
	EQ(strrchr(fenced("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), 'y'), NULL);
}

TEST(strchrnul)
{
	const char *text = "abc";
	EQ(strchrnul(text, 'b'), (char *)text + 1);
	EQ(strchrnul(text, 'd'), (char *)text + 3);
	EQ(strchrnul(text, 0), (char *)text + 3);
	EQ(*strchrnul(fenced("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), 'y'), 0);
}
