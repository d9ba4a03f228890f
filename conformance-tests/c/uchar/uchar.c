#include "../check.h"

#include <locale.h>
#include <string.h>
#include <uchar.h>

TEST(utf16_pairs)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	uselocale(utf8);
	char16_t unit = 7;
	char32_t wide = 7;
	mbstate_t state;
	memset(&state, 0, sizeof state);
	EQ(mbrtoc16(&unit, "\xF0\x9F\x98\x80", 9, &state), 4UL);
	EQ(unit, 0xD83D);
	EQ(mbrtoc16(&unit, "x", 1, &state), (size_t)-3);
	EQ(unit, 0xDE00);
	EQ(mbrtoc16(&unit, "", 1, &state), 0UL);
	EQ(mbrtoc32(&wide, "\xF0\x9F\x98\x80", 9, &state), 4UL);
	IS(wide == 0x1F600);
	EQ_ERRNO(mbrtoc32(&wide, "\xFF", 1, &state), (size_t)-1, EILSEQ);
	char text[8];
	memset(&state, 0, sizeof state);
	EQ(c16rtomb(text, 0xD83D, &state), 0UL);
	EQ(c16rtomb(text, 0xDE00, &state), 4UL);
	EQ(memcmp(text, "\xF0\x9F\x98\x80", 4), 0);
	EQ_ERRNO(c16rtomb(text, 0xDE00, &state), (size_t)-1, EILSEQ);
	memset(&state, 0, sizeof state);
	EQ(c32rtomb(text, 0x20AC, &state), 3UL);
	uselocale(LC_GLOBAL_LOCALE);
	freelocale(utf8);
}
