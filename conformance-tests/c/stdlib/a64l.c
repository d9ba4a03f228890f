#define _GNU_SOURCE
#include "../check.h"
#include <stdlib.h>

TEST(a64l)
{
	EQ(a64l(""), 0L);
	EQ(a64l("."), 0L);
	EQ(a64l("/"), 1L);
	EQ(a64l("0"), 2L);
	EQ(a64l("A"), 12L);
	EQ(a64l("a"), 38L);
	EQ(a64l("./"), 64L);
	EQ(a64l("zzzzz/"), (long)(int)(0x3fffffff | 1u << 30));
	TEXT(l64a(0), "");
	TEXT(l64a(1), "/");
	TEXT(l64a(64), "./");
	for (long value = 1; value < 0x7fffffff; value = value * 3 + 1)
		EQ(a64l(l64a(value)), value);
	EXCEPT(glibc, "does not extend the sign of bit 31") EQ(a64l(l64a(-1)), -1L);
}

TEST(getsubopt)
{
	static char *const names[] = {"ro", "rw", "size", NULL};
	char text[] = "rw,size=10,,other=x,ro";
	char *rest = text, *value;
	EQ(getsubopt(&rest, names, &value), 1);
	EQ(value, NULL);
	EQ(getsubopt(&rest, names, &value), 2);
	TEXT(value, "10");
	EQ(getsubopt(&rest, names, &value), -1);
	EQ(getsubopt(&rest, names, &value), -1);
	EXCEPT(musl, "leaves value null for an unknown name") TEXT(value, "other=x");
	EQ(getsubopt(&rest, names, &value), 0);
	EQ(*rest, 0);
}
