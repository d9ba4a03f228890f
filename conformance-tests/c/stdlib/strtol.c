#include "../check.h"
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

/* Value, errno and the number of bytes read of one call. */
#define READS(function, text, base, value, number, used) \
	do { \
		char *end_ = NULL; \
		const char *text_ = (text); \
		EQ_ERRNO(function(text_, &end_, (base)), (value), (number)); \
		EQ(end_ - text_, (ptrdiff_t)(used)); \
	} while (0)

TEST(strtol)
{
	READS(strtol, "0", 10, 0, 0, 1);
	READS(strtol, "123abc", 10, 123, 0, 3);
	READS(strtol, " \t\n\v\f\r-42", 10, -42, 0, 9);
	READS(strtol, "+7", 10, 7, 0, 2);
	READS(strtol, "9223372036854775807", 10, LONG_MAX, 0, 19);
	READS(strtol, "-9223372036854775808", 10, LONG_MIN, 0, 20);
	READS(strtol, "9223372036854775808", 10, LONG_MAX, ERANGE, 19);
	READS(strtol, "-9223372036854775809", 10, LONG_MIN, ERANGE, 20);
	/* All digits are read after an overflow. */
	READS(strtol, "99999999999999999999999999x", 10, LONG_MAX, ERANGE, 26);
	READS(strtol, "0x7fffffffffffffff", 16, LONG_MAX, 0, 18);
	READS(strtol, "-0X8000000000000000", 0, LONG_MIN, 0, 19);
	READS(strtol, "0x8000000000000000", 0, LONG_MAX, ERANGE, 18);
	READS(strtol, "010", 0, 8, 0, 3);
	READS(strtol, "08", 0, 0, 0, 1);
	READS(strtol, "10", 2, 2, 0, 2);
	READS(strtol, "12", 2, 1, 0, 1);
	READS(strtol, "zZ", 36, 35 * 36 + 35, 0, 2);
	/* "0x" without a digit: the number is the 0. */
	READS(strtol, "0x", 16, 0, 0, 1);
	READS(strtol, "0xg", 0, 0, 0, 1);
	READS(strtol, "-0x", 0, 0, 0, 2);
	EQ(strtol("5", NULL, 10), 5);
	/* Base 36 takes the x for a digit. */
	READS(strtol, "0x1", 36, 33 * 36 + 1, 0, 3);
	READS(strtol, "0000000000000000000000000000001", 10, 1, 0, 31);
}

TEST(strtol_without_a_number)
{
	char *end;
	static const char *const none[] = {"", " ", "+", "-", "- 1", "+-1", "x", " -x"};
	for (size_t at = 0; at < sizeof none / sizeof *none; at++) {
		end = NULL;
		/* POSIX.1-2024 lets errno be EINVAL. */
		errno = 0;
		IS(strtol(none[at], &end, 10) == 0 && (errno == 0 || errno == EINVAL));
		EQ(end, (char *)none[at]);
	}
	static const int wrong[] = {1, 37, -1, -36};
	for (size_t at = 0; at < 4; at++)
		EQ_ERRNO(strtol("1", &end, wrong[at]), 0, EINVAL);
}

TEST(strtoul)
{
	READS(strtoul, "18446744073709551615", 10, ULONG_MAX, 0, 20);
	READS(strtoul, "18446744073709551616", 10, ULONG_MAX, ERANGE, 20);
	READS(strtoul, "-1", 10, ULONG_MAX, 0, 2);
	READS(strtoul, "-18446744073709551615", 10, 1u, 0, 21);
	READS(strtoul, "-18446744073709551616", 10, ULONG_MAX, ERANGE, 21);
	READS(strtoul, "0xffffffffffffffff", 0, ULONG_MAX, 0, 18);
	READS(strtoul, "1777777777777777777777", 8, ULONG_MAX, 0, 22);
	READS(strtoul, "2000000000000000000000", 8, ULONG_MAX, ERANGE, 22);
}

TEST(strtoll)
{
	READS(strtoll, "9223372036854775807", 10, LLONG_MAX, 0, 19);
	READS(strtoll, "-9223372036854775809", 10, LLONG_MIN, ERANGE, 20);
	READS(strtoull, "18446744073709551616", 10, ULLONG_MAX, ERANGE, 20);
	READS(strtoull, "-2", 10, ULLONG_MAX - 1, 0, 2);
	READS(strtoimax, "-9223372036854775808", 10, INTMAX_MIN, 0, 20);
	READS(strtoumax, "18446744073709551615", 10, UINTMAX_MAX, 0, 20);
}

TEST(atoi)
{
	EQ(atoi("2147483647"), INT_MAX);
	EQ(atoi("-2147483648"), INT_MIN);
	EQ(atoi(" +12x"), 12);
	EQ(atoi("x"), 0);
	EQ(atol("-9223372036854775808"), LONG_MIN);
	EQ(atoll("9223372036854775807"), LLONG_MAX);
}
