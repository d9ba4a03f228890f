// flags: -std=c99 -pedantic-errors -Wall -Wextra -Werror -lm
#include <tgmath.h>

int main(void)
{
	float f = 4.0f;
	double d = 4.0;
	long double l = 4.0L;
	int i = 4, quotient;
	int right = sizeof sqrt(f) == sizeof f && sizeof sqrt(d) == sizeof d && sizeof sqrt(l) == sizeof l && sizeof sqrt(i) == sizeof d;
	right = right && sizeof pow(f, d) == sizeof d && sizeof pow(f, f) == sizeof f && sizeof fmax(l, i) == sizeof l && sizeof atan2(i, f) == sizeof d;
	right = right && sqrt(f) + sqrt(d) + sqrt(i) == 6.0 && sqrt(l) == 2.0L && -sqrt(f) < 0 && pow(i, 2) == 16.0 && fma(f, d, i) == 20.0;
	right = right && lround(f) == 4 && ilogb(l) == 2 && ldexp(f, 1) == 8.0f && remquo(d, 3, &quotient) == 1.0 && fabs(fmin(-d, f)) == 4.0;
	return right ? 0 : 1;
}
