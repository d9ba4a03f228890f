#define _GNU_SOURCE
#include "../check.h"

/* The order of GNU's manual: 000 < 00 < 01 < 010 < 09 < 0 < 1 < 9 < 10. */
TEST(strverscmp)
{
	static const char *const order[] = {"000", "00", "01", "010", "09", "0", "1", "9", "10"};
	int count = sizeof order / sizeof *order;
	for (int one = 0; one < count; one++)
		for (int two = 0; two < count; two++)
			EQ(sign(strverscmp(order[one], order[two])), sign(one - two));
	EQ(sign(strverscmp("file9", "file10")), -1);
	EQ(sign(strverscmp("a1b", "a1a")), 1);
	EQ(sign(strverscmp("no digit", "no digit")), 0);
}
