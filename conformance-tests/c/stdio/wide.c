#define _GNU_SOURCE
#include "../check.h"
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

static void prints(int line, const wchar_t *expected, const wchar_t *format, ...)
{
	wchar_t buffer[200];
	va_list list;
	va_start(list, format);
	int length = vswprintf(buffer, 200, format, list);
	va_end(list);
	if (length != (int)wcslen(expected) || wcscmp(buffer, expected) != 0) {
		fail(__FILE__, line, "wprintf");
		fprintf(stderr, ": %d, not %zu\n", length, wcslen(expected));
	}
}
#define PRINTS(...) prints(__LINE__, __VA_ARGS__)

TEST(wprintf_conversions)
{
	PRINTS(L"1 -2 ff 0x7 00003", L"%d %ld %x %#x %05d", 1, -2L, 255, 7, 3);
	PRINTS(L"text|  te|wide|wi", L"%s|%4.2s|%ls|%.2ls", "text", "text", L"wide", L"wide");
	PRINTS(L"a|b|%", L"%c|%lc|%%", 'a', (wint_t)L'b');
	PRINTS(L"1.500000 1e+10 0x1p+0 inf", L"%f %g %a %f", 1.5, 1e10, 1.0, INFINITY);
	EXCEPT(musl, "1.2.3 refuses positions") PRINTS(L"2 1", L"%2$d %1$d", 1, 2);
	int at = 0;
	PRINTS(L"abc", L"abc%n", &at);
	EQ(at, 3);
}

TEST(swprintf_does_not_cut)
{
	wchar_t buffer[4] = L"###";
	EQ(swprintf(buffer, 4, L"%d", 123), 3);
	/* Unlike snprintf, too little room is an error: C23 7.31.2.3. */
	IS(swprintf(buffer, 4, L"%d", 1234) < 0);
}

TEST(swscanf)
{
	int a = 0, b = 0;
	wchar_t wide[8] = L"";
	char text[8] = "";
	double d = 0;
	GIVES(swscanf(L"12 word 3.5 0x1f", L"%d %ls %lf %i", &a, wide, &d, &b), 4);
	IS(a == 12 && b == 31 && d == 3.5 && wcscmp(wide, L"word") == 0);
	GIVES(swscanf(L"narrow", L"%s", text), 1);
	TEXT(text, "narrow");
	GIVES(swscanf(L"abc123", L"%l[a-c]%d", wide, &a), 2);
	IS(wcscmp(wide, L"abc") == 0 && a == 123);
	GIVES(swscanf(L"", L"%d", &a), EOF);
	GIVES(swscanf(L"x", L"%d", &a), 0);
}

TEST(wide_streams)
{
	IS(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	FILE *file = fopen("wide", "w");
	EQ(fwide(file, 0), 0);
	EQ(fputwc(L'\u00e4', file), (wint_t)L'\u00e4');
	IS(fwide(file, 0) > 0 && fwide(file, -1) > 0);
	IS(fputws(L"\u20ac\U0001f600\n", file) >= 0);
	EQ(fwprintf(file, L"%ls %d\n", L"\u00df", 5), 4);
	EQ(fclose(file), 0);
	char bytes[32] = "";
	file = fopen("wide", "r");
	EQ(fread(bytes, 1, sizeof bytes, file), 15u);
	IS(memcmp(bytes, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n\xc3\x9f 5\n", 15) == 0);
	EQ(fclose(file), 0);
	file = fopen("wide", "r");
	wchar_t line[16];
	EQ(fgetwc(file), (wint_t)L'\u00e4');
	EQ(ungetwc(L'\u00fc', file), (wint_t)L'\u00fc');
	IS(fgetws(line, 16, file) == line && wcscmp(line, L"\u00fc\u20ac\U0001f600\n") == 0);
	int five = 0;
	EQ(fwscanf(file, L"%ls%d", line, &five), 2);
	IS(line[0] == L'\u00df' && five == 5);
	EQ(fgetwc(file), (wint_t)L'\n');
	EQ(fgetwc(file), WEOF);
	IS(feof(file) && fclose(file) == 0);
	EQ(unlink("wide"), 0);
	setlocale(LC_ALL, "C");
}

TEST(wide_stream_of_wrong_bytes)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	FILE *file = fopen("wrong", "w");
	IS(fwrite("a\xff", 1, 2, file) == 2 && fclose(file) == 0);
	file = fopen("wrong", "r");
	EQ(fgetwc(file), (wint_t)L'a');
	EQ_ERRNO(fgetwc(file), WEOF, EILSEQ);
	EXCEPT(musl, "1.2.3 sets no error indicator") IS(ferror(file));
	EQ(fclose(file), 0);
	EQ(unlink("wrong"), 0);
	file = tmpfile();
	EXCEPT(glibc, "writes surrogates") {
		EQ_ERRNO(fputwc((wchar_t)0xd800, file), WEOF, EILSEQ);
		EXCEPT(musl, "1.2.3 sets no error indicator") IS(ferror(file));
	}
	fclose(file);
	setlocale(LC_ALL, "C");
}

TEST(narrow_prints_wide_text)
{
	char buffer[16];
	setlocale(LC_CTYPE, "C.UTF-8");
	EQ(snprintf(buffer, sizeof buffer, "%ls", L"\u00e4\u20ac"), 5);
	TEXT(buffer, "\xc3\xa4\xe2\x82\xac");
	/* A precision counts bytes and never cuts a character. */
	EQ(snprintf(buffer, sizeof buffer, "%.4ls", L"\u00e4\u20ac"), 2);
	EQ(snprintf(buffer, sizeof buffer, "%lc", (wint_t)L'\u20ac'), 3);
	setlocale(LC_ALL, "C");
}
