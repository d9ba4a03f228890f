#define _GNU_SOURCE
#include "../check.h"
#include <stdlib.h>

TEST(strdup)
{
	char *copy = strdup("");
	TEXT(copy, "");
	free(copy);
	copy = strdup("abc");
	TEXT(copy, "abc");
	free(copy);
	copy = strndup("abc", 2);
	TEXT(copy, "ab");
	free(copy);
	copy = strndup("abc", 9);
	TEXT(copy, "abc");
	free(copy);
	char *text = fence(3);
	memcpy(text, "xyz", 3);
	copy = strndup(text, 3);
	TEXT(copy, "xyz");
	free(copy);
}
