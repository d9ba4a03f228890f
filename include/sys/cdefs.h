#ifndef _SYS_CDEFS_H
#define _SYS_CDEFS_H

/* Names from BSD that portable programs expect without asking. */

#include <features.h>

#ifdef __cplusplus
#define __BEGIN_DECLS extern "C" {
#define __END_DECLS }
#else
#define __BEGIN_DECLS
#define __END_DECLS
#endif

#define __P(parameters) parameters
#define __CONCAT(x, y) x##y
#define __STRING(x) #x

#endif
