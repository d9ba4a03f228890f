#include "../check.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <wchar.h>

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

/* No number is plain zero, whatever was read on the way: all bits are. */
TEST(strtod_without_a_number)
{
	static const char *const none[] = {"-", "-.", "-e1", "-.e1", "-in", "-inx", "-na", "-x1", "--1", "-+1", "- 1", " -", "-(", "-p1", "+", "-nax"};
	for (size_t at = 0; at < sizeof none / sizeof *none; at++) {
		wchar_t wide[8];
		for (size_t i = 0; i == 0 || none[at][i - 1]; i++)
			wide[i] = none[at][i];
		char *end = NULL;
		wchar_t *wide_end = NULL;
		double number = strtod(none[at], &end), from_wide = wcstod(wide, &wide_end), plain = atof(none[at]), zero = 0.0;
		IS(memcmp(&number, &zero, sizeof zero) == 0 && end == none[at]);
		IS(memcmp(&from_wide, &zero, sizeof zero) == 0 && wide_end == wide);
		IS(memcmp(&plain, &zero, sizeof zero) == 0);
		float single = strtof(none[at], &end), single_from_wide = wcstof(wide, &wide_end), single_zero = 0.0f;
		IS(memcmp(&single, &single_zero, sizeof single_zero) == 0 && end == none[at]);
		IS(memcmp(&single_from_wide, &single_zero, sizeof single_zero) == 0 && wide_end == wide);
		long double large = strtold(none[at], &end), large_from_wide = wcstold(wide, &wide_end);
		IS(large == 0 && !signbit(large) && end == none[at]);
		IS(large_from_wide == 0 && !signbit(large_from_wide) && wide_end == wide);
		/* What is not there is not stored either. */
		double stored = 7.0;
		IS(sscanf(none[at], "%lf", &stored) != 1);
		IS(stored == 7.0);
		IS(strtol(none[at], &end, 0) == 0 && end == none[at]);
		IS(strtoull(none[at], &end, 0) == 0 && end == none[at]);
	}
	/* A zero before what does not go on is a number with a sign. */
	static const char *const zeros[] = {"-0x", "-0x.", "-0xp1", "-0e", "-0e+", "-0.e-"};
	static const int used[] = {2, 2, 2, 2, 2, 3};
	for (size_t at = 0; at < sizeof zeros / sizeof *zeros; at++) {
		char *end = NULL;
		double number = strtod(zeros[at], &end);
		IS(number == 0 && signbit(number));
		EQ(end - zeros[at], (ptrdiff_t)used[at]);
		long double large = strtold(zeros[at], &end);
		IS(large == 0 && signbit(large));
		EQ(end - zeros[at], (ptrdiff_t)used[at]);
	}
}
