#include "../check.h"
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

TEST(abs)
{
	EQ(abs(-5), 5);
	EQ(abs(0), 0);
	EQ(abs(INT_MIN + 1), INT_MAX);
	EQ(labs(LONG_MIN + 1), LONG_MAX);
	EQ(llabs(-1LL), 1LL);
	EQ(imaxabs(INTMAX_MIN + 1), INTMAX_MAX);
}

TEST(div)
{
	/* The quotient is cut towards zero. */
	for (int one = -7; one <= 7; one++)
		for (int two = -3; two <= 3; two++)
			if (two != 0) {
				div_t result = div(one, two);
				IS(result.quot == one / two && result.rem == one % two);
				ldiv_t wide = ldiv(one, two);
				IS(wide.quot == one / two && wide.rem == one % two);
				lldiv_t wider = lldiv(one, two);
				IS(wider.quot == one / two && wider.rem == one % two);
				imaxdiv_t widest = imaxdiv(one, two);
				IS(widest.quot == one / two && widest.rem == one % two);
			}
	EQ(ldiv(LONG_MIN, 2).quot, LONG_MIN / 2);
	EQ(div(INT_MIN, 1).quot, INT_MIN);
}
