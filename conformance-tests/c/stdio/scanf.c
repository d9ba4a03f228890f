#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <wchar.h>

static int scan(const char *text, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int count = vsscanf(text, format, list);
	va_end(list);
	return count;
}

TEST(scanf_integers)
{
	int a = 0, b = 0, c = 0;
	GIVES(scan(" 12 -34\n+5", "%d%d%d", &a, &b, &c), 3);
	IS(a == 12 && b == -34 && c == 5);
	GIVES(scan("0x1f 017 08", "%i%i%d", &a, &b, &c), 3);
	IS(a == 31 && b == 15 && c == 8);
	GIVES(scan("0x1f", "%x", &a), 1);
	EQ(a, 31);
	GIVES(scan("777", "%o", &a), 1);
	EQ(a, 511);
	GIVES(scan("12345", "%2d%3d", &a, &b), 2);
	IS(a == 12 && b == 345);
	signed char tiny = 0;
	short small = 0;
	long long big = 0;
	size_t size = 0;
	GIVES(scan("100 -300 -9223372036854775808 18446744073709551615", "%hhd%hd%lld%zu", &tiny, &small, &big, &size), 4);
	IS(tiny == 100 && small == -300 && big == LLONG_MIN && size == SIZE_MAX);
	GIVES(scan("1 2 3", "%*d%d%*d", &a), 1);
	EQ(a, 2);
	/* "0x" is no number, but nothing says that the pair is read as 0 either: C23 7.23.6.2p10 fails the match. */
	a = 7;
	EXCEPT(glibc, "takes the 0") GIVES(scan("0xz", "%x", &a), 0);
	GIVES(scan("2 1", "%2$d%1$d", &a, &b), 2);
	IS(a == 1 && b == 2);
}

TEST(scanf_ends)
{
	int a = 0, b = 7, at = -1;
	GIVES(scan("", "%d", &a), EOF);
	GIVES(scan("   ", "%d", &a), EOF);
	GIVES(scan("x", "%d", &a), 0);
	GIVES(scan("12,x", "%d,%d", &a, &b), 1);
	GIVES(scan("12", "%d %d", &a, &b), 1);
	GIVES(scan("", ""), 0);
	GIVES(scan("", "%%"), EOF);
	GIVES(scan("  % 5", "%% %d", &a), 1);
	GIVES(scan("ab 12", "ab%n %n%d", &at, &b, &a), 1);
	IS(at == 2 && b == 3 && a == 12);
	GIVES(scan("a", "%n", &at), 0);
	EQ(at, 0);
	GIVES(scan("-", "%d", &a), 0);
	GIVES(scan("abc", "abd%d", &a), 0);
}

TEST(scanf_texts)
{
	char a[16] = "", b[16] = "", c[4] = "";
	GIVES(scan("  one two", "%s%s", a, b), 2);
	IS(strcmp(a, "one") == 0 && strcmp(b, "two") == 0);
	GIVES(scan("abcdef", "%3s%s", a, b), 2);
	IS(strcmp(a, "abc") == 0 && strcmp(b, "def") == 0);
	memset(c, '#', sizeof c);
	GIVES(scan(" xyz", "%3c", c), 1);
	IS(memcmp(c, " xy#", 4) == 0);
	GIVES(scan("  z", " %c", c), 1);
	EQ(c[0], 'z');
	GIVES(scan("abc123", "%[a-z]%[0-9]", a, b), 2);
	IS(strcmp(a, "abc") == 0 && strcmp(b, "123") == 0);
	GIVES(scan("a]b-c", "%[]a]%[^-]", a, b), 2);
	IS(strcmp(a, "a]") == 0 && strcmp(b, "b") == 0);
	GIVES(scan("x-y", "%[x-]", a), 1);
	TEXT(a, "x-");
	GIVES(scan("123", "%[^0-9]", a), 0);
	GIVES(scan("line one\nline two", "%[^\n]%*c%5[^\n]", a, b), 2);
	IS(strcmp(a, "line one") == 0 && strcmp(b, "line ") == 0);
}

TEST(scanf_allocates)
{
	char *text = NULL, *other = NULL;
	wchar_t *wide = NULL;
	GIVES(scan("hello world", "%ms %m[a-z]", &text, &other), 2);
	TEXT(text, "hello");
	TEXT(other, "world");
	free(text);
	free(other);
	GIVES(scan("hello", "%mls", &wide), 1);
	IS(wide != NULL && wcscmp(wide, L"hello") == 0);
	free(wide);
}

TEST(scanf_floats)
{
	float f = 0;
	double d = 0, e = 0;
	long double l = 0;
	GIVES(scan("1.5 -2.5e3 0x1.8p1", "%f%lf%Lf", &f, &d, &l), 3);
	IS(f == 1.5f && d == -2500 && l == 3);
	GIVES(scan("inf nan -infinity", "%lf%lf%f", &d, &e, &f), 3);
	IS(isinf(d) && isnan(e) && isinf(f) && f < 0);
	GIVES(scan(".5 5.", "%lf%lf", &d, &e), 2);
	IS(d == 0.5 && e == 5);
	GIVES(scan("1.25", "%3lf", &d), 1);
	EQ(d, 1.2);
	GIVES(scan("1e5x", "%le", &d), 1);
	EQ(d, 1e5);
	/* The longest prefix of a number is read, and "1e" is not a number: 7.23.6.2p9. */
	GIVES(scan(".", "%lf", &d), 0);
	EXCEPT(glibc, "takes 1 out of 1e+") GIVES(scan("1e+", "%lf", &d), 0);
	GIVES(scan("0.1", "%lf", &d), 1);
	EQ(d, 0.1);
	GIVES(scan("2.2250738585072011e-308", "%lf", &d), 1);
	EQ(d, 0x0.fffffffffffffp-1022);
}

TEST(scanf_wide_texts)
{
	wchar_t wide[8];
	GIVES(scan("abc def", "%ls", wide), 1);
	IS(wcscmp(wide, L"abc") == 0);
	GIVES(scan("xyz", "%2lc", wide), 1);
	IS(wide[0] == L'x' && wide[1] == L'y');
	GIVES(scan("xyz", "%l[xy]", wide), 1);
	IS(wcscmp(wide, L"xy") == 0);
}

TEST(fscanf_leaves_the_rest)
{
	FILE *file = tmpfile();
	int a = 0, b = 0;
	IS(file != NULL);
	if (file == NULL)
		return;
	IS(fputs("12abc 0x 5", file) >= 0);
	rewind(file);
	GIVES(fscanf(file, "%d", &a), 1);
	EQ(getc(file), 'a');
	GIVES(fscanf(file, "bc"), 0);
	GIVES(fscanf(file, "%d%d", &a, &b), 1);
	/* One character of push back: the x that ended the number is read next. */
	EQ(getc(file), 'x');
	GIVES(fscanf(file, "%d", &a), 1);
	EQ(a, 5);
	GIVES(fscanf(file, "%d", &a), EOF);
	IS(feof(file));
	fclose(file);
}
