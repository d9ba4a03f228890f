#ifndef _NL_TYPES_H
#define _NL_TYPES_H

/* POSIX.1-2024 <nl_types.h> */

#include <features.h>

_XLIBC_BEGIN

#define NL_SETD 1
#define NL_CAT_LOCALE 1

typedef int nl_item;
typedef void *nl_catd;

nl_catd catopen(const char *, int);
char *catgets(nl_catd, int, int, const char *) _XLIBC_FORMAT_ARG(4);
int catclose(nl_catd);

_XLIBC_END

#endif
