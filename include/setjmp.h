#ifndef _SETJMP_H
#define _SETJMP_H

/* C23 7.13, POSIX.1-2024 <setjmp.h> */

#include <features.h>

_XLIBC_BEGIN

/* The registers that a callee preserves. */
#if defined(__aarch64__)
typedef unsigned long __jmp_buf[22];
#else
typedef unsigned long __jmp_buf[8];
#endif

typedef struct __jmp_buf_tag {
	__jmp_buf __jb;
	unsigned long __fl;
	unsigned long __ss[16];
} jmp_buf[1];

int setjmp(jmp_buf) _XLIBC_RETURNS_TWICE;
_XLIBC_NORETURN void longjmp(jmp_buf, int);
#define setjmp setjmp

#if _XLIBC_POSIX
typedef jmp_buf sigjmp_buf;
int sigsetjmp(sigjmp_buf, int) _XLIBC_RETURNS_TWICE;
_XLIBC_NORETURN void siglongjmp(sigjmp_buf, int);
#endif

#if _XLIBC_XSI
int _setjmp(jmp_buf) _XLIBC_RETURNS_TWICE;
_XLIBC_NORETURN void _longjmp(jmp_buf, int);
#endif

#if _XLIBC_ISO >= 2023
#define __STDC_VERSION_SETJMP_H__ 202311L
#endif

_XLIBC_END

#endif
