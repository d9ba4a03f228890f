#include "../check.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>

#define READS(function, text, value, number, used) \
	do { \
		char *end_ = NULL; \
		const char *text_ = (text); \
		EQ_ERRNO(function(text_, &end_), (value), (number)); \
		EQ(end_ - text_, (ptrdiff_t)(used)); \
	} while (0)

TEST(strtod)
{
	READS(strtod, "0", 0.0, 0, 1);
	READS(strtod, "1.5e3x", 1500.0, 0, 5);
	READS(strtod, " \n-.5", -0.5, 0, 5);
	READS(strtod, "5.", 5.0, 0, 2);
	READS(strtod, "1e", 1.0, 0, 1);
	READS(strtod, "1e+", 1.0, 0, 1);
	READS(strtod, "1e5000x", HUGE_VAL, ERANGE, 6);
	READS(strtod, "-1e5000", -HUGE_VAL, ERANGE, 7);
	READS(strtod, "1e-5000", 0.0, ERANGE, 7);
	READS(strtod, "0e5000", 0.0, 0, 6);
	IS(signbit(strtod("-0", NULL)));
	READS(strtod, "0x1.8p1", 3.0, 0, 7);
	READS(strtod, "0x.8", 0.5, 0, 4);
	READS(strtod, "0x1p", 1.0, 0, 3);
	READS(strtod, "0x", 0.0, 0, 1);
	READS(strtod, "0x.p1", 0.0, 0, 1);
	READS(strtod, "inf", INFINITY, 0, 3);
	READS(strtod, "-InFiNiTyx", -INFINITY, 0, 9);
	READS(strtod, "infinit", INFINITY, 0, 3);

	char *end;
	const char *nans[] = {"nan", "NaN(", "nan(12)", "nan(a_1)", "nan(+)"};
	const int used[] = {3, 3, 7, 8, 3};
	for (int at = 0; at < 5; at++) {
		IS(isnan(strtod(nans[at], &end)));
		EQ(end - nans[at], used[at]);
	}
	static const char *const none[] = {"", ".", "e5", "+", "-.", "x", "+.e1", "i", "n"};
	for (size_t at = 0; at < sizeof none / sizeof *none; at++) {
		IS(strtod(none[at], &end) == 0.0);
		EQ(end, (char *)none[at]);
	}
}

TEST(strtod_rounds_correctly)
{
	READS(strtod, "2.2250738585072014e-308", DBL_MIN, 0, 23);
	READS(strtod, "1.7976931348623157e308", DBL_MAX, 0, 22);
	/* Half way above the greatest: rounds to infinity. */
	READS(strtod, "1.7976931348623159e308", HUGE_VAL, ERANGE, 22);
	EQ(strtod("9007199254740993", NULL), 9007199254740992.0);
	EQ(strtod("9007199254740993.00000000000000000000000000000000000001", NULL), 9007199254740994.0);
	EQ(strtod("0.1", NULL), 0x1.999999999999ap-4);
	EQ(strtod("0.3", NULL), 0x1.3333333333333p-2);
	EQ(strtod("1e23", NULL), 0x1.52d02c7e14af6p76);
	/* ERANGE or not is up to the library where the result is subnormal. */
	IS(strtod("8.442911973260991817129021e-309", NULL) == 0x0.6123400000001p-1022);
	EQ(strtod("6.9294956446009195e15", NULL), 6929495644600919.5);
	EQ(strtod("3.518437208883201171875e13", NULL), 0x1.0000000000002p45);
	EQ(strtod("0x1.00000000000008p0", NULL), 1.0);
	EQ(strtod("0x1.000000000000080000000001p0", NULL), 0x1.0000000000001p0);
	EQ(strtod("0x1.00000000000018p0", NULL), 0x1.0000000000002p0);
	/* The least above zero, and half of it: ties to even. */
	errno = 0;
	IS(strtod("4.9406564584124654e-324", NULL) == 0x1p-1074);
	IS(strtod("2.4703282292062327e-324", NULL) == 0.0);
	IS(strtod("2.4703282292062328e-324", NULL) == 0x1p-1074);

	/* 800 digits decide: a tie, and one digit above it. */
	char text[900] = "1.00000000000000011102230246251565404236316680908203125";
	size_t length = strlen(text);
	EQ(strtod(text, NULL), 1.0);
	memset(text + length, '0', 700);
	text[length + 700] = 0;
	EQ(strtod(text, NULL), 1.0);
	text[length + 699] = '1';
	EQ(strtod(text, NULL), 0x1.0000000000001p0);
}

TEST(strtof)
{
	READS(strtof, "3.4028235e38", FLT_MAX, 0, 12);
	READS(strtof, "1e40", HUGE_VALF, ERANGE, 4);
	EQ(strtof("16777217", NULL), 16777216.0f);
	/* Rounding to double first would give the other neighbour. */
	EQ(strtof("1.00000005960464477539062500001", NULL), 0x1.000002p0f);
	EQ(strtof("0.1", NULL), 0.1f);
}

TEST(strtold)
{
	IS(strtold("0.1", NULL) == 0.1L);
	IS(strtold("1.18973149535723176502e+4932", NULL) == LDBL_MAX || LDBL_MANT_DIG != 64);
	errno = 0;
	IS(strtold("1e5000", NULL) == HUGE_VALL && errno == ERANGE);
	char *end;
	IS(strtold("0x1.8p1z", &end) == 3.0L && *end == 'z');
}

TEST(atof)
{
	EQ(atof("-2.5e1z"), -25.0);
	IS(atof("z") == 0.0);
}
