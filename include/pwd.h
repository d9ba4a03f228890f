#ifndef _PWD_H
#define _PWD_H

/* POSIX.1-2024 <pwd.h> */

#include <features.h>

#define __NEED_size_t
#define __NEED_uid_t
#define __NEED_gid_t
#if _XLIBC_GNU
#define __NEED_FILE
#endif
#include <bits/alltypes.h>

_XLIBC_BEGIN

struct passwd {
	char *pw_name;
	char *pw_passwd;
	uid_t pw_uid;
	gid_t pw_gid;
	char *pw_gecos;
	char *pw_dir;
	char *pw_shell;
};

struct passwd *getpwuid(uid_t);
struct passwd *getpwnam(const char *);
int getpwuid_r(uid_t, struct passwd *, char *, size_t, struct passwd **);
int getpwnam_r(const char *, struct passwd *, char *, size_t, struct passwd **);

#if _XLIBC_XSI
void setpwent(void);
void endpwent(void);
struct passwd *getpwent(void);
#endif

_XLIBC_END

#endif
