#define _GNU_SOURCE
#include "../check.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <nl_types.h>
#include <stdlib.h>

TEST(setlocale)
{
	TEXT(setlocale(LC_ALL, NULL), "C");
	EQ((int)MB_CUR_MAX, 1);
	IS(strcmp(setlocale(LC_CTYPE, "C.UTF-8"), "C.UTF-8") == 0);
	EQ((int)MB_CUR_MAX > 1, 1);
	TEXT(nl_langinfo(CODESET), "UTF-8");
	IS(setlocale(99, "C") == NULL);
	/* The name of all categories brings them back. */
	char mixed[200];
	strcpy(mixed, setlocale(LC_ALL, NULL));
	TEXT(setlocale(LC_ALL, "POSIX"), "C");
	TEXT(setlocale(LC_CTYPE, NULL), "C");
	EQ(setlocale(LC_ALL, mixed) != NULL, 1);
	TEXT(setlocale(LC_CTYPE, NULL), "C.UTF-8");
	TEXT(setlocale(LC_ALL, "C"), "C");
}

#if HOST != HOST_musl
TEST(setlocale_unknown_name)
{
	IS(setlocale(LC_ALL, "xx_YY.nowhere") == NULL);
	TEXT(setlocale(LC_ALL, NULL), "C");
	EQ_ERRNO(newlocale(LC_ALL_MASK, "xx_YY.nowhere", (locale_t)0) == (locale_t)0, 1, ENOENT);
}
#endif

TEST(uselocale)
{
	locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0), copied = duplocale(utf8);
	IS(utf8 != (locale_t)0 && copied != (locale_t)0);
	IS(uselocale((locale_t)0) == LC_GLOBAL_LOCALE);
	IS(uselocale(copied) == LC_GLOBAL_LOCALE && uselocale((locale_t)0) == copied);
	EQ((int)MB_CUR_MAX > 1, 1);
	IS(uselocale(LC_GLOBAL_LOCALE) == copied);
	EQ((int)MB_CUR_MAX, 1);
	TEXT(nl_langinfo_l(CODESET, utf8), "UTF-8");
	freelocale(copied);
	freelocale(utf8);
}

TEST(localeconv)
{
	struct lconv *values = localeconv();
	TEXT(values->decimal_point, ".");
	TEXT(values->thousands_sep, "");
	TEXT(values->int_curr_symbol, "");
	TEXT(values->currency_symbol, "");
	EQ(values->frac_digits, CHAR_MAX);
	EQ(values->p_cs_precedes, CHAR_MAX);
	EQ(values->int_n_sign_posn, CHAR_MAX);
}

TEST(nl_langinfo)
{
	setlocale(LC_ALL, "C");
	TEXT(nl_langinfo(RADIXCHAR), ".");
	TEXT(nl_langinfo(THOUSEP), "");
	TEXT(nl_langinfo(DAY_1), "Sunday");
	TEXT(nl_langinfo(ABDAY_7), "Sat");
	TEXT(nl_langinfo(MON_12), "December");
	TEXT(nl_langinfo(ABMON_1), "Jan");
	TEXT(nl_langinfo(ABMON_5), "May");
	TEXT(nl_langinfo(AM_STR), "AM");
	TEXT(nl_langinfo(PM_STR), "PM");
	EXCEPT(musl, "writes %T for %H:%M:%S")
		TEXT(nl_langinfo(D_T_FMT), "%a %b %e %H:%M:%S %Y");
	TEXT(nl_langinfo(D_FMT), "%m/%d/%y");
	TEXT(nl_langinfo(T_FMT), "%H:%M:%S");
	TEXT(nl_langinfo(T_FMT_AMPM), "%I:%M:%S %p");
	TEXT(nl_langinfo(YESEXPR), "^[yY]");
	TEXT(nl_langinfo(NOEXPR), "^[nN]");
	IS(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	TEXT(nl_langinfo(CODESET), "UTF-8");
	setlocale(LC_CTYPE, "C");
	TEXT(nl_langinfo(99999999), "");
}

TEST(catalog_that_is_not_there)
{
	nl_catd catalog = catopen("./no such catalog", NL_CAT_LOCALE);
	IS(catalog == (nl_catd)-1);
}
