#define _GNU_SOURCE
#include "../check.h"
#include <ctype.h>
#include <locale.h>
#include <wctype.h>

TEST(ascii_is_as_in_ctype)
{
	for (int c = 0; c < 128; c++) {
		IS(!iswalpha((wint_t)c) == !isalpha(c) && !iswdigit((wint_t)c) == !isdigit(c));
		IS(!iswupper((wint_t)c) == !isupper(c) && !iswlower((wint_t)c) == !islower(c));
		IS(!iswspace((wint_t)c) == !isspace(c) && !iswpunct((wint_t)c) == !ispunct(c));
		IS(!iswprint((wint_t)c) == !isprint(c) && !iswgraph((wint_t)c) == !isgraph(c));
		IS(!iswxdigit((wint_t)c) == !isxdigit(c) && !iswcntrl((wint_t)c) == !iscntrl(c));
		IS(!iswblank((wint_t)c) == !isblank(c) && !iswalnum((wint_t)c) == !isalnum(c));
		EQ(towlower((wint_t)c), (wint_t)tolower(c));
		EQ(towupper((wint_t)c), (wint_t)toupper(c));
	}
	IS(!iswalpha(WEOF) && !iswprint(WEOF) && !iswspace(WEOF) && !iswpunct(WEOF) && !iswcntrl(WEOF));
	EQ(towlower(WEOF), WEOF);
	EQ(towupper(WEOF), WEOF);
}

TEST(unicode)
{
	setlocale(LC_ALL, "C.UTF-8");
	IS(iswalpha(0xe9) && iswlower(0xe9) && !iswupper(0xe9));
	EQ(towupper(0xe9), 0xc9u);
	EQ(towlower(0xc9), 0xe9u);
	EQ(towlower(0x0416), 0x0436u);
	IS(iswalpha(0x4e2d) && iswprint(0x20ac));
	IS(iswspace(0x2003));
	IS(!iswdigit(0x0663));
	setlocale(LC_ALL, "C");
}

TEST(wctype)
{
	static const char *const names[] = {"alnum", "alpha", "blank", "cntrl", "digit", "graph",
		"lower", "print", "punct", "space", "upper", "xdigit"};
	static int (*const functions[])(wint_t) = {iswalnum, iswalpha, iswblank, iswcntrl, iswdigit, iswgraph,
		iswlower, iswprint, iswpunct, iswspace, iswupper, iswxdigit};
	for (int at = 0; at < 12; at++) {
		wctype_t type = wctype(names[at]);
		IS(type != 0);
		for (wint_t c = 0; c < 0x300; c++)
			EQ(!iswctype(c, type), !functions[at](c));
	}
	errno = 0;
	IS(wctype("none") == 0);
	IS(!iswctype('a', 0));
	EQ(towctrans('A', wctrans("tolower")), (wint_t)'a');
	EQ(towctrans('a', wctrans("toupper")), (wint_t)'A');
	IS(wctrans("none") == 0);
}
