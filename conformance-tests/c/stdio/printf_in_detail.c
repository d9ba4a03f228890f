#define _GNU_SOURCE
#include "../check.h"
#include <float.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
#pragma GCC diagnostic ignored "-Wformat-zero-length"
#pragma GCC diagnostic ignored "-Wformat-truncation"

static char out[20000];

#define PRINTS(text, ...) \
	do { \
		EQ(snprintf(out, sizeof out, __VA_ARGS__), (int)strlen(text)); \
		TEXT(out, text); \
	} while (0)

TEST(printf_integers_in_detail)
{
	PRINTS("0", "%d", 0);
	PRINTS("-2147483648", "%d", INT_MIN);
	PRINTS("9223372036854775807", "%ld", LONG_MAX);
	PRINTS("-9223372036854775808", "%lld", LLONG_MIN);
	PRINTS("18446744073709551615", "%llu", ULLONG_MAX);
	PRINTS("  -42|-42  |-0042|+42| 42|042", "%5d|%-5d|%05d|%+d|% d|%03d", -42, -42, -42, 42, 42, 42);
	PRINTS("00042|  00042|", "%.5d|%07.5d|%.0d", 42, 42, 0);
	PRINTS("ff|FF|0xff|0XFF|0|0x0000ff", "%x|%X|%#x|%#X|%#x|%#08x", 255, 255, 255, 255, 0, 255);
	PRINTS("17|017|0|0", "%o|%#o|%#o|%#.0o", 15, 15, 0, 0);
	PRINTS("-1|255|-1|65535", "%hhd|%hhu|%hd|%hu", 255, 255, 65535, 65535);
	PRINTS("1|2|3", "%zu|%td|%jd", (size_t)1, (ptrdiff_t)2, (intmax_t)3);
	PRINTS("   7|7   |7", "%*d|%*d|%.*d", 4, 7, -4, 7, -1, 7);
	PRINTS("%|100%", "%%|%d%%", 100);
}

TEST(printf_text_in_detail)
{
	PRINTS("x|  x|x  ", "%c|%3c|%-3c", 'x', 'x', 'x');
	PRINTS("text|  te|te  |", "%s|%4.2s|%-4.2s|%.0s", "text", "text", "text", "text");
	EQ(snprintf(out, sizeof out, "a%cb", 0), 3);
	EQ(memcmp(out, "a\0b", 4), 0);
	/* Only as much is read as the precision says. */
	char *edge = fence(3);
	memcpy(edge, "abc", 3);
	PRINTS("abc", "%.3s", edge);
	PRINTS("[wide]|[wi]|[  wide]", "[%ls]|[%.2ls]|[%6ls]", L"wide", L"wide", L"wide");
	PRINTS("W", "%lc", (wint_t)L'W');
	int all = -1;
	long part = -1;
	signed char small = -1;
	PRINTS("12345", "123%ln4%hhn5%n", &part, &small, &all);
	EQ(part, 3);
	EQ(small, 4);
	EQ(all, 5);
	errno = ENOENT;
	IS(snprintf(out, sizeof out, "%m") > 0);
	IS(strcmp(out, strerror(ENOENT)) == 0);
}

TEST(printf_multibyte_in_detail)
{
	IS(setlocale(LC_ALL, "C.UTF-8") != NULL);
	PRINTS("\xc3\xa4\xe2\x82\xac", "%ls", L"\u00e4\u20ac");
	/* No part of a character. */
	PRINTS("\xc3\xa4", "%.4ls", L"\u00e4\u20ac");
	PRINTS("[  \xc3\xa4]", "[%4ls]", L"\u00e4");
	PRINTS("\xe2\x82\xac", "%lc", (wint_t)0x20ac);
	wchar_t wrong[] = {0xd800, 0};
	EQ_ERRNO(snprintf(out, sizeof out, "%ls", wrong), -1, EILSEQ);
	setlocale(LC_ALL, "C");
}

