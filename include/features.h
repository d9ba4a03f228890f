#ifndef _FEATURES_H
#define _FEATURES_H

/*
 * What the program asked for, as numbers that are always defined:
 *
 *   _XLIBC_ISO    year of ISO C (1999, 2011, 2023); C++ counts as 2011
 *   _XLIBC_POSIX  0, or the POSIX issue: 199506, 200112, 200809, 202405
 *   _XLIBC_XSI    0, or the X/Open issue: 500, 600, 700, 800
 *   _XLIBC_BSD    1: names that came from BSD and System V
 *   _XLIBC_GNU    1: names that came from glibc
 *
 * Without any request in a GNU dialect (-std=gnu17) everything but the GNU
 * names is visible; a strict dialect (-std=c17) shows ISO C alone.
 */

#if defined(_GNU_SOURCE) || defined(_ALL_SOURCE)
#define _XLIBC_GNU 1
#else
#define _XLIBC_GNU 0
#endif

#if _XLIBC_GNU || defined(_BSD_SOURCE) || defined(_DEFAULT_SOURCE)
#define _XLIBC_BSD 1
#elif !defined(__STRICT_ANSI__) && !defined(_POSIX_SOURCE) && !defined(_POSIX_C_SOURCE) && !defined(_XOPEN_SOURCE)
#define _XLIBC_BSD 1
#else
#define _XLIBC_BSD 0
#endif

#if _XLIBC_BSD
#define _XLIBC_XSI 800
#elif !defined(_XOPEN_SOURCE)
#define _XLIBC_XSI 0
#elif _XOPEN_SOURCE - 0 >= 800
#define _XLIBC_XSI 800
#elif _XOPEN_SOURCE - 0 >= 700
#define _XLIBC_XSI 700
#elif _XOPEN_SOURCE - 0 >= 600
#define _XLIBC_XSI 600
#else
#define _XLIBC_XSI 500
#endif

#if _XLIBC_XSI >= 800 || _POSIX_C_SOURCE - 0 >= 202405L
#define _XLIBC_POSIX 202405L
#elif _XLIBC_XSI >= 700 || _POSIX_C_SOURCE - 0 >= 200809L
#define _XLIBC_POSIX 200809L
#elif _XLIBC_XSI >= 600 || _POSIX_C_SOURCE - 0 >= 200112L
#define _XLIBC_POSIX 200112L
#elif _XLIBC_XSI || defined(_POSIX_C_SOURCE) || defined(_POSIX_SOURCE)
#define _XLIBC_POSIX 199506L
#else
#define _XLIBC_POSIX 0
#endif

#if defined(__STDC_VERSION__) && __STDC_VERSION__ > 201710L
#define _XLIBC_ISO 2023
#elif defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L)
#define _XLIBC_ISO 2011
#else
#define _XLIBC_ISO 1999
#endif

/* _XLIBC_FORTIFY: 0, or the level of the checked functions: 1 to 3. Only an optimiser can tell the sizes of objects. */
#if !defined(_FORTIFY_SOURCE) || !defined(__OPTIMIZE__) || !defined(__clang__)
#define _XLIBC_FORTIFY 0
#elif _FORTIFY_SOURCE - 0 > 2
#define _XLIBC_FORTIFY 3
#elif _FORTIFY_SOURCE - 0 > 0
#define _XLIBC_FORTIFY _FORTIFY_SOURCE
#else
#define _XLIBC_FORTIFY 0
#endif

/* Declarations with C linkage stand between these two. */
#ifdef __cplusplus
#define _XLIBC_BEGIN extern "C" {
#define _XLIBC_END }
#else
#define _XLIBC_BEGIN
#define _XLIBC_END
#endif

/* Spellings that are valid in every dialect of C and C++. */
#if !defined(__GNUC__)
#define __inline inline
#if defined(__cplusplus)
#define __restrict
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 199901L
#define __restrict restrict
#else
#define __restrict
#endif
#endif

#if defined(__GNUC__)
#define _XLIBC_NORETURN __attribute__((__noreturn__))
#define _XLIBC_PRINTF(format, first) __attribute__((__format__(__printf__, format, first)))
#define _XLIBC_SCANF(format, first) __attribute__((__format__(__scanf__, format, first)))
#define _XLIBC_STRFTIME(format) __attribute__((__format__(__strftime__, format, 0)))
#define _XLIBC_FORMAT_ARG(format) __attribute__((__format_arg__(format)))
#define _XLIBC_MALLOC __attribute__((__malloc__))
#define _XLIBC_DEPRECATED __attribute__((__deprecated__))
#define _XLIBC_RETURNS_TWICE __attribute__((__returns_twice__))
#else
#define _XLIBC_NORETURN
#define _XLIBC_PRINTF(format, first)
#define _XLIBC_SCANF(format, first)
#define _XLIBC_STRFTIME(format)
#define _XLIBC_FORMAT_ARG(format)
#define _XLIBC_MALLOC
#define _XLIBC_DEPRECATED
#define _XLIBC_RETURNS_TWICE
#endif

#define __REDIR(name, symbol) __typeof__(name) name __asm__(#symbol)

#endif
