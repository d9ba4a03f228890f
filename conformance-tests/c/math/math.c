#define _GNU_SOURCE
#include "../check.h"
#include <fenv.h>
#include <float.h>
#include <limits.h>
#include <math.h>

/* Equal as numbers and in sign, or both no number. */
static int same(double a, double b)
{
	return isnan(a) ? isnan(b) : a == b && !signbit(a) == !signbit(b);
}

static void expect(int line, const char *what, double got, double expected)
{
	if (!same(got, expected)) {
		fail(__FILE__, line, what);
		fprintf(stderr, " is %a, not %a\n", got, expected);
	}
}
#define R(call, value) expect(__LINE__, #call, call, value)

/* Within one unit in the last place of the correctly rounded value. */
static void close_to(int line, const char *what, double got, double expected)
{
	if (!(got == expected || got == nextafter(expected, INFINITY) || got == nextafter(expected, -INFINITY))) {
		fail(__FILE__, line, what);
		fprintf(stderr, " is %a, not about %a\n", got, expected);
	}
}
#define ABOUT(call, value) close_to(__LINE__, #call, call, value)

TEST(special_values)
{
	volatile double zero = 0, inf = INFINITY, none = NAN;
	R(sin(-zero), -0.0);
	R(tan(-zero), -0.0);
	R(cos(zero), 1);
	R(sin(inf), NAN);
	R(asin(2 + zero), NAN);
	R(acos(1 + zero), 0);
	R(atan(-zero), -0.0);
	R(atan2(zero, -zero), M_PI);
	R(atan2(-zero, -zero), -M_PI);
	R(atan2(-zero, zero), -0.0);
	R(atan2(inf, -inf), 3 * M_PI_4);
	R(exp(-inf), 0);
	R(exp(inf), INFINITY);
	R(exp(zero), 1);
	R(expm1(-zero), -0.0);
	R(exp2(10 + zero), 1024);
	EXCEPT(glibc, "is one unit off") R(exp10(3 + zero), 1000);
	R(log(zero), -INFINITY);
	R(log(-1 + zero), NAN);
	R(log(1 + zero), 0);
	R(log1p(-zero), -0.0);
	R(log1p(-1 + zero), -INFINITY);
	R(log2(8 + zero), 3);
	R(log10(1000 + zero), 3);
	R(pow(none, zero), 1);
	R(pow(1 + zero, none), 1);
	R(pow(-8 + zero, 1.0 / 3), NAN);
	R(pow(-2 + zero, 3), -8);
	R(pow(-zero, -3), -INFINITY);
	R(pow(-zero, -2), INFINITY);
	R(pow(-zero, 3), -0.0);
	R(pow(-1 + zero, inf), 1);
	R(pow(0.5 + zero, -inf), INFINITY);
	R(pow(-inf, -3), -0.0);
	R(sqrt(-zero), -0.0);
	R(sqrt(-1 + zero), NAN);
	R(sqrt(2 + zero), 0x1.6a09e667f3bcdp+0);
	EXCEPT(glibc, "is one unit off") R(cbrt(-27 + zero), -3);
	R(hypot(inf, none), INFINITY);
	R(hypot(3 + zero, 4), 5);
	R(hypot(0x1p1000 + zero, 0x1p1000), 0x1.6a09e667f3bcdp+1000);
	R(fmod(5.5 + zero, 2), 1.5);
	R(fmod(-5.5 + zero, 2), -1.5);
	R(fmod(1 + zero, zero), NAN);
	R(fmod(1 + zero, inf), 1);
	R(remainder(5 + zero, 2), 1);
	R(remainder(7 + zero, 2), -1);
	R(fmax(none, 1), 1);
	R(fmin(1 + zero, none), 1);
	R(fdim(1 + zero, 3), 0);
	R(fdim(3 + zero, 1), 2);
	R(fabs(-zero), 0.0);
	R(copysign(1 + zero, -zero), -1);
	R(sinh(-zero), -0.0);
	R(cosh(-inf), INFINITY);
	R(tanh(inf), 1);
	R(asinh(-inf), -INFINITY);
	R(acosh(1 + zero), 0);
	R(acosh(0.5 + zero), NAN);
	R(atanh(1 + zero), INFINITY);
	R(erf(inf), 1);
	R(erfc(-inf), 2);
	R(tgamma(5 + zero), 24);
	R(tgamma(-zero), -INFINITY);
	R(tgamma(-1 + zero), NAN);
	R(lgamma(1 + zero), 0);
	R(lgamma(-1 + zero), INFINITY);
	R(logb(8 + zero), 3);
	R(logb(zero), -INFINITY);
	R(logb(0x1p-1074 + zero), -1074);
	R(j0(zero), 1);
	R(j1(-zero), -0.0);
	R(y0(zero), -INFINITY);
}

