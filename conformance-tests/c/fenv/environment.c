#define _GNU_SOURCE
#include "../check.h"
#include <fenv.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

TEST(exceptions)
{
	volatile double one = 1, zero = 0, three = 3, big = 1e308;
	EQ(feclearexcept(FE_ALL_EXCEPT), 0);
	EQ(fetestexcept(FE_ALL_EXCEPT), 0);
	volatile double result = one / zero;
	IS(fetestexcept(FE_DIVBYZERO) && !fetestexcept(FE_INVALID));
	result = zero / zero;
	IS(fetestexcept(FE_INVALID));
	EQ(feclearexcept(FE_INVALID), 0);
	IS(!fetestexcept(FE_INVALID) && fetestexcept(FE_DIVBYZERO));
	feclearexcept(FE_ALL_EXCEPT);
	result = one / three;
	EQ(fetestexcept(FE_ALL_EXCEPT), FE_INEXACT);
	result = big * 10;
	IS(fetestexcept(FE_OVERFLOW));
	(void)result;
	EQ(feclearexcept(FE_ALL_EXCEPT), 0);
	EQ(feraiseexcept(FE_UNDERFLOW | FE_INVALID), 0);
	IS(fetestexcept(FE_UNDERFLOW) && fetestexcept(FE_INVALID) && !fetestexcept(FE_DIVBYZERO));
	feclearexcept(FE_ALL_EXCEPT);
}

TEST(flags)
{
	fexcept_t saved;
	feclearexcept(FE_ALL_EXCEPT);
	feraiseexcept(FE_DIVBYZERO);
	EQ(fegetexceptflag(&saved, FE_ALL_EXCEPT), 0);
	feclearexcept(FE_ALL_EXCEPT);
	feraiseexcept(FE_INVALID);
	EQ(fesetexceptflag(&saved, FE_ALL_EXCEPT), 0);
	IS(fetestexcept(FE_ALL_EXCEPT) == FE_DIVBYZERO);
	feclearexcept(FE_ALL_EXCEPT);
}

TEST(rounding)
{
	static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
	volatile double one = 1, three = 3;
	volatile long double wide = 1;
	double near = one / three;
	for (int at = 0; at < 4; at++) {
		EQ(fesetround(modes[at]), 0);
		EQ(fegetround(), modes[at]);
		double got = one / three, minus = -one / three;
		/* A third lies just above its nearest double. */
		IS((got > near) == (modes[at] == FE_UPWARD));
		IS((minus < -near) == (modes[at] == FE_DOWNWARD));
#if defined __x86_64__
		/* long double has a unit of its own there; compiler-rt divides binary128 to the nearest in every mode. */
		long double third = wide / 3, back = third * 3;
		IS(modes[at] != FE_UPWARD || back >= 1);
		IS(modes[at] != FE_DOWNWARD || back < 1);
#else
		(void)wide;
#endif
	}
	IS(fesetround(0x1234567) != 0);
	EQ(fegetround(), FE_TOWARDZERO);
	EQ(fesetround(FE_TONEAREST), 0);
}

static void *mode_of_thread(void *unused)
{
	(void)unused;
	return (void *)(intptr_t)fegetround();
}

TEST(environment)
{
	fenv_t saved, held;
	feclearexcept(FE_ALL_EXCEPT);
	fesetround(FE_UPWARD);
	feraiseexcept(FE_INVALID);
	EQ(fegetenv(&saved), 0);
	EQ(fesetenv(FE_DFL_ENV), 0);
	IS(fegetround() == FE_TONEAREST && fetestexcept(FE_ALL_EXCEPT) == 0);
	EQ(fesetenv(&saved), 0);
	IS(fegetround() == FE_UPWARD && fetestexcept(FE_INVALID));
	EQ(feholdexcept(&held), 0);
	EQ(fetestexcept(FE_ALL_EXCEPT), 0);
	feraiseexcept(FE_DIVBYZERO);
	EQ(feupdateenv(&held), 0);
	IS(fetestexcept(FE_INVALID) && fetestexcept(FE_DIVBYZERO) && fegetround() == FE_UPWARD);
	fesetenv(FE_DFL_ENV);
	/* A thread begins with its creator's environment: C23 7.28.5.1 leaves it open, POSIX has it inherited. */
	pthread_t thread;
	void *mode = NULL;
	fesetround(FE_DOWNWARD);
	EQ(pthread_create(&thread, NULL, mode_of_thread, NULL), 0);
	EQ(pthread_join(thread, &mode), 0);
	IS((intptr_t)mode == FE_DOWNWARD);
	fesetround(FE_TONEAREST);
}

TEST(conversions_round_as_asked)
{
	char text[32];
	fesetround(FE_UPWARD);
	double up = strtod("0.1", NULL);
	snprintf(text, sizeof text, "%.1f", 0.25);
	fesetround(FE_DOWNWARD);
	double down = strtod("0.1", NULL);
	fesetround(FE_TONEAREST);
	IS(up > down && up == 0x1.999999999999ap-4 && down == 0x1.9999999999999p-4);
	/* Recommended practice: C23 7.23.6.1p13. */
	EXCEPT(xlibc, "rounds text to nearest in every mode") TEXT(text, "0.3");
}
