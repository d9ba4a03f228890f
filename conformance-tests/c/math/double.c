#define _GNU_SOURCE
#include "../check.h"

#include <fenv.h>
#include <float.h>
#include <limits.h>
#include <math.h>

static double v(double x)
{
	volatile double y = x;
	return y;
}

/* Equal, or `ulps` numbers apart at most. */
static int near(double x, double y, int ulps)
{
	for (int at = 0; at < ulps && x != y; at++)
		x = nextafter(x, y);
	return x == y;
}

TEST(double_values)
{
	IS(near(sin(v(1)), 0x1.aed548f090ceep-1, 1) && near(cos(v(1)), 0x1.14a280fb5068cp-1, 1) && near(tan(v(1)), 0x1.8eb245cbee3a6p+0, 1));
	IS(near(sin(v(1e22)), -0x1.b453ab76bf397p-1, 1));
	IS(near(asin(v(0.5)), 0x1.0c152382d7366p-1, 1) && near(acos(v(0.5)), 0x1.0c152382d7366p+0, 1) && near(atan(v(1)), M_PI_4, 1));
	IS(near(atan2(v(-1), v(-1)), -0x1.2d97c7f3321d2p+1, 1) && near(sinh(v(1)), 0x1.2cd9fc44eb982p+0, 1));
	IS(near(cosh(v(1)), 0x1.8b07551d9f55p+0, 1) && near(tanh(v(1)), 0x1.85efab514f394p-1, 1));
	IS(near(exp(v(1)), M_E, 1) && near(exp2(v(0.5)), M_SQRT2, 1) && near(expm1(v(1)), 0x1.b7e151628aed3p+0, 1));
	IS(exp2(v(10)) == 1024 && near(exp10(v(3)), 1000, 1));
	IS(near(log(v(10)), M_LN10, 1) && log2(v(8)) == 3 && log10(v(1000)) == 3 && near(log1p(v(1)), M_LN2, 1));
	IS(pow(v(3), v(4)) == 81 && near(pow(v(2), v(0.5)), M_SQRT2, 1) && near(cbrt(v(27)), 3, 1) && hypot(v(3), v(4)) == 5);
	IS(near(erf(v(1)), 0x1.af767a741088bp-1, 1) && near(erfc(v(1)), 0x1.4226162fbddd5p-3, 2));
	IS(near(tgamma(v(5)), 24, 2) && near(lgamma(v(10)), 0x1.99a8921a7f7cfp+3, 3));
	IS(near(j0(v(1)), 0x1.87c7fdbd7b8fp-1, 4) && near(j1(v(1)), 0x1.c29c9ee970c6cp-2, 4) && near(jn(2, v(1)), 0x1.d6a5095fa9be6p-4, 8));
	IS(near(jn(3, v(2.5)), 0x1.bb98fc5e82abbp-3, 8) && near(y0(v(1)), 0x1.6980226f358dfp-4, 8) && near(y1(v(1)), -0x1.8ffb207d66b94p-1, 8));
	double sine, cosine;
	sincos(v(0.5), &sine, &cosine);
	IS(sine == sin(v(0.5)) && cosine == cos(v(0.5)));
	IS(sqrtf(v(2)) == 0x1.6a09e6p+0F && fabsf(sinf(1) - 0x1.aed548p-1F) <= 0x1p-24F && fma(v(0x1p53), v(1), v(1)) == 0x1p53);
	IS(fma(v(0x1.0000001p0), v(0x1.0000001p0), v(-1)) == 0x1.00000008p-27);
}

TEST(double_edges)
{
	IS(log(v(0)) == -HUGE_VAL && isnan(log(v(-1))) && pow(v(0), v(0)) == 1 && isnan(sqrt(v(-1))) && exp(v(1000)) == HUGE_VAL);
	IS(isnan(fmod(v(1), v(0))) && fmod(v(-7.5), v(2)) == -1.5 && remainder(v(5), v(2)) == 1 && drem(v(3), v(2)) == -1);
	int number = 0;
	IS(remquo(v(-7.5), v(2), &number) == 0.5 && (-number & 7) == 4);
	IS(frexp(v(12), &number) == 0.75 && number == 4);
	double integer;
	IS(modf(v(-2.5), &integer) == -0.5 && integer == -2);
	IS(ilogb(v(0)) == FP_ILOGB0);
	IS(ilogb(v(0x1p-1074)) == -1074);
	IS(logb(v(0x1p-1074)) == -1074 && scalbln(v(1), LONG_MAX) == HUGE_VAL && scalb(v(3), v(2)) == 12 && significand(v(12)) == 1.5);
	IS(fmax(v(NAN), v(1)) == 1 && fmin(v(1), v(NAN)) == 1 && fdim(v(1), v(2)) == 0 && isnan(nan("")));
	IS(lgamma(v(-0.5)) > 0 && signgam == -1 && lgamma_r(v(3), &number) > 0 && number == 1);
	EQ(finite(v(HUGE_VAL)), 0);
	EQ(fpclassify(v(0x1p-1074)), FP_SUBNORMAL);
	EQ(fpclassify((float)v(0x1p-140)), FP_SUBNORMAL);
	IS(round(v(-2.5)) == -3 && trunc(v(-2.5)) == -2 && floor(v(-0.5)) == -1 && ceil(v(0.2)) == 1 && roundf(0.5F) == 1);
	EQ(lround(v(2.5)), 3);
	EQ(llroundf(-2.5F), -3);
}

TEST(double_rounding_modes)
{
	static const struct { int mode; double whole, half; long integer; } cases[] = {
		{FE_UPWARD, 2, -1, 2}, {FE_DOWNWARD, 1, -2, 1}, {FE_TOWARDZERO, 1, -1, 1}, {FE_TONEAREST, 1, -2, 1},
	};
	for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
		EQ(fesetround(cases[at].mode), 0);
		double whole = rint(v(1.25)), half = nearbyint(v(-1.5));
		float whole_float = rintf(v(1.25));
		long integer = lrint(v(1.25));
		fesetround(FE_TONEAREST);
		IS(whole == cases[at].whole && half == cases[at].half && whole_float == whole && integer == cases[at].integer);
	}
	IS(signbit(rint(v(-0.25))));
}
