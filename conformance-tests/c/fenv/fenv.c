#include "../check.h"

#include <fenv.h>

static double v(double x)
{
	volatile double y = x;
	return y;
}

TEST(fenv_exceptions)
{
	feclearexcept(FE_ALL_EXCEPT);
	EQ(fetestexcept(FE_ALL_EXCEPT), 0);
	volatile double quotient = v(1) / v(0);
	EQ(fetestexcept(FE_DIVBYZERO), FE_DIVBYZERO);
	quotient = v(1) / v(3);
	(void)quotient;
	EQ(fetestexcept(FE_ALL_EXCEPT), FE_DIVBYZERO | FE_INEXACT);
	EQ(feclearexcept(FE_INEXACT), 0);
	EQ(feraiseexcept(FE_INVALID), 0);
	EQ(fetestexcept(FE_ALL_EXCEPT), FE_DIVBYZERO | FE_INVALID);
	fexcept_t flags;
	EQ(fegetexceptflag(&flags, FE_ALL_EXCEPT), 0);
	feclearexcept(FE_ALL_EXCEPT);
	EQ(fesetexceptflag(&flags, FE_INVALID), 0);
	EQ(fetestexcept(FE_ALL_EXCEPT), FE_INVALID);
	feclearexcept(FE_ALL_EXCEPT);
}

/* Arithmetic of binary128 is done by functions of the compiler, which raise nothing. */
TEST(fenv_long_double_exceptions)
{
#if __LDBL_MANT_DIG__ == 64
	volatile long double zero = 0, quotient = 1 / zero;
	(void)quotient;
	EQ(fetestexcept(FE_DIVBYZERO), FE_DIVBYZERO);
	EQ(feclearexcept(FE_DIVBYZERO), 0);
	EQ(fetestexcept(FE_DIVBYZERO), 0);
#endif
}

TEST(fenv_rounding)
{
	static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};
	for (size_t at = 0; at < sizeof modes / sizeof *modes; at++) {
		EQ(fesetround(modes[at]), 0);
		EQ(fegetround(), modes[at]);
	}
	EQ(fesetround(12345) != 0, 1);
	EQ(fegetround(), FE_TONEAREST);
	fesetround(FE_UPWARD);
	volatile double up = v(1) + v(0x1p-80);
	volatile long double one = 1, long_up = one + 0x1p-200L;
	fesetround(FE_TONEAREST);
	IS(up == 1 + 0x1p-52 && long_up > 1);
}

TEST(fenv_environment)
{
	fenv_t environment, held;
	feclearexcept(FE_ALL_EXCEPT);
	feraiseexcept(FE_OVERFLOW);
	fesetround(FE_DOWNWARD);
	EQ(fegetenv(&environment), 0);
	EQ(feholdexcept(&held), 0);
	EQ(fetestexcept(FE_ALL_EXCEPT), 0);
	EQ(fegetround(), FE_DOWNWARD);
	feraiseexcept(FE_INVALID);
	fesetround(FE_UPWARD);
	EQ(feupdateenv(&held), 0);
	EQ(fetestexcept(FE_ALL_EXCEPT), FE_OVERFLOW | FE_INVALID);
	EQ(fegetround(), FE_DOWNWARD);
	EQ(fesetenv(FE_DFL_ENV), 0);
	EQ(fetestexcept(FE_ALL_EXCEPT), 0);
	EQ(fegetround(), FE_TONEAREST);
	EQ(fesetenv(&environment), 0);
	EQ(fetestexcept(FE_ALL_EXCEPT), FE_OVERFLOW);
	EQ(fegetround(), FE_DOWNWARD);
	fesetenv(FE_DFL_ENV);
}
