#ifndef _UCONTEXT_H
#define _UCONTEXT_H

/* POSIX.1-2001 <ucontext.h> */

#include <features.h>
#include <signal.h>

_XLIBC_BEGIN

#if _XLIBC_BSD
#define NGREG (sizeof(gregset_t) / sizeof(greg_t))
#endif

struct ucontext;

int getcontext(struct ucontext *) _XLIBC_RETURNS_TWICE;
int setcontext(const struct ucontext *);
void makecontext(struct ucontext *, void (*)(void), int, ...);
int swapcontext(struct ucontext *, const struct ucontext *);

_XLIBC_END

#endif
