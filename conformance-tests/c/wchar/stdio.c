#define _GNU_SOURCE
#include "../check.h"
#include <locale.h>
#include <stdlib.h>
#include <wchar.h>

#pragma GCC diagnostic ignored "-Wformat"

static wchar_t out[100];

#define PRINTS(text, ...) \
	do { \
		EQ(swprintf(out, 100, __VA_ARGS__), (int)wcslen(text)); \
		IS(wcscmp(out, text) == 0); \
	} while (0)

TEST(wide_printf)
{
	PRINTS(L"-42|  x|1.50|0xff", L"%d|%3c|%.2f|%#x", -42, 'x', 1.5, 255);
}

TEST(swprintf)
{
	PRINTS(L"text|wide|te|    w", L"%s|%ls|%.2s|%5.1ls", "text", L"wide", "text", L"wide");
	PRINTS(L"2 1", L"%2$d %1$d", 1, 2);
	IS(swprintf(out, 3, L"abc") == -1);
	EQ(swprintf(out, 4, L"abc"), 3);
	IS(setlocale(LC_ALL, "C.UTF-8") != NULL);
	PRINTS(L"\u00e4\u20ac|\u00e4", L"%s|%.1s", "\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac");
	EQ_ERRNO(swprintf(out, 100, L"%s", "\xff"), -1, EILSEQ);
	setlocale(LC_ALL, "C");
}

TEST(swscanf)
{
	int a = 0;
	double d = 0;
	char narrow[20];
	wchar_t wide[20];
	EQ(swscanf(L"12 2.5 one two", L"%d%lf%19s%19ls", &a, &d, narrow, wide), 4);
	IS(a == 12 && d == 2.5 && strcmp(narrow, "one") == 0 && wcscmp(wide, L"two") == 0);
	EQ(swscanf(L"abc1", L"%l[a-c]%d", wide, &a), 2);
	IS(wcscmp(wide, L"abc") == 0 && a == 1);
	EQ(swscanf(L"", L"%d", &a), EOF);
}

TEST(wide_streams)
{
	IS(setlocale(LC_ALL, "C.UTF-8") != NULL);
	FILE *file = tmpfile();
	EQ(fwide(file, 0), 0);
	IS(fwide(file, 1) > 0);
	EQ(fputwc(0xe4, file), 0xe4u);
	EQ(fputws(L"\u20ac\n", file) >= 0, 1);
	EQ(fwprintf(file, L"%d %s\n", 7, "\xc3\xbc"), 4);
	rewind(file);
	EQ(fgetwc(file), 0xe4u);
	EQ(ungetwc(0x1f600, file), 0x1f600u);
	EQ(getwc(file), 0x1f600u);
	IS(fgetws(out, 100, file) == out && wcscmp(out, L"\u20ac\n") == 0);
	int a = 0;
	wchar_t word[10];
	EQ(fwscanf(file, L"%d%ls", &a, word), 2);
	IS(a == 7 && word[0] == 0xfc && word[1] == 0);
	EQ(fgetwc(file), (wint_t)L'\n');
	EQ(fgetwc(file), WEOF);
	IS(feof(file));
	fclose(file);
	file = tmpfile();
	fputs("a\xff", file);
	rewind(file);
	file = freopen(NULL, "r+", file);
	if (file != NULL) {
		EQ(fgetwc(file), (wint_t)L'a');
		EQ_ERRNO(fgetwc(file), WEOF, EILSEQ);
		EXCEPT(musl, "1.2.3 leaves the error indicator alone") {
			IS(ferror(file));
		}
		fclose(file);
	}
	setlocale(LC_ALL, "C");
}

TEST(wcstol)
{
	wchar_t *end;
	const wchar_t *text = L" -42x";
	EQ(wcstol(text, &end, 10), -42);
	EQ(end - text, 4);
	EQ(wcstoul(L"ff", NULL, 16), 255ul);
	EQ_ERRNO(wcstoll(L"99999999999999999999", NULL, 10), __LONG_LONG_MAX__, ERANGE);
	IS(wcstod(L"1.5e1", NULL) == 15.0);
	IS(wcstof(L"0.1", NULL) == 0.1f);
	IS(wcstold(L"0.1", NULL) == 0.1L);
}
