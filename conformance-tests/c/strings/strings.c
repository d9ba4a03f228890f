#define _GNU_SOURCE
#include "../check.h"
#include <locale.h>
#include <strings.h>

TEST(strcasecmp)
{
	EQ(strcasecmp("", ""), 0);
	EQ(strcasecmp("HeLLo", "hEllO"), 0);
	EQ(sign(strcasecmp("abc", "ABD")), -1);
	EQ(sign(strcasecmp("abcd", "ABC")), 1);
	/* '_' lies between the cases: it compares with the small letter. */
	EQ(sign(strcasecmp("_", "A")), -1);
	EQ(sign(strcasecmp("\xc4", "\xe4")), -1);
	EQ(strncasecmp("ABx", "aby", 2), 0);
	EQ(strncasecmp("a", "b", 0), 0);
	EQ(sign(strncasecmp("a\0b", "A\0c", 3)), 0);
	locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	EQ(strcasecmp_l("ABC", "abc", locale), 0);
	EQ(sign(strncasecmp_l("ABC", "abd", 3, locale)), -1);
	freelocale(locale);
}

TEST(ffs)
{
	EQ(ffs(0), 0);
	EQ(ffs(1), 1);
	EQ(ffs(0x50), 5);
	EQ(ffs(-2147483647 - 1), 32);
	EQ(ffsl(0), 0);
	EQ(ffsl(1L << 63), 64);
	EQ(ffsll(1LL << 40), 41);
}

TEST(bcmp_bcopy_bzero)
{
	char bytes[8] = "abcdefg";
	EQ(bcmp("ab", "ab", 2), 0);
	IS(bcmp("ab", "ac", 2) != 0);
	bcopy(bytes, bytes + 1, 4);
	TEXT(bytes, "aabcdfg");
	bzero(bytes + 1, 2);
	IS(memcmp(bytes, "a\0\0c", 4) == 0);
	const char *text = "abca";
	EQ(index(text, 'a'), (char *)text);
	EQ(rindex(text, 'a'), (char *)text + 3);
	EQ(index(text, 'x'), NULL);
}
