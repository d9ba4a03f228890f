/* System call numbers. Each CPU has its own table. */

#if defined(__aarch64__)
#include <bits/syscall-aarch64.h>
#else
#include <bits/syscall-x86_64.h>
#endif
