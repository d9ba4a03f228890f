#ifndef _TGMATH_H
#define _TGMATH_H

/*
 * C23 7.27 for real arguments: there is no <complex.h> yet. A function whose
 * long double form is not in the library does not accept long double at all:
 * a rounded answer would be a wrong one.
 */

#include <math.h>

#ifndef __cplusplus

/* One argument decides; integers count as double. C99 has this header, but no _Generic: as an extension it is no error there. */
#define __tg_fl(x, name) (__extension__ _Generic((x), float: name##f, long double: name##l, default: name))
#define __tg_f(x, name) (__extension__ _Generic((x), float: name##f, long double: (void)0, default: name))

/* The sum has the common type, but two floats stay float and an integer makes double. */
#define __tg_real(x) (__extension__ _Generic((x), float: (x), long double: (x), default: (double)0))
#define __tg_pair(x, y) (__tg_real(x) + __tg_real(y))

#define acos(x) __tg_f((x), acos)(x)
#define asin(x) __tg_f((x), asin)(x)
#define atan(x) __tg_f((x), atan)(x)
#define acosh(x) __tg_f((x), acosh)(x)
#define asinh(x) __tg_f((x), asinh)(x)
#define atanh(x) __tg_f((x), atanh)(x)
#define cos(x) __tg_f((x), cos)(x)
#define sin(x) __tg_f((x), sin)(x)
#define tan(x) __tg_f((x), tan)(x)
#define cosh(x) __tg_f((x), cosh)(x)
#define sinh(x) __tg_f((x), sinh)(x)
#define tanh(x) __tg_f((x), tanh)(x)
#define exp(x) __tg_f((x), exp)(x)
#define exp2(x) __tg_f((x), exp2)(x)
#define expm1(x) __tg_f((x), expm1)(x)
#define log(x) __tg_f((x), log)(x)
#define log10(x) __tg_f((x), log10)(x)
#define log1p(x) __tg_f((x), log1p)(x)
#define log2(x) __tg_f((x), log2)(x)
#define logb(x) __tg_fl((x), logb)(x)
#define cbrt(x) __tg_f((x), cbrt)(x)
#define fabs(x) __tg_fl((x), fabs)(x)
#define sqrt(x) __tg_fl((x), sqrt)(x)
#define erf(x) __tg_f((x), erf)(x)
#define erfc(x) __tg_f((x), erfc)(x)
#define lgamma(x) __tg_f((x), lgamma)(x)
#define tgamma(x) __tg_f((x), tgamma)(x)
#define ceil(x) __tg_fl((x), ceil)(x)
#define floor(x) __tg_fl((x), floor)(x)
#define nearbyint(x) __tg_fl((x), nearbyint)(x)
#define rint(x) __tg_fl((x), rint)(x)
#define round(x) __tg_fl((x), round)(x)
#define trunc(x) __tg_fl((x), trunc)(x)
#define ilogb(x) __tg_fl((x), ilogb)(x)
#define lrint(x) __tg_fl((x), lrint)(x)
#define llrint(x) __tg_fl((x), llrint)(x)
#define lround(x) __tg_fl((x), lround)(x)
#define llround(x) __tg_fl((x), llround)(x)

#define atan2(x, y) __tg_f(__tg_pair((x), (y)), atan2)((x), (y))
#define fdim(x, y) __tg_fl(__tg_pair((x), (y)), fdim)((x), (y))
#define fmax(x, y) __tg_fl(__tg_pair((x), (y)), fmax)((x), (y))
#define fmin(x, y) __tg_fl(__tg_pair((x), (y)), fmin)((x), (y))
#define fmod(x, y) __tg_fl(__tg_pair((x), (y)), fmod)((x), (y))
#define hypot(x, y) __tg_f(__tg_pair((x), (y)), hypot)((x), (y))
#define pow(x, y) __tg_f(__tg_pair((x), (y)), pow)((x), (y))
#define remainder(x, y) __tg_fl(__tg_pair((x), (y)), remainder)((x), (y))
#define copysign(x, y) __tg_fl(__tg_pair((x), (y)), copysign)((x), (y))
#define nextafter(x, y) __tg_fl(__tg_pair((x), (y)), nextafter)((x), (y))

#define frexp(x, y) __tg_fl((x), frexp)((x), (y))
#define ldexp(x, y) __tg_fl((x), ldexp)((x), (y))
#define scalbn(x, y) __tg_fl((x), scalbn)((x), (y))
#define scalbln(x, y) __tg_fl((x), scalbln)((x), (y))
#define nexttoward(x, y) __tg_fl((x), nexttoward)((x), (y))
#define remquo(x, y, quotient) __tg_fl(__tg_pair((x), (y)), remquo)((x), (y), (quotient))
#define fma(x, y, z) __tg_f(__tg_pair((x), (y)) + __tg_real(z), fma)((x), (y), (z))

#endif

#endif
