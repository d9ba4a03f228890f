#ifndef _SYS_RANDOM_H
#define _SYS_RANDOM_H

#include <features.h>

#define __NEED_size_t
#define __NEED_ssize_t
#include <bits/alltypes.h>

_XLIBC_BEGIN

#define GRND_NONBLOCK 1
#define GRND_RANDOM 2
#define GRND_INSECURE 4

ssize_t getrandom(void *, size_t, unsigned int);

_XLIBC_END

#endif
