#include "../check.h"

#include <fenv.h>
#include <float.h>
#include <limits.h>
#include <math.h>

/* A value that the compiler does not know. */
static long double v(long double x)
{
	volatile long double y = x;
	return y;
}

TEST(long_double_to_integer)
{
	static const struct { long double x, ceil, floor, trunc, round, rint; } cases[] = {
		{0.5L, 1, 0, 0, 1, 0}, {-0.5L, 0, -1, 0, -1, 0}, {1.5L, 2, 1, 1, 2, 2}, {2.5L, 3, 2, 2, 3, 2},
		{-2.75L, -2, -3, -2, -3, -3}, {0x1p62L + 0.5L, 0x1p62L + 1, 0x1p62L, 0x1p62L, 0x1p62L + 1, 0x1p62L},
		{0x1p-16000L, 1, 0, 0, 0, 0}, {LDBL_MAX, LDBL_MAX, LDBL_MAX, LDBL_MAX, LDBL_MAX, LDBL_MAX},
		{HUGE_VALL, HUGE_VALL, HUGE_VALL, HUGE_VALL, HUGE_VALL, HUGE_VALL},
	};
	for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
		long double x = v(cases[at].x);
		IS(ceill(x) == cases[at].ceil);
		IS(floorl(x) == cases[at].floor);
		IS(truncl(x) == cases[at].trunc);
		IS(roundl(x) == cases[at].round);
		IS(rintl(x) == cases[at].rint);
		IS(nearbyintl(x) == cases[at].rint);
	}
	IS(signbit(ceill(v(-0.5L))));
	IS(isnan(roundl(v(NAN))));
	EQ(lrintl(v(2.5L)), 2);
	EQ(llrintl(v(-3.5L)), -4);
	EQ(lroundl(v(2.5L)), 3);
	EQ(llroundl(v(0x1p63L - 1)), LLONG_MAX);
	EQ(lroundl(v(-0x1p63L)), LONG_MIN);
}

TEST(long_double_rounding_modes)
{
	fesetround(FE_UPWARD);
	long double up = rintl(v(1.25L)), root_up = sqrtl(v(2));
	long up_integer = lrintl(v(-1.25L));
	fesetround(FE_DOWNWARD);
	long double down = rintl(v(1.25L)), root_down = sqrtl(v(2));
	fesetround(FE_TONEAREST);
	IS(up == 2 && up_integer == -1 && down == 1);
	IS(nextafterl(root_down, 2) == root_up);
	feclearexcept(FE_ALL_EXCEPT);
	nearbyintl(v(1.25L));
	EQ(fetestexcept(FE_INEXACT), 0);
	rintl(v(1.25L));
	EQ(fetestexcept(FE_INEXACT), FE_INEXACT);
	feclearexcept(FE_ALL_EXCEPT);
	lrintl(v(0x1p70L));
	EQ(fetestexcept(FE_INVALID), FE_INVALID);
	feclearexcept(FE_ALL_EXCEPT);
}

TEST(long_double_parts)
{
	int exponent = 9;
	long double integer;
	IS(frexpl(v(12), &exponent) == 0.75L && exponent == 4);
	IS(frexpl(v(-0x1p-16440L), &exponent) == -0.5L && exponent == -16439);
	IS(frexpl(v(0), &exponent) == 0 && exponent == 0);
	IS(modfl(v(-2.5L), &integer) == -0.5L && integer == -2);
	IS(modfl(v(HUGE_VALL), &integer) == 0 && integer == HUGE_VALL);
	IS(ldexpl(v(3), 4) == 48 && scalbnl(v(3), -1) == 1.5L && scalblnl(v(1), LONG_MIN) == 0);
	IS(scalblnl(v(1), LONG_MAX) == HUGE_VALL);
	IS(ilogbl(v(8)) == 3);
	IS(ilogbl(v(0)) == FP_ILOGB0);
	IS(ilogbl(v(HUGE_VALL)) == INT_MAX);
	IS(logbl(v(0.25L)) == -2 && logbl(v(0)) == -HUGE_VALL);
	EQ(fpclassify(v(1)), FP_NORMAL);
	EQ(fpclassify(v(0)), FP_ZERO);
	EQ(fpclassify(v(LDBL_MIN) / 4), FP_SUBNORMAL);
	EQ(fpclassify(v(HUGE_VALL)), FP_INFINITE);
	EQ(fpclassify(v(NAN)), FP_NAN);
	IS(fabsl(v(-3)) == 3 && copysignl(v(3), v(-0.0L)) == -3 && !signbit(fabsl(v(-0.0L))));
	IS(isnan(nanl("1")) && isnan(nanl("")));
}

