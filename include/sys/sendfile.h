#ifndef _SYS_SENDFILE_H
#define _SYS_SENDFILE_H

#include <features.h>

#include <unistd.h>

_XLIBC_BEGIN

ssize_t sendfile(int, int, off_t *, size_t);

#if defined(_LARGEFILE64_SOURCE)
#define sendfile64 sendfile
#define off64_t off_t
#endif

_XLIBC_END

#endif
