#include "../check.h"
#include <limits.h>
#include <locale.h>
#include <stdlib.h>

TEST(mbtowc)
{
	setlocale(LC_ALL, "C.UTF-8");
	EQ(MB_CUR_MAX > 1 && MB_CUR_MAX <= MB_LEN_MAX, 1);
	wchar_t wide = 7;
	EQ(mbtowc(NULL, NULL, 0), 0);
	EQ(mbtowc(&wide, "", 1), 0);
	EQ(wide, L'\0');
	EQ(mbtowc(&wide, "a", 1), 1);
	EQ(wide, L'a');
	EQ(mbtowc(&wide, "\xc3\xa9x", 3), 2);
	EQ(wide, (wchar_t)0xe9);
	EQ(mbtowc(&wide, "\xe2\x82\xac", 3), 3);
	EQ(wide, (wchar_t)0x20ac);
	EQ(mbtowc(&wide, "\xf0\x9f\x98\x80", 4), 4);
	EQ(wide, (wchar_t)0x1f600);
	EQ_ERRNO(mbtowc(&wide, "\x80", 1), -1, EILSEQ);
	/* Overlong, surrogate, beyond U+10FFFF. */
	EQ_ERRNO(mbtowc(&wide, "\xc0\x80", 2), -1, EILSEQ);
	EQ_ERRNO(mbtowc(&wide, "\xed\xa0\x80", 3), -1, EILSEQ);
	EXCEPT(glibc, "its C.UTF-8 goes on past U+10FFFF") EQ_ERRNO(mbtowc(&wide, "\xf4\x90\x80\x80", 4), -1, EILSEQ);
	errno = 0;
	EQ(mblen("\xe2\x82\xac", 3), 3);
	EQ(mblen("", 1), 0);

	char bytes[MB_LEN_MAX];
	EQ(wctomb(NULL, 0), 0);
	EQ(wctomb(bytes, (wchar_t)0x20ac), 3);
	IS(memcmp(bytes, "\xe2\x82\xac", 3) == 0);
	EQ_ERRNO(wctomb(bytes, (wchar_t)0xd800), -1, EILSEQ);
	setlocale(LC_ALL, "C");
}

TEST(mbstowcs)
{
	setlocale(LC_ALL, "C.UTF-8");
	wchar_t wide[8];
	EQ(mbstowcs(wide, "a\xc3\xa9\xe2\x82\xac", 8), 3u);
	IS(wide[0] == 'a' && wide[1] == 0xe9 && wide[2] == 0x20ac && wide[3] == 0);
	EQ(mbstowcs(NULL, "a\xc3\xa9", 0), 2u);
	wide[1] = 5;
	EQ(mbstowcs(wide, "ab", 1), 1u);
	IS(wide[1] == 5);
	EQ_ERRNO(mbstowcs(wide, "a\xff", 8), (size_t)-1, EILSEQ);
	char bytes[8];
	EQ(wcstombs(bytes, L"a\u20acb", 8), 5u);
	TEXT(bytes, "a\xe2\x82\xac" "b");
	/* A character that does not fit whole is not written. */
	memset(bytes, 'z', 8);
	EQ(wcstombs(bytes, L"a\u20ac", 3), 1u);
	IS(bytes[0] == 'a' && bytes[1] == 'z');
	EQ(wcstombs(NULL, L"\u20ac", 0), 3u);
	setlocale(LC_ALL, "C");
}
