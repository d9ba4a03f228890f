#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <wchar.h>

#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"

TEST(scanf_integers_in_detail)
{
	int a = 0, b = 0, c = 0;
	EQ(sscanf("1 -2 +3", "%d%d%d", &a, &b, &c), 3);
	IS(a == 1 && b == -2 && c == 3);
	EQ(sscanf("0x1f 017 19", "%i%i%i", &a, &b, &c), 3);
	IS(a == 31 && b == 15 && c == 19);
	EQ(sscanf("ff 0xFF 77", "%x%x%o", &a, &b, &c), 3);
	IS(a == 255 && b == 255 && c == 63);
	EQ(sscanf("12345", "%2d%2d%d", &a, &b, &c), 3);
	IS(a == 12 && b == 34 && c == 5);
	signed char tiny[2] = {9, 9};
	short small[2] = {9, 9};
	long large = 0;
	long long huge = 0;
	EQ(sscanf("-1 -2 -3 -4", "%hhd%hd%ld%lld", tiny, small, &large, &huge), 4);
	IS(tiny[0] == -1 && tiny[1] == 9 && small[0] == -2 && small[1] == 9 && large == -3 && huge == -4);
	unsigned u = 0;
	EQ(sscanf("4294967295", "%u", &u), 1);
	EQ(u, UINT_MAX);
	void *pointer = NULL;
	char text[40];
	snprintf(text, sizeof text, "%p", (void *)&huge);
	EQ(sscanf(text, "%p", &pointer), 1);
	EQ(pointer, (void *)&huge);
}

TEST(scanf_floats_in_detail)
{
	float f = 0;
	double d = 0;
	long double l = 0;
	EQ(sscanf("1.5 -2.5e3 0x1.8p1", "%f%lf%Lf", &f, &d, &l), 3);
	IS(f == 1.5f && d == -2500 && l == 3);
	EQ(sscanf("inf -nan .5", "%f%lf%Lf", &f, &d, &l), 3);
	IS(isinf(f) && isnan(d) && l == 0.5L);
	EQ(sscanf("1.2345", "%4lf%f", &d, &f), 2);
	IS(d == 1.23 && f == 45);
	EQ(sscanf("0.1", "%Lg", &l), 1);
	IS(l == 0.1L);
	/* The longest prefix of a number is taken, and is none. */
	EXCEPT(glibc, "takes 1e for a number") {
		EQ(sscanf("1e!", "%lf", &d), 0);
	}
	IS(sscanf("x", "%lf", &d) == 0);
	EQ(sscanf("", "%lf", &d), EOF);
}

TEST(scanf_text_in_detail)
{
	char a[20], b[20];
	memset(a, '#', sizeof a);
	EQ(sscanf("  one two", "%s%s", a, b), 2);
	TEXT(a, "one");
	TEXT(b, "two");
	EQ(sscanf("abcdef", "%3s%s", a, b), 2);
	TEXT(a, "abc");
	TEXT(b, "def");
	memset(a, '#', sizeof a);
	EQ(sscanf(" xyz", "%c%2c", a, b), 2);
	IS(a[0] == ' ' && a[1] == '#' && memcmp(b, "xy", 2) == 0);
	EQ(sscanf("abc123]", "%[a-c]%[^]]", a, b), 2);
	TEXT(a, "abc");
	TEXT(b, "123");
	EQ(sscanf("]-x", "%[]-]", a), 1);
	TEXT(a, "]-");
	EQ(sscanf("123", "%[a-z]", a), 0);
	EQ(sscanf("key = value", " %[a-z] = %s", a, b), 2);
	TEXT(b, "value");
	char *grown = NULL;
	EQ(sscanf("  allocated text", "%ms", &grown), 1);
	TEXT(grown, "allocated");
	free(grown);
	EQ(sscanf("aab", "%m[a]", &grown), 1);
	TEXT(grown, "aa");
	free(grown);
	wchar_t wide[20];
	EQ(sscanf("wide", "%ls", wide), 1);
	IS(wcscmp(wide, L"wide") == 0);
}

