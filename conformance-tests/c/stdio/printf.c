#define _GNU_SOURCE
#include "../check.h"
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <wchar.h>

/* No format attribute: the compiler would object to some of these. */
static void prints(int line, const char *expected, const char *format, ...)
{
	char buffer[700];
	memset(buffer, '#', sizeof buffer);
	va_list list;
	va_start(list, format);
	errno = 0;
	int length = vsnprintf(buffer, sizeof buffer, format, list);
	int number = errno;
	va_end(list);
	if (length != (int)strlen(expected) || strcmp(buffer, expected) != 0 || number != 0) {
		fail(__FILE__, line, format);
		fprintf(stderr, ": %d \"%s\", not \"%s\"; errno %d\n", length, buffer, expected, number);
	}
}
#define PRINTS(...) prints(__LINE__, __VA_ARGS__)

TEST(printf_integers)
{
	PRINTS("0|-1|2147483647|-2147483648", "%d|%i|%d|%d", 0, -1, INT_MAX, INT_MIN);
	PRINTS("4294967295|37777777777|ffffffff|FFFFFFFF", "%u|%o|%x|%X", -1, -1, -1, -1);
	PRINTS("-9223372036854775808|18446744073709551615", "%lld|%llu", LLONG_MIN, ULLONG_MAX);
	PRINTS("-9223372036854775808|9223372036854775807", "%ld|%jd", LONG_MIN, INTMAX_MAX);
	PRINTS("18446744073709551615|-5", "%zu|%td", SIZE_MAX, (ptrdiff_t)-5);
	/* Converted to the narrow type before it is printed: C23 7.23.6.1p7. */
	PRINTS("-1|255|-1|65535", "%hhd|%hhu|%hd|%hu", 0xfff, 0xfff, 0xfffff, 0xfffff);
	PRINTS("0|0x1|01|0X1F", "%#x|%#x|%#o|%#X", 0, 1, 1, 31);
	PRINTS("0", "%#o", 0);
	PRINTS("||0", "%.0d|%.0x|%#.0o", 0, 0, 0);
	PRINTS("   42|42   |00042|  +42| 42", "%5d|%-5d|%05d|%+5d|% d", 42, 42, 42, 42, 42);
	PRINTS("00042|  00042|00042  |  042", "%.5d|%7.5d|%-7.5d|%05.3d", 42, 42, 42, 42);
	PRINTS("+42|+0|-1", "%+ d|%+d|%+d", 42, 0, -1);
	PRINTS("0x002a|0x0000002a|    0x2a", "%#06x|%#.8x|%#8x", 42, 42, 42);
	PRINTS("42   |   42|00007", "%*d|%*d|%.*d", -5, 42, 5, 42, 5, 7);
	/* A negative precision is none. */
	PRINTS("42", "%.*d", -3, 42);
	PRINTS("2 1 2", "%2$d %1$d %2$d", 1, 2);
	PRINTS("    7|0007", "%1$*2$d|%1$.*3$d", 7, 5, 4);
}

TEST(printf_binary)
{
	/* C23 7.23.6.1p8 %b */
	EXCEPT(musl, "1.2.3 has no %b") {
		PRINTS("101010|0b101010|0|0b00000101", "%b|%#b|%#b|%#010b", 42, 42, 0, 5);
	}
}

TEST(printf_text)
{
	PRINTS("a|   b|c   |%", "%c|%4c|%-4c|%%", 'a', 'b', 'c');
	PRINTS("abc|  abc|abc  |ab|   ab", "%s|%5s|%-5s|%.2s|%5.2s", "abc", "abc", "abc", "abc", "abc");
	PRINTS("", "%s", "");
	PRINTS("||", "|%.0s|", "abc");
	/* With a precision the text need not end: reading past it would be a fault. */
	PRINTS("four", "%.4s", memcpy(fence(4), "four", 4));
	PRINTS("wide|wi", "%ls|%.3ls", L"wide", L"wi");
	PRINTS("A", "%lc", (wint_t)L'A');
	PRINTS("a\tb", "%s", "a\tb");
	char buffer[8];
	EQ(snprintf(buffer, sizeof buffer, "%c", 0), 1);
	IS(buffer[0] == 0 && buffer[1] == 0);
}

TEST(printf_pointers)
{
	char buffer[32];
	int here;
	void *back;
	IS(snprintf(buffer, sizeof buffer, "%p", (void *)&here) > 0);
	EQ(sscanf(buffer, "%p", &back), 1);
	EQ(back, (void *)&here);
	PRINTS("0x1234", "%p", (void *)0x1234);
}

TEST(printf_n)
{
	int at = -1;
	long long far = -1;
	signed char near = -1;
	PRINTS("12345", "%s%n%s%lln%hhn", "123", &at, "45", &far, &near);
	IS(at == 3 && far == 5 && near == 5);
}

TEST(printf_fixed)
{
	PRINTS("0.000000|1.500000|-1.500000", "%f|%f|%f", 0.0, 1.5, -1.5);
	PRINTS("-0.000000|-0|-0.0", "%f|%.0f|%.1f", -0.0, -0.0, -0.01);
	/* Exact ties go to even: the value is exact in binary. */
	PRINTS("0|2|2|4|0.2|0.3", "%.0f|%.0f|%.0f|%.0f|%.1f|%.1f", 0.5, 1.5, 2.5, 3.5, 0.25, 0.35);
	PRINTS("1|1.|10", "%.0f|%#.0f|%.0f", 1.0, 1.0, 9.5);
	PRINTS("0.1000000000000000055511151231257827021181583404541015625", "%.55f", 0.1);
}

