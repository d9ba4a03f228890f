#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <wchar.h>

static int same(const wchar_t *a, const wchar_t *b)
{
	return a != NULL && wcscmp(a, b) == 0;
}

TEST(copies)
{
	wchar_t buffer[8];
	IS(wcscpy(buffer, L"abc") == buffer && same(buffer, L"abc"));
	IS(wcscat(buffer, L"de") == buffer && same(buffer, L"abcde"));
	IS(wcsncpy(buffer, L"xy", 4) == buffer && same(buffer, L"xy") && buffer[3] == 0 && buffer[4] == L'e');
	IS(wcsncat(buffer, L"123", 2) == buffer && same(buffer, L"xy12"));
	EQ(wcpcpy(buffer, L"abc"), buffer + 3);
	EQ(wcpncpy(buffer, L"ab", 4), buffer + 2);
	wchar_t *copy = wcsdup(L"copy");
	IS(same(copy, L"copy"));
	free(copy);
	IS(wmemcpy(buffer, L"1234", 5) == buffer && wmemmove(buffer + 1, buffer, 4) == buffer + 1);
	IS(buffer[0] == L'1' && buffer[1] == L'1' && buffer[4] == L'4');
	IS(wmemset(buffer, L'z', 3) == buffer && buffer[2] == L'z');
}

TEST(searches)
{
	const wchar_t *text = L"hello world";
	EQ(wcslen(text), 11u);
	EQ(wcsnlen(text, 5), 5u);
	EQ(wcschr(text, L'o'), text + 4);
	EQ(wcschr(text, 0), text + 11);
	EQ(wcschr(text, L'q'), NULL);
	EQ(wcsrchr(text, L'o'), text + 7);
	EQ(wcsstr(text, L"wor"), text + 6);
	EQ(wcsstr(text, L""), text);
	EQ(wcsstr(text, L"worlds"), NULL);
	EQ(wcspbrk(text, L"xyw"), text + 6);
	EQ(wcsspn(text, L"hel"), 4u);
	EQ(wcscspn(text, L" "), 5u);
	EQ(wmemchr(text, L'w', 6), NULL);
	EQ(wmemchr(text, L'w', 7), text + 6);
}

TEST(compares)
{
	IS(wcscmp(L"a", L"b") < 0 && wcscmp(L"b", L"a") > 0 && wcscmp(L"", L"") == 0);
	/* wchar_t may be unsigned (aarch64): the order of the values. */
	IS(wcsncmp(L"abc", L"abd", 2) == 0 && wcsncmp(L"abc", L"abd", 3) < 0);
	IS(wmemcmp(L"a\0b", L"a\0c", 3) < 0 && wmemcmp(L"x", L"y", 0) == 0);
	IS(wcscasecmp(L"HeLLo", L"hEllO") == 0 && wcsncasecmp(L"ABx", L"aby", 2) == 0);
	IS(wcscoll(L"a", L"b") < 0);
	wchar_t key[8];
	EQ(wcsxfrm(key, L"abc", 8), 3u);
	EQ(wcsxfrm(NULL, L"abc", 0), 3u);
}

TEST(wcstok)
{
	wchar_t text[] = L",a,,b c", *state = NULL;
	IS(same(wcstok(text, L", ", &state), L"a"));
	IS(same(wcstok(NULL, L", ", &state), L"b"));
	IS(same(wcstok(NULL, L", ", &state), L"c"));
	GIVES(wcstok(NULL, L", ", &state), NULL);
}

TEST(numbers)
{
	wchar_t *end;
	const wchar_t *text = L"  -42x";
	EQ(wcstol(text, &end, 10), -42);
	EQ(end, text + 5);
	EQ(wcstoul(L"0xff", NULL, 0), 255u);
	EQ_ERRNO(wcstol(L"99999999999999999999", NULL, 10), LONG_MAX, ERANGE);
	EQ_ERRNO(wcstoull(L"99999999999999999999", NULL, 10), ULLONG_MAX, ERANGE);
	EQ(wcstod(L"1.5e3z", &end), 1500.0);
	EQ(*end, L'z');
	EQ(wcstof(L"0x1p-1", NULL), 0.5f);
	IS(wcstold(L"2.25", NULL) == 2.25L);
	IS(isinf(wcstod(L"-inf", NULL)));
	text = L"none";
	GIVES(wcstol(text, &end, 10), 0);
	EQ(end, text);
}

TEST(widths)
{
	IS(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	EQ(wcwidth(L'a'), 1);
	EQ(wcwidth(0), 0);
	EQ(wcwidth(L'\n'), -1);
	EQ(wcwidth(L'\u4e2d'), 2);
	EQ(wcwidth(L'\u0301'), 0);
	EQ(wcswidth(L"a\u4e2d", 2), 3);
	EQ(wcswidth(L"a\nb", 3), -1);
	setlocale(LC_CTYPE, "C");
}