TEST(known_values)
{
	/* Correctly rounded, from the decimal expansions. */
	volatile double one = 1;
	ABOUT(exp(one), 0x1.5bf0a8b145769p+1);
	ABOUT(log(2 * one), 0x1.62e42fefa39efp-1);
	ABOUT(log10(2 * one), 0x1.34413509f79ffp-2);
	ABOUT(sin(one), 0x1.aed548f090ceep-1);
	ABOUT(cos(one), 0x1.14a280fb5068cp-1);
	ABOUT(tan(one), 0x1.8eb245cbee3a6p+0);
	ABOUT(atan(one), M_PI_4);
	ABOUT(asin(one), M_PI_2);
	ABOUT(sinh(one), 0x1.2cd9fc44eb982p+0);
	ABOUT(cosh(one), 0x1.8b07551d9f55p+0);
	ABOUT(tanh(one), 0x1.85efab514f394p-1);
	ABOUT(cbrt(2 * one), 0x1.428a2f98d728bp+0);
	ABOUT(erf(one), 0x1.af767a741088bp-1);
	ABOUT(tgamma(0.5 * one), 0x1.c5bf891b4ef6bp+0);
	ABOUT(lgamma(0.5 * one), 0x1.250d048e7a1bdp-1);
	ABOUT(expm1(1e-10 * one), 1.00000000005e-10);
	ABOUT(log1p(1e-10 * one), 9.9999999995e-11);
	ABOUT(pow(10 * one, -5), 1e-5);
	/* Far arguments need more of pi than fits a double. */
	ABOUT(sin(1e22 * one), -0.8522008497671888017727);
	ABOUT(cos(1e22 * one), 0.5232147853951389454975944);
	double s = 9, c = 9;
	sincos(one, &s, &c);
	IS(s == sin(one) && c == cos(one));
}

TEST(rounding_functions)
{
	static const struct { double in, floor, ceil, round, trunc, even; } rows[] = {
		{0.5, 0, 1, 1, 0, 0}, {1.5, 1, 2, 2, 1, 2}, {2.5, 2, 3, 3, 2, 2}, {-0.5, -1, -0.0, -1, -0.0, -0.0},
		{-1.5, -2, -1, -2, -1, -2}, {0.49999999999999994, 0, 1, 0, 0, 0}, {-0.2, -1, -0.0, -0.0, -0.0, -0.0},
		{4503599627370495.5, 4503599627370495, 4503599627370496, 4503599627370496, 4503599627370495, 4503599627370496},
		{9007199254740993.0, 9007199254740992, 9007199254740992, 9007199254740992, 9007199254740992, 9007199254740992},
		{1e300, 1e300, 1e300, 1e300, 1e300, 1e300}, {INFINITY, INFINITY, INFINITY, INFINITY, INFINITY, INFINITY},
		{-0.0, -0.0, -0.0, -0.0, -0.0, -0.0}, {NAN, NAN, NAN, NAN, NAN, NAN},
	};
	for (size_t at = 0; at < sizeof rows / sizeof *rows; at++) {
		volatile double in = rows[at].in;
		R(floor(in), rows[at].floor);
		R(ceil(in), rows[at].ceil);
		R(round(in), rows[at].round);
		R(trunc(in), rows[at].trunc);
		R(rint(in), rows[at].even);
		R(nearbyint(in), rows[at].even);
		R(floorf((float)in), floor((float)in));
		R(roundf((float)in), round((float)in));
	}
	IS(lround(2.5) == 3 && lround(-2.5) == -3 && lrint(2.5) == 2 && llrint(3.5) == 4 && llround(-0.4) == 0);
}

