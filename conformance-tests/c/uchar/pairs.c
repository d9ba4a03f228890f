#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <locale.h>
#include <uchar.h>

TEST(mbrtoc32)
{
	IS(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	mbstate_t state = {0};
	char32_t c = 0;
	EQ(mbrtoc32(&c, "\xf0\x9f\x98\x80", 4, &state), 4u);
	EQ(c, 0x1f600u);
	EQ(mbrtoc32(&c, "", 1, &state), 0u);
	EQ_ERRNO(mbrtoc32(&c, "\xff", 1, &state), (size_t)-1, EILSEQ);
}

TEST(mbrtoc16_makes_pairs)
{
	IS(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	mbstate_t state = {0};
	char16_t c = 0;
	EQ(mbrtoc16(&c, "\xe2\x82\xac", 3, &state), 3u);
	EQ(c, 0x20ac);
	EQ(mbrtoc16(&c, "\xf0\x9f\x98\x80z", 5, &state), 4u);
	EQ(c, 0xd83d);
	/* The second half comes without input: C23 7.30.1.5. */
	EQ(mbrtoc16(&c, "z", 1, &state), (size_t)-3);
	EQ(c, 0xde00);
	EQ(mbrtoc16(&c, "z", 1, &state), 1u);
	EQ(c, 'z');
}

TEST(c32rtomb_and_c16rtomb)
{
	IS(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	char text[MB_LEN_MAX];
	mbstate_t state = {0};
	EQ(c32rtomb(text, 0x1f600, &state), 4u);
	IS(memcmp(text, "\xf0\x9f\x98\x80", 4) == 0);
	EXCEPT(glibc, "writes what is beyond Unicode") EQ_ERRNO(c32rtomb(text, 0x110000, &state), (size_t)-1, EILSEQ);
	memset(&state, 0, sizeof state);
	EQ(c16rtomb(text, 0xd83d, &state), 0u);
	EQ(c16rtomb(text, 0xde00, &state), 4u);
	IS(memcmp(text, "\xf0\x9f\x98\x80", 4) == 0);
	EQ(c16rtomb(text, 0x20ac, &state), 3u);
	/* A first half without its second. */
	EQ(c16rtomb(text, 0xd83d, &state), 0u);
	EQ_ERRNO(c16rtomb(text, 'x', &state), (size_t)-1, EILSEQ);
	setlocale(LC_CTYPE, "C");
}
