#define _GNU_SOURCE
#include "../check.h"

TEST(strspn)
{
	EQ(strspn("", "abc"), 0u);
	EQ(strspn("abc", ""), 0u);
	EQ(strspn("aabbcx", "abc"), 5u);
	EQ(strspn("abc", "abc"), 3u);
	EQ(strspn("aaab", "a"), 3u);
	EQ(strspn("\xff\x80z", "\x80\xff"), 2u);
	EQ(strspn(fenced("cabcabcabcabcabcabcabcabcabcabc"), "abc"), 31u);
}

TEST(strcspn)
{
	EQ(strcspn("", "abc"), 0u);
	EQ(strcspn("xyz", ""), 3u);
	EQ(strcspn("xyzabc", "cba"), 3u);
	EQ(strcspn("xyz", "abc"), 3u);
	EQ(strcspn("xxxxy", "y"), 4u);
	EQ(strcspn("ab\xff", "\xff"), 2u);
}

TEST(strpbrk)
{
	const char *text = "xyzabc";
	EQ(strpbrk(text, "cb"), (char *)text + 4);
	EQ(strpbrk(text, "q"), NULL);
	EQ(strpbrk(text, ""), NULL);
	EQ(strpbrk("", "q"), NULL);
}

TEST(strsep)
{
	char text[] = ",a,,b";
	char *rest = text;
	TEXT(strsep(&rest, ","), "");
	TEXT(strsep(&rest, ",;"), "a");
	TEXT(strsep(&rest, ","), "");
	TEXT(strsep(&rest, ","), "b");
	EQ(rest, NULL);
	EQ(strsep(&rest, ","), NULL);
}

TEST(strtok)
{
	char text[] = "  a bc,, d ";
	TEXT(strtok(text, " "), "a");
	TEXT(strtok(NULL, ", "), "bc");
	TEXT(strtok(NULL, " ,"), "d");
	EQ(strtok(NULL, " "), NULL);
	EQ(strtok(NULL, " "), NULL);
	char none[] = ",,,";
	EQ(strtok(none, ","), NULL);

	char one[] = "a-b", two[] = "c-d";
	char *rest_one, *rest_two;
	TEXT(strtok_r(one, "-", &rest_one), "a");
	TEXT(strtok_r(two, "-", &rest_two), "c");
	TEXT(strtok_r(NULL, "-", &rest_one), "b");
	TEXT(strtok_r(NULL, "-", &rest_two), "d");
	EQ(strtok_r(NULL, "-", &rest_one), NULL);
}
