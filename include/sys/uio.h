#ifndef _SYS_UIO_H
#define _SYS_UIO_H

/* POSIX.1-2024 <sys/uio.h> */

#include <features.h>

#define __NEED_size_t
#define __NEED_ssize_t
#define __NEED_struct_iovec
#if _XLIBC_BSD
#define __NEED_off_t
#endif
#if _XLIBC_GNU
#define __NEED_pid_t
#endif
#include <bits/alltypes.h>

_XLIBC_BEGIN

#define UIO_MAXIOV 1024

ssize_t readv(int, const struct iovec *, int);
ssize_t writev(int, const struct iovec *, int);

#if _XLIBC_BSD
ssize_t preadv(int, const struct iovec *, int, off_t);
ssize_t pwritev(int, const struct iovec *, int, off_t);
#if defined(_LARGEFILE64_SOURCE)
#define preadv64 preadv
#define pwritev64 pwritev
#define off64_t off_t
#endif
#endif

_XLIBC_END

#endif
