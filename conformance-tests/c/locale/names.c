#define _GNU_SOURCE
#include "../check.h"
#include <ctype.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <wctype.h>

TEST(setlocale_names)
{
	TEXT(setlocale(LC_ALL, NULL), "C");
	TEXT(setlocale(LC_ALL, "C"), "C");
	TEXT(setlocale(LC_ALL, "POSIX"), "C");
	IS(setlocale(LC_ALL, "C.UTF-8") != NULL);
	TEXT(setlocale(LC_CTYPE, NULL), "C.UTF-8");
	TEXT(setlocale(LC_CTYPE, "C"), "C");
	EXCEPT(musl, "accepts every name") GIVES(setlocale(LC_ALL, "xx_YY.nonsense"), NULL);
	GIVES(setlocale(99, "C"), NULL);
	/* What it gave brings the mixture back. */
	IS(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	char saved[256];
	strcpy(saved, setlocale(LC_ALL, NULL));
	TEXT(setlocale(LC_ALL, "C"), "C");
	IS(setlocale(LC_ALL, saved) != NULL);
	TEXT(setlocale(LC_CTYPE, NULL), "C.UTF-8");
	TEXT(setlocale(LC_ALL, "C"), "C");
}

TEST(setlocale_environment)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	IS(setlocale(LC_ALL, "") != NULL);
	TEXT(setlocale(LC_CTYPE, NULL), "C.UTF-8");
	unsetenv("LC_ALL");
	setenv("LANG", "C", 1);
	setenv("LC_CTYPE", "C.UTF-8", 1);
	IS(setlocale(LC_ALL, "") != NULL);
	TEXT(setlocale(LC_CTYPE, NULL), "C.UTF-8");
	TEXT(setlocale(LC_TIME, NULL), "C");
	unsetenv("LC_CTYPE");
	TEXT(setlocale(LC_ALL, "C"), "C");
}

TEST(newlocale)
{
	locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", NULL), c = newlocale(LC_ALL_MASK, "C", NULL);
	IS(utf8 != NULL && c != NULL);
	EXCEPT(musl, "accepts every name") {
		EQ_ERRNO(newlocale(LC_ALL_MASK, "xx_YY.nonsense", NULL), NULL, ENOENT);
	}
	IS(uselocale(NULL) == LC_GLOBAL_LOCALE);
	IS(uselocale(utf8) == LC_GLOBAL_LOCALE);
	IS(uselocale(NULL) == utf8);
	EQ(MB_CUR_MAX > 1, 1);
	IS(towupper(L'\u00e4') == L'\u00c4');
	IS(uselocale(LC_GLOBAL_LOCALE) == utf8);
	EQ(MB_CUR_MAX, 1u);
	locale_t copy = duplocale(utf8);
	IS(copy != NULL && iswalpha_l(L'\u00e4', copy));
	TEXT(nl_langinfo_l(CODESET, copy), "UTF-8");
	copy = newlocale(LC_CTYPE_MASK, "C", copy);
	IS(copy != NULL && isalpha_l('a', copy) && !isalpha_l(0xe4, copy));
	freelocale(copy);
	freelocale(utf8);
	freelocale(c);
}
