#ifndef _ALLOCA_H
#define _ALLOCA_H

/* The compiler makes the space: there is no function behind it. */
#include <features.h>

#define __NEED_size_t
#include <bits/alltypes.h>

#undef alloca
#define alloca(size) __builtin_alloca(size)

#endif
