#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <wchar.h>

#define UTF8() IS(setlocale(LC_CTYPE, "C.UTF-8") != NULL)

TEST(mbrtowc_utf8)
{
	UTF8();
	mbstate_t state = {0};
	wchar_t wide = 9;
	EQ(mbrtowc(&wide, "A", 1, &state), 1u);
	EQ(wide, L'A');
	EQ(mbrtowc(&wide, "\xe2\x82\xac!", 4, &state), 3u);
	EQ(wide, L'\u20ac');
	EQ(mbrtowc(&wide, "\xf4\x8f\xbf\xbf", 4, &state), 4u);
	EQ(wide, (wchar_t)0x10ffff);
	EQ(mbrtowc(&wide, "", 1, &state), 0u);
	EQ(wide, 0);
	EQ(mbrtowc(NULL, NULL, 0, &state), 0u);
	/* In pieces. */
	EQ(mbrtowc(&wide, "\xe2", 1, &state), (size_t)-2);
	EQ(mbsinit(&state) != 0, 0);
	EQ(mbrtowc(&wide, "\x82", 1, &state), (size_t)-2);
	EQ(mbrtowc(&wide, "\xac", 1, &state), 1u);
	IS(wide == L'\u20ac' && mbsinit(&state));
	EQ(mbrtowc(&wide, "x", 0, &state), (size_t)-2);
}

TEST(mbrtowc_refuses)
{
	UTF8();
	/* Unicode 15 table 3-7: overlong forms, surrogates, beyond U+10FFFF, stray bytes. */
	static const char *const wrong[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe", "\xe2(\xa1", "\xc3(",
	};
	for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
		mbstate_t state = {0};
		wchar_t wide;
		errno = 0;
		size_t got = mbrtowc(&wide, wrong[at], strlen(wrong[at]), &state);
		if (HOST == HOST_glibc && (wrong[at][0] & 0xff) >= 0xf4 && got != (size_t)-2)
			continue; /* knows five and six bytes */
		if (got != (size_t)-1 || errno != EILSEQ) {
			fail(__FILE__, __LINE__, "mbrtowc");
			fprintf(stderr, " row %zu: %zd, errno %d\n", at, (ssize_t)got, errno);
		}
	}
}

TEST(wcrtomb)
{
	UTF8();
	char text[MB_LEN_MAX];
	mbstate_t state = {0};
	EQ(wcrtomb(text, L'\u20ac', &state), 3u);
	IS(memcmp(text, "\xe2\x82\xac", 3) == 0);
	EQ(wcrtomb(text, (wchar_t)0x10ffff, &state), 4u);
	EQ(wcrtomb(text, 0, &state), 1u);
	EQ(wcrtomb(NULL, L'x', &state), 1u);
	EXCEPT(glibc, "writes surrogates and what is beyond Unicode") {
		EQ_ERRNO(wcrtomb(text, (wchar_t)0xdfff, &state), (size_t)-1, EILSEQ);
		EQ_ERRNO(wcrtomb(text, (wchar_t)0x7fffffff, &state), (size_t)-1, EILSEQ);
	}
}

TEST(mbsrtowcs)
{
	UTF8();
	wchar_t wide[8];
	const char *from = "a\xc3\xa4\xe2\x82\xac";
	mbstate_t state = {0};
	EQ(mbsrtowcs(NULL, &from, 0, &state), 3u);
	EQ(mbsrtowcs(wide, &from, 2, &state), 2u);
	IS(wide[1] == L'\u00e4' && strcmp(from, "\xe2\x82\xac") == 0);
	EQ(mbsrtowcs(wide, &from, 8, &state), 1u);
	IS(wide[0] == L'\u20ac' && wide[1] == 0 && from == NULL);
	from = "ab\xff";
	EQ_ERRNO(mbsrtowcs(wide, &from, 8, &state), (size_t)-1, EILSEQ);
	EQ((unsigned char)*from, 0xffu);
	from = "a\xc3\xa4z";
	mbstate_t other = {0};
	EQ(mbsnrtowcs(wide, &from, 3, 8, &other), 2u);
	TEXT(from, "z");
}

TEST(wcsrtombs)
{
	UTF8();
	char text[16];
	const wchar_t *from = L"a\u00e4\u20ac";
	mbstate_t state = {0};
	EQ(wcsrtombs(NULL, &from, 0, &state), 6u);
	/* A character that does not fit whole is left. */
	EQ(wcsrtombs(text, &from, 5, &state), 3u);
	EQ(*from, L'\u20ac');
	EQ(wcsrtombs(text, &from, 16, &state), 3u);
	IS(from == NULL && strcmp(text, "\xe2\x82\xac") == 0);
	from = L"xyz";
	EQ(wcsnrtombs(text, &from, 2, 16, &state), 2u);
	EQ(*from, L'z');
}

TEST(c_locale_bytes)
{
	setlocale(LC_ALL, "C");
	/* POSIX.1-2024 6.2: each byte is a character in the C locale. */
	mbstate_t state = {0};
	wchar_t wide = 0;
	EXCEPT(glibc, "refuses the upper half in mbrtowc") {
		EQ(mbrtowc(&wide, "\xe9", 1, &state), 1u);
		char back[MB_LEN_MAX];
		EQ(wcrtomb(back, wide, &state), 1u);
		EQ((unsigned char)back[0], 0xe9u);
	}
	EQ(MB_CUR_MAX, 1u);
	EQ(btowc('A'), (wint_t)L'A');
	EQ(btowc(EOF), WEOF);
	EQ(wctob(L'A'), 'A');
	EQ(wctob(L'\u20ac'), EOF);
}

TEST(utf8_single_bytes)
{
	UTF8();
	EQ(MB_CUR_MAX, HOST == HOST_glibc ? 6u : 4u);
	EQ(btowc(0xc3), WEOF);
	EQ(wctob(0xe4), EOF);
	EQ(mbrlen("\xc3\xa4", 2, NULL), 2u);
	setlocale(LC_CTYPE, "C");
}
