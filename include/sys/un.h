#ifndef _SYS_UN_H
#define _SYS_UN_H

/* POSIX.1-2024 <sys/un.h> */

#include <features.h>

#define __NEED_sa_family_t
#if _XLIBC_BSD
#define __NEED_size_t
#endif
#include <bits/alltypes.h>

struct sockaddr_un {
	sa_family_t sun_family;
	char sun_path[108];
};

#if _XLIBC_BSD
_XLIBC_BEGIN
size_t strlen(const char *);
_XLIBC_END

#define SUN_LEN(address) (strlen((address)->sun_path) + 2)
#endif

#endif
