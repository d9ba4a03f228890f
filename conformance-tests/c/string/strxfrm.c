#include "../check.h"

TEST(strxfrm)
{
	/* In the C locale the result is the string. */
	char to[8] = "zzzzzzz";
	EQ(strxfrm(NULL, "abc", 0), 3u);
	EQ(strxfrm(to, "abc", 8), 3u);
	TEXT(to, "abc");
	EQ(strxfrm(to, "", 1), 0u);
	TEXT(to, "");
}
