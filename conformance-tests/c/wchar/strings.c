#define _GNU_SOURCE
#include "../check.h"

#include <stdlib.h>
#include <wchar.h>

TEST(wide_copies)
{
	wchar_t to[16];
	wmemset(to, 9, 16);
	IS(wcpcpy(to, L"abc") == to + 3);
	IS(wcpncpy(to, L"xy", 5) == to + 2 && wmemcmp(to, L"xy\0\0\0\x09", 6) == 0);
	IS(wcscpy(to, L"a") == to && wcsncat(to, L"key=", 3) == to && wcscat(to, L"!") == to && wcscmp(to, L"akey!") == 0);
	wchar_t *copied = wcsdup(L"copied");
	IS(copied != NULL && wcscmp(copied, L"copied") == 0);
	free(copied);
	IS(wmemmove(to + 1, to, 6) == to + 1 && wcscmp(to, L"aakey!") == 0);
	EQ(wcsxfrm(to, L"abc", 3) >= 3, 1);
}

TEST(wide_searches)
{
	const wchar_t *text = L"key=value=x";
	IS(wcschr(text, '=') == text + 3 && wcsrchr(text, '=') == text + 9 && wcschr(text, 0) == text + 11 && wcschr(text, 1) == NULL);
	IS(wcsstr(text, L"value") == text + 4 && wcsstr(text, L"") == text && wcsstr(text, L"values") == NULL);
	IS(wcspbrk(text, L"v=") == text + 3 && wmemchr(text, '=', 3) == NULL && wmemchr(text, '=', 4) == text + 3);
	EQ(wcsspn(text, L"yek"), 3UL);
	EQ(wcscspn(text, L"=v"), 3UL);
	EQ(wcslen(text), 11UL);
	EQ(wcsnlen(text, 4), 4UL);
	/* A needle that repeats, in a long text. */
	static wchar_t many[5001];
	wmemset(many, 'a', 5000);
	many[4999] = 'b';
	IS(wcsstr(many, L"aaaaaaab") == many + 4992);
	wchar_t tokens[] = L"..a.bc..", *rest;
	IS(wcscmp(wcstok(tokens, L".", &rest), L"a") == 0 && wcscmp(wcstok(NULL, L".", &rest), L"bc") == 0 && wcstok(NULL, L".", &rest) == NULL);
}

TEST(wide_comparisons)
{
	EQ(sign(wcscmp(L"abc", L"abd")), -1);
	EQ(sign(wcscmp(L"abc", L"ab")), 1);
	EQ(wcsncmp(L"abc", L"abd", 2), 0);
	EQ(sign(wcscoll(L"b", L"a")), 1);
	EQ(wcscasecmp(L"HeLLo", L"hEllO"), 0);
	EQ(sign(wcsncasecmp(L"ab", L"AC", 2)), -1);
	EQ(sign(wmemcmp(L"a\0b", L"a\0c", 3)), -1);
	EQ(wcwidth('a'), 1);
	EQ(wcwidth(0), 0);
	EQ(wcwidth(7), -1);
	EQ(wcswidth(L"abc", 2), 2);
	EQ(btowc('a'), (wint_t)'a');
	EQ(btowc(EOF), WEOF);
	EQ(wctob('a'), 'a');
	EQ(wctob(0x20AC), EOF);
}
