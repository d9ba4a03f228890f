#ifndef _DLFCN_H
#define _DLFCN_H

/* POSIX.1-2024 <dlfcn.h> */

#include <features.h>

_XLIBC_BEGIN

#define RTLD_LOCAL  0
#define RTLD_LAZY   1
#define RTLD_NOW    2
#define RTLD_NOLOAD 4
#define RTLD_GLOBAL   0x100
#define RTLD_NODELETE 0x1000

#define RTLD_DEFAULT ((void *)0)
#define RTLD_NEXT ((void *)-1)

int dlclose(void *);
char *dlerror(void);
void *dlopen(const char *, int);
void *dlsym(void *__restrict, const char *__restrict);

#if _XLIBC_BSD || _XLIBC_POSIX >= 202405L
typedef struct {
	const char *dli_fname;
	void *dli_fbase;
	const char *dli_sname;
	void *dli_saddr;
} Dl_info;
typedef Dl_info Dl_info_t;

int dladdr(const void *, Dl_info *);
#endif

_XLIBC_END

#endif
