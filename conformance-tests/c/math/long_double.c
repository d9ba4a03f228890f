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

/* Both formats: the expected values have more digits than they hold. */
TEST(atan2l)
{
	static const struct { long double y, x, angle; } cases[] = {
		{1L, 1L, 0x1.921fb54442d18469898cc51701b839p-1L},
		{1L, -1L, 0x1.2d97c7f3321d234f272993d1414a2bp1L},
		{-1L, -1L, -0x1.2d97c7f3321d234f272993d1414a2bp1L},
		{1L, 3L, 0x1.4978fa3269ee12483350fe548afb59p-2L},
		{3L, 1L, 0x1.3fc176b7a855ffd77cb88581def963p0L},
		{-7L, 5L, -0x1.e6ae1355353cfa187b3d5e8b53017dp-1L},
		{7L, -5L, 0x1.1874306ef58245e36abd6d742cf7dap1L},
		{1L, 16L, 0x1.ff55bb72cfde9c6d964f25b81c5c1ap-5L},
		{1L, 31L, 0x1.082a9d2ea2cb7e875d1ff8e2492455p-5L},
		{1L, 33L, 0x1.f0553d07efdb416547a53a19d1bf63p-6L},
		{1L, 1000003L, 0x1.0c6f45449c533aae867e69cb1a82e0p-20L},
		{1000003L, 1L, 0x1.921fa47d4e7d3aa455e1dcaf1b1b87p0L},
		{1000003L, -1L, 0x1.921fc60b3725ce2ebd37ad7ee854ebp0L},
		{355L, -113L, 0x1.e103dfecef52774321764c308409efp0L},
		{31L, 32L, 0x1.89ff5ff57f1f7aa919687a21793c04p-1L},
		{1L, 1099511627776L, 0x1.ffffffffffffffffffff5555555555p-41L},
		{1L, -0x1p70L, 0x1.921fb54442d18469878cc51701b839p1L},
		{123456789L, 987654321L, 0x1.fd5ba95db0a6a9ae25b976b853b2f6p-4L},
	};
	const long double pi = 0x1.921fb54442d18469898cc51701b839p1L, half = 0x1.921fb54442d18469898cc51701b839p0L;
	for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
		long double angle = cases[at].angle, got = atan2l(v(cases[at].y), v(cases[at].x));
		IS(got == angle || got == nextafterl(angle, 9) || got == nextafterl(angle, -9));
		/* The angle does not depend on the scale. */
		IS(atan2l(v(cases[at].y * 0x1p-9000L), v(cases[at].x * 0x1p-9000L)) == got);
		IS(atan2l(v(-cases[at].y), v(cases[at].x)) == -got);
	}
	/* C23 F.10.1.4. */
	IS(atan2l(v(0), v(-0.0L)) == pi && atan2l(v(-0.0L), v(-1)) == -pi && atan2l(v(0), v(-HUGE_VALL)) == pi);
	IS(atan2l(v(1), v(0)) == half && atan2l(v(-1), v(-0.0L)) == -half && atan2l(v(HUGE_VALL), v(5)) == half);
	IS(atan2l(v(HUGE_VALL), v(HUGE_VALL)) == half / 2);
	IS(atan2l(v(0), v(3)) == 0 && !signbit(atan2l(v(0), v(0))) && signbit(atan2l(v(-0.0L), v(0))));
	IS(signbit(atan2l(v(-1), v(HUGE_VALL))) && atan2l(v(-1), v(HUGE_VALL)) == 0);
	IS(isnan(atan2l(v(NAN), v(1))) && isnan(atan2l(v(0), v(NAN))));
	/* Where the angle is the quotient. */
	IS(atan2l(v(0x1p-100L), v(1)) == 0x1p-100L && atan2l(v(3), v(0x1p16000L)) == 0x3p-16000L);
	IS(atan2l(v(LDBL_TRUE_MIN), v(1)) == LDBL_TRUE_MIN);
	fesetround(FE_DOWNWARD);
	long double down = atan2l(v(1), v(0));
	fesetround(FE_UPWARD);
	long double up = atan2l(v(1), v(0));
	fesetround(FE_TONEAREST);
	IS(nextafterl(down, 2) == up && (down == half || up == half));
}