TEST(long_double_remainders)
{
	int quotient = 99;
	IS(fmodl(v(7.5L), v(2)) == 1.5L && fmodl(v(-7.5L), v(2)) == -1.5L && fmodl(v(1), v(HUGE_VALL)) == 1);
	IS(fmodl(v(0x1p16000L), v(3)) == 1 && fmodl(v(LDBL_MAX), v(0x1p-16440L)) == 0);
	IS(remainderl(v(7.5L), v(2)) == -0.5L && remainderl(v(5), v(2)) == 1 && remainderl(v(3), v(2)) == -1);
	IS(remquol(v(-7.5L), v(2), &quotient) == 0.5L && quotient < 0 && (-quotient & 7) == 4);
	feclearexcept(FE_ALL_EXCEPT);
	IS(isnan(fmodl(v(1), v(0))) && isnan(remainderl(v(HUGE_VALL), v(1))));
	EQ(fetestexcept(FE_INVALID), FE_INVALID);
	feclearexcept(FE_ALL_EXCEPT);
}

TEST(long_double_roots_and_neighbours)
{
	IS(sqrtl(v(4)) == 2 && sqrtl(v(0x1p-16440L)) == 0x1p-8220L && sqrtl(v(0x1p16001L) * 2) == 0x1p8001L);
	IS(signbit(sqrtl(v(-0.0L))));
	feclearexcept(FE_ALL_EXCEPT);
	IS(isnan(sqrtl(v(-1))));
	EQ(fetestexcept(FE_INVALID), FE_INVALID);
	feclearexcept(FE_ALL_EXCEPT);
	IS(nextafterl(v(1), v(2)) == 1 + LDBL_EPSILON && nextafterl(v(1), v(0)) == 1 - LDBL_EPSILON / 2);
	IS(nextafterl(v(LDBL_MAX), v(HUGE_VALL)) == HUGE_VALL && nextafterl(v(HUGE_VALL), v(0)) == LDBL_MAX);
	IS(nextafterl(v(0), v(1)) == LDBL_TRUE_MIN && nexttowardl(v(LDBL_MIN), v(0)) == LDBL_MIN - LDBL_TRUE_MIN);
	IS(nexttoward(1.0, v(1) + LDBL_EPSILON) == 1 + DBL_EPSILON && nexttoward(1.0, v(1)) == 1);
	IS(nexttowardf(1.0F, v(0)) == 1 - FLT_EPSILON / 2 && nexttowardf(0.0F, v(-1)) == -FLT_TRUE_MIN);
	IS(signbit(nexttoward(0.0, v(-0.0L))));
}

TEST(long_double_maxima)
{
	IS(fmaxl(v(1), v(2)) == 2 && fminl(v(1), v(2)) == 1 && fmaxl(v(NAN), v(2)) == 2 && fminl(v(1), v(NAN)) == 1);
	IS(isnan(fmaxl(v(NAN), v(NAN))));
	IS(fdiml(v(3), v(1.5L)) == 1.5L && fdiml(v(1), v(2)) == 0 && fdiml(v(1), v(-2)) == 3 && fdiml(v(-1), v(-3)) == 2);
	IS(fdiml(v(1), v(0x1p-16400L)) == 1 && fdiml(v(LDBL_MAX), v(-LDBL_MAX)) == HUGE_VALL);
	IS(isnan(fdiml(v(NAN), v(1))));
}