TEST(printf_doubles_in_detail)
{
	PRINTS("0.000000|-0.000000|1.500000", "%f|%f|%f", 0.0, -0.0, 1.5);
	PRINTS("0|2|2|4", "%.0f|%.0f|%.0f|%.0f", 0.5, 1.5, 2.5, 3.5);
	PRINTS("0.1|0.2|0.12|0.13", "%.1f|%.1f|%.2f|%.2f", 0.05, 0.25, 0.125, 0.13);
	PRINTS("1.|+1.5| 1.5|0001.5|1.5   ", "%#.0f|%+.1f|% .1f|%06.1f|%-6.1f", 1.0, 1.5, 1.5, 1.5, 1.5);
	PRINTS("1.500000e+00|1E+01|1e+100|5e-324", "%e|%.0E|%.0e|%.0e", 1.5, 9.5, 1e100, 4.9406564584124654e-324);
	PRINTS("100000|1e+06|0.0001|1e-05|0.1|1.00000", "%g|%g|%g|%g|%g|%#g", 1e5, 1e6, 1e-4, 1e-5, 0.1, 1.0);
	PRINTS("0.10000000000000001|3.1415926535897931", "%.17g|%.17g", 0.1, 3.14159265358979323846);
	PRINTS("1.7976931348623157e+308|2.2250738585072014e-308", "%.17g|%.17g", DBL_MAX, DBL_MIN);
	PRINTS("9.9999999999999992e+22|9.999999999999999e+22|1e+23", "%.17g|%.16g|%.15g", 1e23, 1e23, 1e23);
	PRINTS("inf|-INF|nan|  inf|inf  ", "%f|%F|%e|%05f|%-5g", INFINITY, -INFINITY, NAN, INFINITY, INFINITY);
	PRINTS("0x1p+0|0x1.8p+1|-0X1.FP+3|0x0p+0|0x1.0p+0", "%a|%a|%A|%a|%.1a", 1.0, 3.0, -15.5, 0.0, 1.0);
	PRINTS("0x1.999999999999ap-4|0x1.fffffffffffffp+1023", "%a|%a", 0.1, DBL_MAX);
	EQ(snprintf(out, sizeof out, "%.1100f", 4.9406564584124654e-324), 1102);
	IS(strncmp(out + 2 + 323, "4940656458412465441765687928682213723650598026143247644255856825", 64) == 0);
	EQ(snprintf(out, sizeof out, "%f", DBL_MAX), 316);
	IS(strncmp(out, "1797693134862315708145274237317043567980705675258449965989174768", 64) == 0);
	EQ(snprintf(out, sizeof out, "%.10000f", 1.0), 10002);
}

TEST(printf_long_doubles_in_detail)
{
	PRINTS("1.500000|-2.5|1e+100", "%Lf|%Lg|%.0Le", 1.5L, -2.5L, 1e100L);
	PRINTS("1 2.5 3 4.5 5", "%d %Lg %d %g %d", 1, 2.5L, 3, 4.5, 5);
	PRINTS("inf|nan", "%Lf|%Lf", (long double)INFINITY, (long double)NAN);
	int length = snprintf(out, sizeof out, "%Lf", LDBL_MAX);
	EQ(length, 4933 + 7);
	IS(strncmp(out, "11897314953572317650", 19) == 0);
	snprintf(out, sizeof out, "%.*Lg", LDBL_DECIMAL_DIG, 0.1L);
	IS(strtold(out, NULL) == 0.1L);
	snprintf(out, sizeof out, "%La", 0.1L);
	IS(strtold(out, NULL) == 0.1L);
	/* Registers for floating arguments run out first. */
	PRINTS("1 2 3 4 5 6 7 8 9 10 11 12", "%.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0Lf %d", 1., 2., 3., 4., 5.,
		6., 7., 8., 9., 10., 11.L, 12);
}

