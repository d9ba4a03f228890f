#ifndef _CTYPE_H
#define _CTYPE_H

/* C23 7.4, POSIX.1-2024 <ctype.h> */

#include <features.h>

_XLIBC_BEGIN

int isalnum(int);
int isalpha(int);
int isblank(int);
int iscntrl(int);
int isdigit(int);
int isgraph(int);
int islower(int);
int isprint(int);
int ispunct(int);
int isspace(int);
int isupper(int);
int isxdigit(int);
int tolower(int);
int toupper(int);

#if _XLIBC_POSIX
#define __NEED_locale_t
#include <bits/alltypes.h>

int isalnum_l(int, locale_t);
int isalpha_l(int, locale_t);
int isblank_l(int, locale_t);
int iscntrl_l(int, locale_t);
int isdigit_l(int, locale_t);
int isgraph_l(int, locale_t);
int islower_l(int, locale_t);
int isprint_l(int, locale_t);
int ispunct_l(int, locale_t);
int isspace_l(int, locale_t);
int isupper_l(int, locale_t);
int isxdigit_l(int, locale_t);
int tolower_l(int, locale_t);
int toupper_l(int, locale_t);

int isascii(int);
int toascii(int);
#define _tolower(c) ((c) | 0x20)
#define _toupper(c) ((c) & 0x5f)
#endif

/* Every locale is ASCII below 0x80 and UTF-8 or C above, where no single byte has a class: ranges decide, without a call. */
#ifndef __cplusplus
static __inline int __isspace(int __c)
{
	return __c == ' ' || (unsigned int)__c - '\t' < 5;
}
#define isalpha(c) (0 ? isalpha(c) : ((unsigned int)(c) | 0x20) - 'a' < 26)
#define isdigit(c) (0 ? isdigit(c) : (unsigned int)(c) - '0' < 10)
#define isgraph(c) (0 ? isgraph(c) : (unsigned int)(c) - 0x21 < 0x5e)
#define islower(c) (0 ? islower(c) : (unsigned int)(c) - 'a' < 26)
#define isprint(c) (0 ? isprint(c) : (unsigned int)(c) - 0x20 < 0x5f)
#define isspace(c) __isspace(c)
#define isupper(c) (0 ? isupper(c) : (unsigned int)(c) - 'A' < 26)
#if _XLIBC_POSIX
#define isascii(c) (0 ? isascii(c) : (unsigned int)(c) < 0x80)
#endif
#endif

_XLIBC_END

#endif
