#ifndef _STDLIB_H
#define _STDLIB_H

/* C23 7.24, POSIX.1-2024 <stdlib.h> */

#include <features.h>
#include <bits/null.h>
#include <bits/waitstatus.h>

#define __NEED_size_t
#define __NEED_wchar_t
#if _XLIBC_GNU
#define __NEED_locale_t
#endif
#include <bits/alltypes.h>

_XLIBC_BEGIN

#define EXIT_FAILURE 1
#define EXIT_SUCCESS 0
#define RAND_MAX 0x7fffffff
#define MB_CUR_MAX (__ctype_get_mb_cur_max())

typedef struct { int quot, rem; } div_t;
typedef struct { long quot, rem; } ldiv_t;
typedef struct { long long quot, rem; } lldiv_t;

int atoi(const char *);
long atol(const char *);
long long atoll(const char *);
double atof(const char *);

float strtof(const char *__restrict, char **__restrict);
double strtod(const char *__restrict, char **__restrict);
long double strtold(const char *__restrict, char **__restrict);
long strtol(const char *__restrict, char **__restrict, int);
unsigned long strtoul(const char *__restrict, char **__restrict, int);
long long strtoll(const char *__restrict, char **__restrict, int);
unsigned long long strtoull(const char *__restrict, char **__restrict, int);

int rand(void);
void srand(unsigned int);

void *malloc(size_t) _XLIBC_MALLOC;
void *calloc(size_t, size_t) _XLIBC_MALLOC;
void *realloc(void *, size_t);
void free(void *);
void *aligned_alloc(size_t, size_t) _XLIBC_MALLOC;

_XLIBC_NORETURN void abort(void);
int atexit(void (*)(void));
_XLIBC_NORETURN void exit(int);
_XLIBC_NORETURN void _Exit(int);
int at_quick_exit(void (*)(void));
_XLIBC_NORETURN void quick_exit(int);

char *getenv(const char *);
int system(const char *);

void *bsearch(const void *, const void *, size_t, size_t, int (*)(const void *, const void *));
void qsort(void *, size_t, size_t, int (*)(const void *, const void *));

int abs(int);
long labs(long);
long long llabs(long long);
div_t div(int, int);
ldiv_t ldiv(long, long);
lldiv_t lldiv(long long, long long);

int mblen(const char *, size_t);
int mbtowc(wchar_t *__restrict, const char *__restrict, size_t);
int wctomb(char *, wchar_t);
size_t mbstowcs(wchar_t *__restrict, const char *__restrict, size_t);
size_t wcstombs(char *__restrict, const wchar_t *__restrict, size_t);
size_t __ctype_get_mb_cur_max(void);

#if _XLIBC_POSIX
int getsubopt(char **, char *const *, char **);
char *mkdtemp(char *);
int mkostemp(char *, int);
int mkstemp(char *);
int posix_memalign(void **, size_t, size_t);
int rand_r(unsigned int *);
int setenv(const char *, const char *, int);
int unsetenv(const char *);
#endif

#if _XLIBC_XSI
long a64l(const char *);
double drand48(void);
double erand48(unsigned short[3]);
char *initstate(unsigned int, char *, size_t);
long jrand48(unsigned short[3]);
char *l64a(long);
void lcong48(unsigned short[7]);
long lrand48(void);
long mrand48(void);
long nrand48(unsigned short[3]);
int putenv(char *);
long random(void);
unsigned short *seed48(unsigned short[3]);
char *setstate(char *);
void srand48(long);
void srandom(unsigned int);
#endif

#if _XLIBC_XSI || _XLIBC_POSIX >= 202405L
char *realpath(const char *__restrict, char *__restrict);
#endif

#if _XLIBC_BSD || _XLIBC_POSIX >= 202405L
void qsort_r(void *, size_t, size_t, int (*)(const void *, const void *, void *), void *);
void *reallocarray(void *, size_t, size_t);
#endif

#if _XLIBC_GNU || _XLIBC_POSIX >= 202405L
char *secure_getenv(const char *);
#endif

#if _XLIBC_BSD
#include <alloca.h>

int clearenv(void);
int mkostemps(char *, int, int);
int mkstemps(char *, int);
char *mktemp(char *);
#endif

/* Older than every standard here, and reserved by none: musl shows them always. */
void *memalign(size_t, size_t) _XLIBC_MALLOC;
void *valloc(size_t) _XLIBC_MALLOC;

#if _XLIBC_GNU
float strtof_l(const char *__restrict, char **__restrict, locale_t);
double strtod_l(const char *__restrict, char **__restrict, locale_t);
long double strtold_l(const char *__restrict, char **__restrict, locale_t);
#endif

#if defined(_LARGEFILE64_SOURCE)
#define mkstemp64 mkstemp
#define mkostemp64 mkostemp
#if _XLIBC_BSD
#define mkstemps64 mkstemps
#define mkostemps64 mkostemps
#endif
#endif

#if _XLIBC_ISO >= 2023
#define __STDC_VERSION_STDLIB_H__ 202311L
#endif

#if _XLIBC_FORTIFY
#include <bits/fortify/stdlib.h>
#endif

_XLIBC_END

#endif
