#ifndef _LIBGEN_H
#define _LIBGEN_H

/* POSIX.1-2024 <libgen.h>: both may write to their argument. */

#include <features.h>

_XLIBC_BEGIN

char *basename(char *);
char *dirname(char *);

_XLIBC_END

#endif
