#define _GNU_SOURCE
#include "../check.h"
#include <ctype.h>
#include <locale.h>

/* C23 7.4.1 in the C locale, by ranges; EOF belongs to no class. */
static int in(int c, const char *ranges)
{
	for (; *ranges; ranges += 2)
		if (c >= (unsigned char)ranges[0] && c <= (unsigned char)ranges[1])
			return 1;
	return 0;
}

static void class_is(int (*function)(int), int (*localized)(int, locale_t), const char *ranges, const char *name)
{
	locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	for (int c = EOF; c < 256; c++) {
		int want = in(c, ranges);
		if (!function(c) != !want || !localized(c, locale) != !want) {
			fail(__FILE__, __LINE__, name);
			fprintf(stderr, "(%d) is %d, in the locale %d\n", c, function(c), localized(c, locale));
		}
	}
	freelocale(locale);
}

TEST(classes)
{
	class_is(isdigit, isdigit_l, "09", "isdigit");
	class_is(isupper, isupper_l, "AZ", "isupper");
	class_is(islower, islower_l, "az", "islower");
	class_is(isalpha, isalpha_l, "AZaz", "isalpha");
	class_is(isalnum, isalnum_l, "09AZaz", "isalnum");
	class_is(isxdigit, isxdigit_l, "09AFaf", "isxdigit");
	class_is(isspace, isspace_l, "\t\r  ", "isspace");
	class_is(isblank, isblank_l, "\t\t  ", "isblank");
	class_is(isprint, isprint_l, " ~", "isprint");
	class_is(isgraph, isgraph_l, "!~", "isgraph");
	class_is(ispunct, ispunct_l, "!/:@[`{~", "ispunct");
	for (int c = EOF; c < 256; c++)
		EQ(!iscntrl(c), !(c >= 0 && (c < 0x20 || c == 0x7f)));
}

#undef isascii
TEST(isascii)
{
	IS(isascii(0) && isascii(127) && !isascii(128) && !isascii(-1));
	EQ(toascii(0x1c1), 0x41);
}

TEST(tolower)
{
	locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	for (int c = EOF; c < 256; c++) {
		int lower = c >= 'A' && c <= 'Z' ? c + 32 : c, upper = c >= 'a' && c <= 'z' ? c - 32 : c;
		EQ(tolower(c), lower);
		EQ(toupper(c), upper);
		EQ(tolower_l(c, locale), lower);
		EQ(toupper_l(c, locale), upper);
	}
	freelocale(locale);
}

/* The macros of the header give the same answers as the functions. */
TEST(macros_equal_functions)
{
	for (int c = EOF; c < 256; c++) {
		IS(!isalpha(c) == !(isalpha)(c) && !isdigit(c) == !(isdigit)(c) && !isspace(c) == !(isspace)(c));
		IS(!isgraph(c) == !(isgraph)(c) && !isprint(c) == !(isprint)(c));
		IS(!islower(c) == !(islower)(c) && !isupper(c) == !(isupper)(c));
	}
}
