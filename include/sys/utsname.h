#ifndef _SYS_UTSNAME_H
#define _SYS_UTSNAME_H

/* POSIX.1-2024 <sys/utsname.h> */

#include <features.h>

_XLIBC_BEGIN

struct utsname {
	char sysname[65];
	char nodename[65];
	char release[65];
	char version[65];
	char machine[65];
#if _XLIBC_GNU
	char domainname[65];
#else
	char __domainname[65];
#endif
};

int uname(struct utsname *);

_XLIBC_END

#endif