TEST(rounding_modes)
{
	volatile double half = 2.5, third = 1, three = 3;
	EQ(fesetround(FE_UPWARD), 0);
	IS(rint(half) == 3 && lrint(half) == 3 && nearbyint(-half) == -2);
	double up = third / three;
	EQ(fesetround(FE_DOWNWARD), 0);
	IS(rint(half) == 2 && rint(-half) == -3);
	double down = third / three;

	EQ(fesetround(FE_TOWARDZERO), 0);
	IS(rint(-half) == -2 && lrint(-half) == -2);
	EQ(fesetround(FE_TONEAREST), 0);
	IS(up == nextafter(down, 1) && rint(half) == 2);
}

TEST(parts)
{
	int exponent = 9;
	double whole = 9;
	R(frexp(8, &exponent), 0.5);
	EQ(exponent, 4);
	R(frexp(0x1p-1074, &exponent), 0.5);
	EQ(exponent, -1073);
	R(frexp(-0.0, &exponent), -0.0);
	EQ(exponent, 0);
	R(ldexp(0.75, 4), 12);
	R(ldexp(1, -1074), 0x1p-1074);
	R(ldexp(1, 5000), INFINITY);
	R(scalbn(3 * 0x1p-1074, 1), 0x1.8p-1072);
	R(scalbln(1, -5000), 0);
	R(modf(-3.25, &whole), -0.25);
	R(whole, -3);
	R(modf(INFINITY, &whole), 0);
	R(modf(-5, &whole), -0.0);
	EQ(ilogb(0x1p-1074), -1074);
	EQ(ilogb(1e300), 996);
	GIVES(ilogb(0), FP_ILOGB0);
	GIVES(ilogb(INFINITY), INT_MAX);
	R(nextafter(1, 2), 1 + DBL_EPSILON);
	R(nextafter(0, -1), -0x1p-1074);
	R(nextafter(DBL_MAX, INFINITY), INFINITY);
	R(nextafterf(1, 0), 1 - FLT_EPSILON / 2);
	R(nexttoward(1, 2), 1 + DBL_EPSILON);
	int quotient = 0;
	R(remquo(29, 3, &quotient), -1);
	EQ(quotient & 7, 2);
	R(fma(0x1.0000001p0, 0x1.0000001p0, -1), 0x1.00000008p-27);
	R(fma(0x1p1023, 2, -INFINITY), -INFINITY);
	R(fmaf(0x1.001p0f, 0x1.001p0f, -0x1.002p0f), 0x1p-24);
	R(significand(12), 1.5);
}

TEST(classification)
{
	volatile double normal = 1.5, tiny = 0x1p-1070, zero = 0, none = NAN, inf = INFINITY;
	IS(fpclassify(normal) == FP_NORMAL && fpclassify(tiny) == FP_SUBNORMAL && fpclassify(zero) == FP_ZERO);
	IS(fpclassify(none) == FP_NAN && fpclassify(inf) == FP_INFINITE && fpclassify(0x1p-140f) == FP_SUBNORMAL);
	IS(isfinite(tiny) && !isfinite(inf) && isnormal(normal) && !isnormal(tiny) && signbit(-zero) && !signbit(zero));
	IS(isunordered(none, zero) && !isgreater(none, zero) && islessgreater(normal, zero) && isless(zero, normal));
	volatile long double wide = 0x1p-16400L;
	IS(fpclassify(wide) == FP_SUBNORMAL && isfinite(wide) && !isnan(wide));
	IS(isnan(nan("1")) && isnan(nanf("")) && isnan(nanl("")));
}

