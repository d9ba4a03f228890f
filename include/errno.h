#ifndef _ERRNO_H
#define _ERRNO_H

/* C23 7.5, POSIX.1-2024 <errno.h>. The numbers are Linux's on every host. */

#include <features.h>
#include <bits/errno.h>

_XLIBC_BEGIN

int *__errno_location(void) __attribute__((__const__));
#define errno (*__errno_location())

#if _XLIBC_GNU
extern char *program_invocation_name;
extern char *program_invocation_short_name;
#endif

_XLIBC_END

#endif
