#ifndef _SYS_SYSCALL_H
#define _SYS_SYSCALL_H

/* Linux's numbers on every host; the library answers the few calls that programs make this way. */
#include <bits/syscall.h>

#endif
