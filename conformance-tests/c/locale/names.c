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

/* The names that desktops put into LANG mean C.UTF-8, under their own names. */
TEST(setlocale_names_of_languages)
{
	static const char *const good[] = {"en_US.UTF-8", "C.utf8", "de_DE.UTF-8", "de_DE.utf8", "en.UTF-8", "fil_PH.UTF-8", "es_419.UTF-8", "ca_ES.UTF-8@valencia"};
	static const char *const bad[] = {"en_US.ISO-8859-1", "en_US", "de_DE@euro", "en_US.UTF-16", "../en_US.UTF-8", "en_US/.UTF-8", "english_US.UTF-8", "en_US.UTF-8@",
		"en_US.UTF-8@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "en_US.UTF-8@a/b", ".UTF-8"};
	if (HOST != HOST_xlibc)
		return; /* glibc asks its data, musl takes everything. */
	for (size_t at = 0; at < sizeof good / sizeof *good; at++) {
		TEXT(setlocale(LC_ALL, good[at]), good[at]);
		TEXT(setlocale(LC_MESSAGES, NULL), good[at]);
		TEXT(nl_langinfo(CODESET), "UTF-8");
		EQ(MB_CUR_MAX, 4u);
		IS(iswalpha(L'\u00e4'));
		locale_t own = newlocale(LC_ALL_MASK, good[at], NULL);
		IS(own != NULL);
		TEXT(nl_langinfo_l(CODESET, own), "UTF-8");
		freelocale(own);
		setenv("LC_ALL", good[at], 1);
		TEXT(setlocale(LC_ALL, "C"), "C");
		TEXT(setlocale(LC_ALL, ""), good[at]);
		unsetenv("LC_ALL");
	}
	/* Mixed, and back. */
	TEXT(setlocale(LC_ALL, "C"), "C");
	TEXT(setlocale(LC_TIME, "de_DE.utf8"), "de_DE.utf8");
	EQ(MB_CUR_MAX, 1u);
	TEXT(setlocale(LC_CTYPE, "en_US.UTF-8"), "en_US.UTF-8");
	char saved[300];
	strcpy(saved, setlocale(LC_ALL, NULL));
	TEXT(setlocale(LC_ALL, "C"), "C");
	TEXT(setlocale(LC_ALL, saved), saved);
	TEXT(setlocale(LC_TIME, NULL), "de_DE.utf8");
	TEXT(setlocale(LC_CTYPE, NULL), "en_US.UTF-8");
	TEXT(setlocale(LC_MESSAGES, NULL), "C");
	for (size_t at = 0; at < sizeof bad / sizeof *bad; at++) {
		EQ(setlocale(LC_ALL, bad[at]), NULL);
		EQ_ERRNO(newlocale(LC_ALL_MASK, bad[at], NULL), NULL, ENOENT);
		setenv("LANG", bad[at], 1);
		setenv("LC_CTYPE", "C", 1);
		EQ(setlocale(LC_ALL, ""), NULL);
		TEXT(setlocale(LC_CTYPE, ""), "C");
		TEXT(setlocale(LC_CTYPE, "en_US.UTF-8"), "en_US.UTF-8");
		unsetenv("LC_CTYPE");
	}
	unsetenv("LANG");
	TEXT(setlocale(LC_TIME, NULL), "de_DE.utf8");
	TEXT(setlocale(LC_ALL, "C"), "C");
}
