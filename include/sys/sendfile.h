#ifndef _SYS_SENDFILE_H
#define _SYS_SENDFILE_H

#include <features.h>

#define __NEED_off_t
#define __NEED_size_t
#define __NEED_ssize_t
#include <bits/alltypes.h>

_XLIBC_BEGIN

ssize_t sendfile(int, int, off_t *, size_t);

#if defined(_LARGEFILE64_SOURCE)
#define sendfile64 sendfile
#define off64_t off_t
#endif

_XLIBC_END

#endif
