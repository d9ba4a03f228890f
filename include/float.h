#ifndef _FLOAT_H
#define _FLOAT_H

/* C23 5.2.5.3.3 */

#include <features.h>

_XLIBC_BEGIN
int __flt_rounds(void);
_XLIBC_END

#define FLT_ROUNDS (__flt_rounds())
#define FLT_EVAL_METHOD 0
#define FLT_RADIX 2

#define FLT_MANT_DIG 24
#define FLT_DIG 6
#define FLT_DECIMAL_DIG 9
#define FLT_MIN_EXP (-125)
#define FLT_MAX_EXP 128
#define FLT_MIN_10_EXP (-37)
#define FLT_MAX_10_EXP 38
#define FLT_HAS_SUBNORM 1
#define FLT_EPSILON 0x1p-23F
#define FLT_TRUE_MIN 0x1p-149F
#define FLT_MIN 0x1p-126F
#define FLT_MAX 0x1.fffffep127F

#define DBL_MANT_DIG 53
#define DBL_DIG 15
#define DBL_DECIMAL_DIG 17
#define DBL_MIN_EXP (-1021)
#define DBL_MAX_EXP 1024
#define DBL_MIN_10_EXP (-307)
#define DBL_MAX_10_EXP 308
#define DBL_HAS_SUBNORM 1
#define DBL_EPSILON 0x1p-52
#define DBL_TRUE_MIN 0x1p-1074
#define DBL_MIN 0x1p-1022
#define DBL_MAX 0x1.fffffffffffffp1023

/* long double: binary128 on aarch64, the 80-bit x87 format on x86_64. */
#if defined(__aarch64__)
#define LDBL_MANT_DIG 113
#define LDBL_DIG 33
#define LDBL_DECIMAL_DIG 36
#define LDBL_EPSILON 0x1p-112L
#define LDBL_TRUE_MIN 0x1p-16494L
#define LDBL_MAX 0x1.ffffffffffffffffffffffffffffp16383L
#else
#define LDBL_MANT_DIG 64
#define LDBL_DIG 18
#define LDBL_DECIMAL_DIG 21
#define LDBL_EPSILON 0x1p-63L
#define LDBL_TRUE_MIN 0x1p-16445L
#define LDBL_MAX 0x1.fffffffffffffffep16383L
#endif
#define LDBL_MIN_EXP (-16381)
#define LDBL_MAX_EXP 16384
#define LDBL_MIN_10_EXP (-4931)
#define LDBL_MAX_10_EXP 4932
#define LDBL_HAS_SUBNORM 1
#define LDBL_MIN 0x1p-16382L
#define DECIMAL_DIG LDBL_DECIMAL_DIG

#if _XLIBC_ISO >= 2023
#define FLT_NORM_MAX FLT_MAX
#define DBL_NORM_MAX DBL_MAX
#define LDBL_NORM_MAX LDBL_MAX
#define FLT_SNAN __builtin_nansf("")
#define DBL_SNAN __builtin_nans("")
#define LDBL_SNAN __builtin_nansl("")
#ifndef INFINITY
#define INFINITY __builtin_inff()
#endif
#ifndef NAN
#define NAN __builtin_nanf("")
#endif
#define __STDC_VERSION_FLOAT_H__ 202311L
#endif

#endif
