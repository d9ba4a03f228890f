#define _GNU_SOURCE
#include "../check.h"
#include <math.h>

/* A float function gives what the double function rounds to, within a few units in the last place. */
static void near(int line, const char *name, float got, double expected)
{
	float right = (float)expected;
	if (isnan(right) ? isnan(got) : got == right || fabsf(got - right) <= 4 * fabsf(nextafterf(right, INFINITY) - right))
		return;
	fail(__FILE__, line, name);
	fprintf(stderr, " is %a, not about %a\n", got, right);
}
#define LIKE(name, ...) near(__LINE__, #name "f", name##f(__VA_ARGS__), name(__VA_ARGS__))

TEST(float_functions_agree_with_double)
{
	static const float values[] = {0, 0.001f, 0.3f, 0.75f, 1, 1.5f, 2, 3.7f, 10, 30, 87};
	for (size_t at = 0; at < sizeof values / sizeof *values; at++)
		for (int sign = 1; sign >= -1; sign -= 2) {
			volatile float x = (float)sign * values[at];
			LIKE(sin, x); LIKE(cos, x); LIKE(tan, x); LIKE(atan, x); LIKE(sinh, x); LIKE(cosh, x); LIKE(tanh, x);
			LIKE(asinh, x); LIKE(exp, x); LIKE(exp2, x); LIKE(expm1, x); LIKE(cbrt, x); LIKE(erf, x); LIKE(erfc, x);
			LIKE(floor, x); LIKE(ceil, x); LIKE(trunc, x); LIKE(round, x); LIKE(rint, x); LIKE(nearbyint, x); LIKE(fabs, x);
			LIKE(asin, x); LIKE(acos, x); LIKE(atanh, x); LIKE(acosh, x); LIKE(log, x); LIKE(log2, x); LIKE(log10, x);
			LIKE(log1p, x); LIKE(sqrt, x); LIKE(logb, x); LIKE(significand, x); LIKE(exp10, x);
#if HOST != HOST_glibc
			LIKE(pow10, x);
#endif
			LIKE(atan2, x, 2); LIKE(copysign, 3, x); LIKE(fdim, x, 1); LIKE(fmax, x, 1); LIKE(fmin, x, 1); LIKE(fmod, x, 0.7f);
			LIKE(remainder, x, 0.75f); LIKE(drem, x, 0.75f); LIKE(hypot, x, 2); LIKE(pow, x, 3); LIKE(fma, x, x, 1); LIKE(ldexp, x, 3);
			LIKE(scalbn, x, -3); LIKE(scalbln, x, 3); LIKE(scalb, x, 2); LIKE(nan, "");
			if (values[at] <= 30) {
				LIKE(tgamma, x);
			}
			IS(lrintf(x) == lrint(x) && llrintf(x) == llrint(x) && lroundf(x) == lround(x) && llroundf(x) == llround(x));
			IS(finitef(x) && !signbit(x) == (sign > 0) && fpclassify(x) == (x == 0 ? FP_ZERO : FP_NORMAL));
			float whole, sine, cosine;
			double large;
			int exponent, other, quotient, last;
			near(__LINE__, "modff", modff(x, &whole), modf(x, &large));
			EQ((double)whole, large);
			near(__LINE__, "frexpf", frexpf(x, &exponent), frexp(x, &other));
			EQ(exponent, other);
			near(__LINE__, "remquof", remquof(x, 0.75f, &quotient), remquo(x, 0.75, &last));
			EQ(quotient & 7, last & 7);
			sincosf(x, &sine, &cosine);
			IS(sine == sinf(x) && cosine == cosf(x));
		}
}

TEST(gamma_and_bessel)
{
	int sign = 0;
	volatile double x = 0.5, y = -0.5, five = 5;
	/* sqrt(pi), -2 sqrt(pi) */
	IS(fabs(lgamma_r(y, &sign) - 1.2655121234846454) < 1e-14 && sign == -1);
	IS(fabs(lgamma(y) - 1.2655121234846454) < 1e-14 && signgam == -1);
	IS(fabs(lgamma(five) - 3.1780538303479458) < 1e-14 && signgam == 1);
	IS(fabsf(lgammaf_r((float)y, &sign) - 1.2655121f) < 1e-6f && sign == -1 && fabsf(lgammaf(0.5f) - 0.5723649f) < 1e-6f);
	IS(fabs(j0(x) - 0.93846980724081290) < 1e-15 && fabs(j1(x) - 0.24226845767487389) < 1e-15);
	IS(fabs(jn(2, x) - 0.030604023458682638) < 1e-16 && fabs(y0(x) + 0.44451873350670656) < 1e-14);
	IS(fabs(y1(x) + 1.4714723926702430) < 1e-14 && fabs(yn(2, x) + 5.4413708371742655) < 1e-13);
	IS(fabsf(j0f(0.5f) - 0.9384698f) < 1e-6f && fabsf(j1f(0.5f) - 0.24226846f) < 1e-6f && fabsf(jnf(2, 0.5f) - 0.030604023f) < 1e-7f);
	IS(fabsf(y0f(0.5f) + 0.44451873f) < 1e-6f && fabsf(y1f(0.5f) + 1.4714724f) < 1e-5f && fabsf(ynf(2, 0.5f) + 5.441371f) < 1e-5f);
}
