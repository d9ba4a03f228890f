#ifndef _MALLOC_H
#define _MALLOC_H

#include <features.h>

#define __NEED_size_t
#include <bits/alltypes.h>

_XLIBC_BEGIN

void *malloc(size_t) _XLIBC_MALLOC;
void *calloc(size_t, size_t) _XLIBC_MALLOC;
void *realloc(void *, size_t);
void free(void *);
void *valloc(size_t) _XLIBC_MALLOC;
void *memalign(size_t, size_t) _XLIBC_MALLOC;

size_t malloc_usable_size(void *);

_XLIBC_END

#endif
