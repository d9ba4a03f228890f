#ifndef _UCHAR_H
#define _UCHAR_H

/* C23 7.30 */

#include <features.h>

#define __NEED_mbstate_t
#define __NEED_size_t
#include <bits/alltypes.h>

_XLIBC_BEGIN

#ifndef __cplusplus
typedef unsigned short char16_t;
typedef unsigned int char32_t;
#endif

size_t c16rtomb(char *__restrict, char16_t, mbstate_t *__restrict);
size_t mbrtoc16(char16_t *__restrict, const char *__restrict, size_t, mbstate_t *__restrict);
size_t c32rtomb(char *__restrict, char32_t, mbstate_t *__restrict);
size_t mbrtoc32(char32_t *__restrict, const char *__restrict, size_t, mbstate_t *__restrict);

_XLIBC_END

#endif
