#define _GNU_SOURCE
#include "../check.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static void use_utf8(void)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	IS(utf8 != (locale_t)0);
	uselocale(utf8);
}

static void use_global(void)
{
	locale_t utf8 = uselocale(LC_GLOBAL_LOCALE);
	freelocale(utf8);
}

TEST(mbrtowc)
{
	use_utf8();
	wchar_t wide = 7;
	mbstate_t state;
	memset(&state, 0, sizeof state);
	EQ(MB_CUR_MAX >= 4, 1);
	EQ(mbrtowc(&wide, fenced("\u20AC"), 9, &state), 3UL);
	EQ(wide, 0x20AC);
	static const char *const broken[] = {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xFF", "\xC3("};
	for (size_t at = 0; at < sizeof broken / sizeof *broken; at++) {
		memset(&state, 0, sizeof state);
		EQ_ERRNO(mbrtowc(&wide, broken[at], strlen(broken[at]), &state), (size_t)-1, EILSEQ);
	}
	static const struct { const char *text; unsigned int wide; } whole[] = {
		{"\x7F", 0x7F}, {"\xC2\x80", 0x80}, {"\xDF\xBF", 0x7FF}, {"\xE0\xA0\x80", 0x800}, {"\xED\x9F\xBF", 0xD7FF},
		{"\xEE\x80\x80", 0xE000}, {"\xEF\xBF\xBF", 0xFFFF}, {"\xF0\x90\x80\x80", 0x10000}, {"\xF4\x8F\xBF\xBF", 0x10FFFF},
	};
	for (size_t at = 0; at < sizeof whole / sizeof *whole; at++) {
		size_t length = strlen(whole[at].text);
		memset(&state, 0, sizeof state);
		EQ(mbrtowc(&wide, fenced(whole[at].text), length, &state), length);
		IS((unsigned int)wide == whole[at].wide);
		/* The same byte by byte. */
		for (size_t byte = 0; byte < length; byte++) {
			EQ(mbrtowc(&wide, whole[at].text + byte, 1, &state), byte + 1 < length ? (size_t)-2 : 1UL);
			EQ(mbsinit(&state) != 0, byte + 1 == length);
		}
		char text[8] = "zzzzzzz";
		EQ(wcrtomb(text, (wchar_t)whole[at].wide, &state), length);
		EQ(memcmp(text, whole[at].text, length), 0);
		IS(text[length] == 'z');
	}
	EXCEPT(glibc, "takes what lies above U+10FFFF") {
		EQ_ERRNO(mbrtowc(&wide, "\xF4\x90\x80\x80", 4, &state), (size_t)-1, EILSEQ);
		memset(&state, 0, sizeof state);
		EQ_ERRNO(mbrtowc(&wide, "\xF5\x80\x80\x80", 4, &state), (size_t)-1, EILSEQ);
	}
	memset(&state, 0, sizeof state);
	char text[8];
	EQ_ERRNO(wcrtomb(text, 0xD800, &state), (size_t)-1, EILSEQ);
	memset(&state, 0, sizeof state);
	EXCEPT(glibc, "takes what lies above U+10FFFF")
		EQ_ERRNO(wcrtomb(text, 0x110000, &state), (size_t)-1, EILSEQ);
	use_global();
}

TEST(mbsnrtowcs)
{
	use_utf8();
	const char *text = "a\u00E9\u20ACz", *from = text;
	wchar_t wide[8] = {7, 7, 7, 7, 7, 7, 7, 7};
	mbstate_t state;
	memset(&state, 0, sizeof state);
	EQ(mbsrtowcs(NULL, &from, 0, &state), 4UL);
	IS(from == text);
	EQ(mbsrtowcs(wide, &from, 2, &state), 2UL);
	IS(from == text + 3 && wide[1] == 0xE9 && wide[2] == 7);
	EQ(mbsrtowcs(wide, &from, 8, &state), 2UL);
	IS(from == NULL && wide[0] == 0x20AC && wide[2] == 0);
	from = "ab\xFFz";
	const char *start = from;
	EQ_ERRNO(mbsrtowcs(wide, &from, 8, &state), (size_t)-1, EILSEQ);
	IS(from == start + 2);
	static const wchar_t source[] = {'a', 0xE9, 0x20AC, 'z', 0};
	const wchar_t *wide_from = source;
	char bytes[12];
	memset(bytes, 7, sizeof bytes);
	memset(&state, 0, sizeof state);
	EQ(wcsrtombs(NULL, &wide_from, 0, &state), 7UL);
	EQ(wcsrtombs(bytes, &wide_from, 5, &state), 3UL);
	IS(wide_from == source + 2 && bytes[3] == 7);
	EQ(wcsnrtombs(bytes, &wide_from, 1, 12, &state), 3UL);
	EQ(wcsnrtombs(bytes, &wide_from, 9, 12, &state), 1UL);
	IS(wide_from == NULL && bytes[1] == 0);
	use_global();
}
