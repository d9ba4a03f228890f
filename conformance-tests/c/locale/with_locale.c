#define _GNU_SOURCE
#include "../check.h"
#include <ctype.h>
#include <inttypes.h>
#include <locale.h>
#include <nl_types.h>
#include <stdlib.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

TEST(functions_with_a_locale)
{
	locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", NULL);
	IS(utf8 != NULL);
	if (utf8 == NULL)
		return;
	char key[8], *end;
	wchar_t wide_key[8];
	IS(strcoll_l("a", "b", utf8) < 0 && strxfrm_l(key, "abc", 8, utf8) >= 3);
	IS(wcscoll_l(L"a", L"b", utf8) < 0 && wcsxfrm_l(wide_key, L"abc", 8, utf8) >= 3);
	IS(wcscasecmp_l(L"\u00e4B", L"\u00c4b", utf8) == 0 && wcsncasecmp_l(L"ABx", L"aby", 2, utf8) == 0);
	IS(strtod_l("1.5x", &end, utf8) == 1.5 && *end == 'x');
	IS(strtof_l("0.5", NULL, utf8) == 0.5f && strtold_l("0.25", NULL, utf8) == 0.25L);
	IS(iscntrl_l('\n', utf8) && isdigit_l('7', utf8) && !isupper_l('a', utf8) && toupper_l('a', utf8) == 'A' && tolower_l('A', utf8) == 'a');
	IS(iswalnum_l(L'\u00e4', utf8) && iswblank_l(L'\t', utf8) && iswcntrl_l(L'\n', utf8) && iswdigit_l(L'7', utf8));
	IS(iswgraph_l(L'x', utf8) && iswlower_l(L'\u00e4', utf8) && iswprint_l(L'\u20ac', utf8) && iswpunct_l(L'!', utf8));
	IS(iswspace_l(L' ', utf8) && iswupper_l(L'\u00c4', utf8) && iswxdigit_l(L'f', utf8));
	IS(towlower_l(L'\u00c4', utf8) == L'\u00e4' && towupper_l(L'\u00e4', utf8) == L'\u00c4');
	IS(iswctype_l(L'x', wctype_l("alpha", utf8), utf8) && wctype_l("nonsense", utf8) == 0);
	IS(towctrans_l(L'x', wctrans_l("toupper", utf8), utf8) == L'X');
	char text[32];
	wchar_t wide[32];
	struct tm tm = {.tm_year = 124, .tm_mon = 1, .tm_mday = 3, .tm_wday = 6};
	GIVES(strftime_l(text, sizeof text, "%A", &tm, utf8), 8u);
	TEXT(text, "Saturday");
	IS(wcsftime(wide, 32, L"%Y-%m-%d", &tm) == 10 && wcscmp(wide, L"2024-02-03") == 0);
	IS(wcsftime_l(wide, 32, L"%b", &tm, utf8) == 3 && wcscmp(wide, L"Feb") == 0);
	freelocale(utf8);
	EQ(wcstoimax(L"-12", NULL, 10), -12);
	EQ(wcstoumax(L"12", NULL, 10), 12u);
}

TEST(catalogues)
{
	/* POSIX.1-2024 catopen, catgets: what is not found is the given text. */
	errno = 0;
	nl_catd catalogue = catopen("no-such-catalogue", 0);
	IS(catalogue == (nl_catd)-1);
	EXCEPT(musl, "1.2.3 reads through the wrong catalogue") GIVES(strcmp(catgets(catalogue, 1, 1, "given"), "given"), 0);
}
