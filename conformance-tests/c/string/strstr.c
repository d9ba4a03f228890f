#define _GNU_SOURCE
#include "../check.h"

TEST(strstr)
{
	const char *text = "ababcabcd";
	EQ(strstr(text, ""), (char *)text);
	EQ(strstr("", "a"), NULL);
	EQ(strstr(text, "abcd"), (char *)text + 5);
	EQ(strstr(text, "abcde"), NULL);
	EQ(strstr(text, "d"), (char *)text + 8);
	EQ(strstr("a\0b", "b"), NULL);
	EQ(strstr("\xff\xfe", "\xfe")[0], (char)0xfe);

	/* Against the plain search, with needles up to 40 letters of two. */
	unsigned int state = 7;
	for (int round = 0; round < 5000; round++) {
		char needle[41];
		size_t size = (state >> 16) % 41;
		char *hay = fence(300);
		for (size_t at = 0; at < 299; at++)
			hay[at] = "aaab"[(state = state * 1103515245 + 12345) >> 17 & 3];
		hay[299] = 0;
		if (round % 2) {
			memcpy(needle, hay + 250 - size, size);
		} else {
			memset(needle, 'a', size);
		}
		needle[size] = 0;
		char *want = NULL;
		for (size_t at = 0; want == NULL && at + size <= 299; at++)
			if (memcmp(hay + at, needle, size) == 0)
				want = hay + at;
		EQ(strstr(hay, needle), want);
	}
	/* Linear time: the plain search would need 10^10 steps. */
	static char hay[200001], needle[100001];
	memset(hay, 'a', 200000);
	memset(needle, 'a', 99999);
	needle[99999] = 'b';
	EQ(strstr(hay, needle), NULL);
}

TEST(strcasestr)
{
	const char *text = "Hello WORLD";
	EQ(strcasestr(text, ""), (char *)text);
	EQ(strcasestr(text, "world"), (char *)text + 6);
	EQ(strcasestr(text, "LLO"), (char *)text + 2);
	EQ(strcasestr(text, "x"), NULL);
}