/* math_errhandling says which of the two ways an error is told; this library and its peers must tell at least one. */
#define FAILS(call, number, exception) \
	do { \
		errno = 0; \
		feclearexcept(FE_ALL_EXCEPT); \
		volatile double got_ = (call); \
		(void)got_; \
		int errno_ = errno, raised_ = fetestexcept(FE_ALL_EXCEPT); \
		IS(!(math_errhandling & MATH_ERRNO) || errno_ == (number)); \
		if ((math_errhandling & MATH_ERREXCEPT) && !(raised_ & (exception))) \
			fail(__FILE__, __LINE__, #call ": no " #exception "\n"); \
	} while (0)

TEST(errors)
{
	volatile double zero = 0, one = 1, big = 1e308;
	FAILS(log(zero), ERANGE, FE_DIVBYZERO);
	FAILS(log(-one), EDOM, FE_INVALID);
	FAILS(sqrt(-one), EDOM, FE_INVALID);
	FAILS(exp(1000 * one), ERANGE, FE_OVERFLOW);
	FAILS(exp(-1000 * one), ERANGE, FE_UNDERFLOW);
	FAILS(pow(big, 2), ERANGE, FE_OVERFLOW);
	FAILS(pow(zero, -1), ERANGE, FE_DIVBYZERO);
	FAILS(pow(-one, 0.5), EDOM, FE_INVALID);
	FAILS(acos(2 * one), EDOM, FE_INVALID);
	FAILS(fmod(one, zero), EDOM, FE_INVALID);
	FAILS(tgamma(-one), EDOM, FE_INVALID);
	FAILS(atanh(one), ERANGE, FE_DIVBYZERO);
	FAILS(cosh(1000 * one), ERANGE, FE_OVERFLOW);
	FAILS(hypot(big, big * one * 1.7), ERANGE, FE_OVERFLOW);
	FAILS(ldexp(one, 5000), ERANGE, FE_OVERFLOW);
	feclearexcept(FE_ALL_EXCEPT);
	volatile long far = lrint(big);
	IS(far != 0 && fetestexcept(FE_INVALID));
}

TEST(float_functions)
{
	volatile float one = 1;
	IS(sqrtf(2 * one) == 0x1.6a09e6p+0f && fabsf(sinf(one) - 0x1.aed548p-1f) <= 0x1p-24f);
	IS(fabsf(expf(one) - 0x1.5bf0a8p+1f) <= 0x1p-22f && logf(one) == 0 && powf(2 * one, 10) == 1024);
	IS(hypotf(3 * one, 4) == 5 && cbrtf(8 * one) == 2 && fmodf(7 * one, 4) == 3 && floorf(-one / 2) == -1);
	IS(isinf(expf(100 * one)) && expf(-200 * one) == 0 && atan2f(0, -one) == (float)M_PI);
	IS(exp2f(-149 * one) == 0x1p-149f && log2f(0x1p-149f * one) == -149 && ilogbf(0x1p-149f) == -149);
}

TEST(long_double_functions)
{
	volatile long double one = 1, half = 0.5L;
	int exponent = 0;
	IS(sqrtl(4 * one) == 2 && sqrtl(2 * one) * sqrtl(2 * one) - 2 <= 4 * LDBL_EPSILON && fabsl(-one) == 1);
	IS(floorl(-half) == -1 && ceill(half) == 1 && truncl(-half * 3) == -1 && roundl(half) == 1 && rintl(half) == 0);
	IS(nearbyintl(3 * half) == 2 && lroundl(-half) == -1 && llrintl(5 * half) == 2 && lrintl(7 * half) == 4);
	IS(floorl(0x1.0000000000000002p63L * one) == 0x1.0000000000000002p63L);
	IS(floorl(0x1.0000000000000002p62L * one) == 0x1p62L);
	IS(copysignl(one, -0.0L) == -1 && fmaxl(one, NAN) == 1 && fminl(one, half) == half && fdiml(one, half) == half);
	IS(fmodl(7.5L * one, 2) == 1.5L && remainderl(7.5L * one, 2) == -half);
	IS(frexpl(0x1p-16400L * one, &exponent) == half && exponent == -16399);
	IS(ldexpl(one, 10000) == 0x1p10000L && scalbnl(one, -16400) == 0x1p-16400L && logbl(0x1p-16400L * one) == -16400);
	IS(ilogbl(0x1p9000L * one) == 9000 && nextafterl(one, 2) == 1 + LDBL_EPSILON && nexttowardl(one, 0) < 1);
	long double whole = 0;
	IS(modfl(-3 * half, &whole) == -half && whole == -1);
	int quotient = 0;
	IS(remquol(29 * one, 3, &quotient) == -1 && (quotient & 7) == 2);
}
