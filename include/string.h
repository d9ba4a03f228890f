#ifndef _STRING_H
#define _STRING_H

/* C23 7.26, POSIX.1-2024 <string.h> */

#include <features.h>
#include <bits/null.h>

#define __NEED_size_t
#if _XLIBC_POSIX
#define __NEED_locale_t
#endif
#include <bits/alltypes.h>

_XLIBC_BEGIN

void *memchr(const void *, int, size_t);
int memcmp(const void *, const void *, size_t);
void *memcpy(void *__restrict, const void *__restrict, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);

char *strcat(char *__restrict, const char *__restrict);
char *strchr(const char *, int);
int strcmp(const char *, const char *);
int strcoll(const char *, const char *);
char *strcpy(char *__restrict, const char *__restrict);
size_t strcspn(const char *, const char *);
char *strerror(int);
size_t strlen(const char *);
char *strncat(char *__restrict, const char *__restrict, size_t);
int strncmp(const char *, const char *, size_t);
char *strncpy(char *__restrict, const char *__restrict, size_t);
char *strpbrk(const char *, const char *);
char *strrchr(const char *, int);
size_t strspn(const char *, const char *);
char *strstr(const char *, const char *);
char *strtok(char *__restrict, const char *__restrict);
size_t strxfrm(char *__restrict, const char *__restrict, size_t);

#if _XLIBC_POSIX
void *memmem(const void *, size_t, const void *, size_t);
char *stpcpy(char *__restrict, const char *__restrict);
char *stpncpy(char *__restrict, const char *__restrict, size_t);
int strcoll_l(const char *, const char *, locale_t);
char *strerror_l(int, locale_t);
int strerror_r(int, char *, size_t);
size_t strnlen(const char *, size_t);
char *strsignal(int);
char *strtok_r(char *__restrict, const char *__restrict, char **__restrict);
size_t strxfrm_l(char *__restrict, const char *__restrict, size_t, locale_t);
#endif

#if _XLIBC_POSIX || _XLIBC_ISO >= 2023
char *strdup(const char *) _XLIBC_MALLOC;
char *strndup(const char *, size_t) _XLIBC_MALLOC;
#endif

#if _XLIBC_XSI || _XLIBC_ISO >= 2023
void *memccpy(void *__restrict, const void *__restrict, int, size_t);
#endif

#if _XLIBC_BSD || _XLIBC_POSIX >= 202405L
size_t strlcat(char *, const char *, size_t);
size_t strlcpy(char *, const char *, size_t);
#endif

#if _XLIBC_BSD
#include <strings.h>

void explicit_bzero(void *, size_t);
char *strsep(char **, const char *);
#endif

#if _XLIBC_GNU
void *mempcpy(void *, const void *, size_t);
void *memrchr(const void *, int, size_t);
char *strcasestr(const char *, const char *);
char *strchrnul(const char *, int);
int strverscmp(const char *, const char *);

#define strdupa(s) (__extension__({ \
	const char *__strdupa_from = (s); \
	size_t __strdupa_size = __builtin_strlen(__strdupa_from) + 1; \
	(char *)__builtin_memcpy(__builtin_alloca(__strdupa_size), __strdupa_from, __strdupa_size); \
}))
#endif

#if _XLIBC_ISO >= 2023
#define __STDC_VERSION_STRING_H__ 202311L
#endif

#if _XLIBC_FORTIFY
#include <bits/fortify/string.h>
#endif

_XLIBC_END

#endif
