/* What docs/undefined.md says of arguments outside the range. */
#define _GNU_SOURCE
#include "../check.h"
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>

TEST(classes_of_values_that_are_not_characters)
{
	OURS {
		static const int values[] = {-2, -128, 128, 255, 256, 321, 1000000, INT_MIN, INT_MAX};
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			int value = values[i];
			IS(!isalpha(value) && !isdigit(value) && !isspace(value) && !iscntrl(value) && !isprint(value));
			IS(!isupper(value) && !islower(value) && !isxdigit(value) && !ispunct(value) && !isblank(value));
			EQ(toupper(value), value);
			EQ(tolower(value), value);
		}
		IS(!iswalpha(WEOF) && !iswctype('a', 0) && !iswctype('a', 12345));
		EQ(towupper(0x7fffffff), 0x7fffffffu);
	}
}

TEST(numbers_without_a_positive_twin)
{
	OURS {
		EQ(abs(INT_MIN), INT_MIN);
		EQ(labs(LONG_MIN), LONG_MIN);
		EQ(llabs(LLONG_MIN), LLONG_MIN);
		EQ(div(INT_MIN, -1).quot, INT_MIN);
		EQ(div(INT_MIN, -1).rem, 0);
		EQ(ldiv(LONG_MIN, -1).quot, LONG_MIN);
	}
}

TEST(copies_that_overlap)
{
	OURS {
		for (int size = 1; size < 600; size = size * 2 + 1)
			for (int distance = -8; distance <= 8; distance++) {
				char moved[640], copied[640];
				for (int i = 0; i < 640; i++)
					moved[i] = copied[i] = (char)(i * 7);
				memmove(moved + 16 + distance, moved + 16, (size_t)size);
				memcpy(copied + 16 + distance, copied + 16, (size_t)size);
				IS(memcmp(moved, copied, sizeof moved) == 0);
			}
	}
}

TEST(null_strings)
{
	OURS {
		char text[64];
		EQ(snprintf(text, sizeof text, "%s|%.3s|%8s|%ls", (char *)NULL, (char *)NULL, (char *)NULL, (wchar_t *)NULL), 26);
		TEXT(text, "(null)|(nu|  (null)|(null)");
	}
}