TEST(printf_positions_in_detail)
{
	PRINTS("2 1", "%2$d %1$d", 1, 2);
	PRINTS("two 1.5 7", "%2$s %3$.1f %1$d", 7, "two", 1.5);
	PRINTS("  7|7", "%1$*2$d|%1$d", 7, 3);
	PRINTS("1.50", "%1$.*2$f", 1.5, 2);
}

TEST(printf_too_long_in_detail)
{
	char small[4] = "xxx";
	EQ(snprintf(small, sizeof small, "%d", 12345), 5);
	TEXT(small, "123");
	EQ(snprintf(NULL, 0, "%s", "hello"), 5);
	small[0] = '#';
	EQ(snprintf(small, 1, "hello"), 5);
	TEXT(small, "");
	EQ_ERRNO(snprintf(NULL, 0, "%2147483647d ", 1), -1, EOVERFLOW);
}

static int through_list(char **text, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int result = vasprintf(text, format, list);
	va_end(list);
	return result;
}

TEST(asprintf_in_detail)
{
	char *text = NULL;
	EQ(asprintf(&text, "%s %d", "text", 5), 6);
	TEXT(text, "text 5");
	free(text);
	EQ(through_list(&text, "%0*d %Lg %s", 1000, 7, 1.5L, "end"), 1008);
	EQ(strlen(text), 1008u);
	TEXT(text + 999, "7 1.5 end");
	free(text);
	EQ(sprintf(out, "%d+%d", 1, 2), 3);
	TEXT(out, "1+2");
}

TEST(dprintf_in_detail)
{
	int ends[2];
	EQ(pipe(ends), 0);
	EQ(dprintf(ends[1], "%s %d", "pipe", 1), 6);
	EQ(read(ends[0], out, 100), 6);
	EQ(memcmp(out, "pipe 1", 6), 0);
	close(ends[0]);
	close(ends[1]);
	EQ_ERRNO(dprintf(-1, "x"), -1, EBADF);
}

#if HOST != HOST_glibc
TEST(printf_binary_in_detail)
{
	EXCEPT(musl, "1.2.3 does not know %b") {
		PRINTS("101|0b101|0|00000101", "%b|%#b|%#b|%08b", 5, 5, 0, 5);
	}
	EQ_ERRNO(snprintf(out, sizeof out, "%y", 1), -1, EINVAL);
}
#endif

TEST(printf_general_beyond_the_digits)
{
	PRINTS("0.25", "%.33g", 0.25);
	PRINTS("0.25", "%.1200g", 0.25);
	PRINTS("-0.25", "%.33Lg", -0.25L);
	PRINTS("100", "%.40g", 100.0);
	PRINTS("1.000000000000000030378602842700366689075e+40", "%.40g", 1e40);
	PRINTS("10000000000000000303786028427003666890752", "%.50g", 1e40);
	PRINTS("0.1000000000000000055511151231257827021181583404541015625", "%.100g", 0.1);
	PRINTS("0.250000000000000000000000000000000", "%#.33g", 0.25);
	PRINTS("[                0.25]", "[%20.33g]", 0.25);
	PRINTS("[00000000000000000.25]", "[%020.33g]", 0.25);
	PRINTS("[0.25                ]", "[%-20.33g]", 0.25);
	PRINTS("+0.25", "%+.33g", 0.25);
	PRINTS("0", "%.1200g", 0.0);
	PRINTS("-0", "%.33g", -0.0);
	wchar_t wide[64];
	EQ(swprintf(wide, 64, L"%.33g|%.33Lg", 0.25, 0.25L), 9);
	EQ(wcscmp(wide, L"0.25|0.25"), 0);
	/* Every digit of the smallest number, and only those. */
	EQ(snprintf(out, sizeof out, "%.1200g", 0x1p-1074), 757);
	EQ(snprintf(out, sizeof out, "%.1200f", 0x1p-1074), 1202);
}