TEST(printf_large_and_small)
{
	char buffer[1200];
	EQ(snprintf(buffer, sizeof buffer, "%.0f", 1.7976931348623157e308), 309);
	IS(strncmp(buffer, "179769313486231570814527423731704356798070567525844996598917476803157260780028538760589558632", 93) == 0);
	TEXT(buffer + 309 - 20, "50404026184124858368");
	EQ(snprintf(buffer, sizeof buffer, "%.1074f", 0x1p-1074), 1076);
	IS(strncmp(buffer + 2, "0000000000", 10) == 0 && strcmp(buffer + 1076 - 10, "3447265625") == 0);
	EQ(snprintf(NULL, 0, "%.1100f", 1.0), 1102);
	EQ(snprintf(NULL, 0, "%1000d", 1), 1000);
}

TEST(printf_scientific)
{
	PRINTS("0.000000e+00|1.000000e+00|1.234568e+02", "%e|%e|%e", 0.0, 1.0, 123.4567891);
	PRINTS("1e+100|1.E+100|-1.0e-05", "%.0e|%#.0E|%.1e", 1e100, 1e100, -1e-5);
	PRINTS("4.9406564584124654e-324|1.7976931348623157e+308", "%.16e|%.16e", 0x1p-1074, 1.7976931348623157e308);
	PRINTS("9.9999999999999995e-08|1e+01|1.0e+01", "%.16e|%.0e|%.1e", 1e-7, 9.9, 9.99);
	PRINTS("2e+00|4e+00", "%.0e|%.0e", 2.5, 3.5);
}

TEST(printf_general)
{
	PRINTS("0|1|100000|1e+06|0.0001|1e-05", "%g|%g|%g|%g|%g|%g", 0.0, 1.0, 100000.0, 1000000.0, 0.0001, 0.00001);
	PRINTS("123457|1.23457e+06|0.1", "%g|%g|%g", 123456.7, 1234567.0, 0.1);
	PRINTS("0.00000|1.00000|1.00000e+06", "%#g|%#g|%#g", 0.0, 1.0, 1e6);
	PRINTS("1e+01|10|1e+01", "%.1g|%.2g|%.0g", 9.99, 9.99, 9.99);
	PRINTS("0.10000000000000001|1E-10|  1.5|1.5  |001.5", "%.17g|%G|%5g|%-5g|%05g", 0.1, 1e-10, 1.5, 1.5, 1.5);
	PRINTS("+1.5| 1.5|-1.5", "%+g|% g|%+g", 1.5, 1.5, -1.5);
}

TEST(printf_hexadecimal)
{
	PRINTS("0x1p+0|0x1.8p+1|0x1p-1|-0x1p+0", "%a|%a|%a|%a", 1.0, 3.0, 0.5, -1.0);
	PRINTS("0x0p+0|0X1.FP+3|0x1.999999999999ap-4", "%a|%A|%a", 0.0, 15.5, 0.1);
	PRINTS("0x1.ap-4|0x2p+0|0x1.p+0|0x1.00p+0", "%.1a|%.0a|%#.0a|%.2a", 0.1, 1.75, 1.0, 1.0);
	PRINTS("   0x1p+0|0x0001p+0", "%9a|%09a", 1.0, 1.0);
}

TEST(printf_infinite)
{
	PRINTS("inf|-inf|INF|+inf", "%f|%e|%G|%+a", INFINITY, -INFINITY, INFINITY, INFINITY);
	PRINTS("nan|NAN|  inf|inf  ", "%f|%F|%05f|%-5g", fabs(NAN), fabs(NAN), INFINITY, INFINITY);
}

TEST(printf_long_double)
{
	PRINTS("1.5|-1e+100|0.1", "%Lg|%Lg|%Lg", 1.5L, -1e100L, 0.1L);
	PRINTS("18446744073709551615.0", "%.1Lf", 18446744073709551615.0L);
	PRINTS("inf|0", "%Lf|%Lg", (long double)INFINITY, 0.0L);
	PRINTS("9007199254740993", "%.0Lf", 9007199254740993.0L);
}

TEST(snprintf_cuts)
{
	char buffer[6] = "#####";
	EQ(snprintf(buffer, 4, "%d", 123456), 6);
	IS(memcmp(buffer, "123\0#", 6) == 0);
	EQ(snprintf(buffer, 1, "abc"), 3);
	IS(buffer[0] == 0 && buffer[1] == '2');
	EQ(snprintf(buffer, 0, "abc"), 3);
	IS(buffer[1] == '2');
	EQ(snprintf(NULL, 0, "%s", "seven77"), 7);
	/* C23 7.23.6.5 with POSIX.1-2024: more than INT_MAX is EOVERFLOW. */
	EQ_ERRNO(snprintf(NULL, 0, "%2147483647d%d", 1, 2), -1, EOVERFLOW);
}

TEST(asprintf)
{
	char *text = NULL;
	IS(asprintf(&text, "%s-%0300d", "long", 7) == 305);
	IS(strlen(text) == 305 && text[304] == '7');
	free(text);
	IS(asprintf(&text, "%s", "") == 0 && text[0] == 0);
	free(text);
}

TEST(sprintf)
{
	char buffer[16];
	EQ(sprintf(buffer, "%d,%s", 5, "x"), 3);
	TEXT(buffer, "5,x");
	/* An argument of a wide text that no byte can hold in the C locale, or in UTF-8: not a character. */
	EQ_ERRNO(sprintf(buffer, "%ls", L"\xd800"), -1, EILSEQ);
}