TEST(scanf_results_in_detail)
{
	int a = -1, b = -1, n = -1;
	EQ(sscanf("", "%d", &a), EOF);
	EQ(sscanf("   ", "%d", &a), EOF);
	IS(sscanf("x", "%d", &a) == 0);
	EQ(sscanf("1", "%d%d", &a, &b), 1);
	IS(sscanf("1 x", "%d%d", &a, &b) == 1);
	EQ(sscanf("1,2", "%d,%d%n", &a, &b, &n), 2);
	EQ(n, 3);
	EQ(sscanf("1 2", "%*d%d", &a), 1);
	EQ(a, 2);
	EQ(sscanf("5%", "%d%%%n", &a, &n), 1);
	EQ(n, 2);
	EQ(sscanf("a b", "a b%n", &n), 0);
	EQ(n, 3);
	EQ(sscanf("ab", "a%n b%n", &n, &n), 0);
	EQ(n, 2);
	EQ(sscanf("b", "a"), 0);
	EQ(sscanf("", "a"), EOF);
	EQ(sscanf("3 4", "%2$d%1$d", &a, &b), 2);
	IS(a == 4 && b == 3);
}

static int through_list(FILE *file, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int result = vfscanf(file, format, list);
	va_end(list);
	return result;
}

TEST(fscanf_in_detail)
{
	FILE *file = tmpfile();
	IS(fputs("12 34abc 5.5\n", file) >= 0);
	rewind(file);
	int a = 0, b = 0;
	double d = 0;
	char text[10];
	EQ(fscanf(file, "%d%d", &a, &b), 2);
	IS(a == 12 && b == 34);
	/* What did not match is still there. */
	IS(fscanf(file, "%d", &a) == 0);
	EQ(fgetc(file), 'a');
	EQ(through_list(file, "%s%lf", text, &d), 2);
	TEXT(text, "bc");
	IS(d == 5.5);
	EQ(fscanf(file, "%d", &a), EOF);
	IS(feof(file) && !ferror(file));
	EQ(fclose(file), 0);
}

TEST(scanf_multibyte_in_detail)
{
	IS(setlocale(LC_ALL, "C.UTF-8") != NULL);
	wchar_t wide[10];
	EQ(sscanf("\xc3\xa4\xe2\x82\xac rest", "%ls", wide), 1);
	IS(wide[0] == 0xe4 && wide[1] == 0x20ac && wide[2] == 0);
	setlocale(LC_ALL, "C");
}

/* C23 7.23.6.2: with l, the input of %c is a sequence of multibyte characters. */
TEST(scanf_wide_characters)
{
	IS(setlocale(LC_ALL, "C.UTF-8") != NULL);
	wchar_t wide[8] = {0}, *allocated = NULL;
	int used = 0;
	EXCEPT(musl, "reads as many bytes as characters are wanted") {
		EQ(sscanf("\u00e4b", "%lc%n", wide, &used), 1);
		IS(wide[0] == 0xe4 && wide[1] == 0 && used == 2);
		EQ(sscanf("\u00e4b\u20acd", "%3lc%n", wide, &used), 1);
		IS(wide[0] == 0xe4 && wide[1] == 'b' && wide[2] == 0x20ac && wide[3] == 0 && used == 6);
		EQ(sscanf("\U0001f600!", "%*lc%lc", wide), 1);
		EQ(wide[0], L'!');
		EQ(sscanf("\u00e4\u20ac", "%2mlc", &allocated), 1);
		IS(allocated != NULL && allocated[0] == 0xe4 && allocated[1] == 0x20ac);
		free(allocated);
	}
	EQ(sscanf("\u00e4\u00f6 x", "%ls%n", wide, &used), 1);
	IS(wcscmp(wide, L"\u00e4\u00f6") == 0 && used == 4);
	/* The width of %s and %[ is in bytes. */
	EQ(sscanf("\u00e4\u00f6x", "%4l[^x]%n", wide, &used), 1);
	IS(wcscmp(wide, L"\u00e4\u00f6") == 0 && used == 4);
	EQ(sscanf("a\u00e4", "%l[a-z]", wide), 1);
	IS(wcscmp(wide, L"a") == 0);
	setlocale(LC_ALL, "C");
	EQ(sscanf("ab", "%2lc", wide), 1);
	IS(wide[0] == 'a' && wide[1] == 'b');
}
