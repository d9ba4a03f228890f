#ifndef _STDALIGN_H
#define _STDALIGN_H

/* C23 7.15: empty, since alignas and alignof are keywords; so they are in C++. */
#if !defined(__cplusplus) && !(defined(__STDC_VERSION__) && __STDC_VERSION__ > 201710L)
#define alignas _Alignas
#define alignof _Alignof
#define __alignas_is_defined 1
#define __alignof_is_defined 1
#elif defined(__cplusplus)
#define __alignas_is_defined 1
#define __alignof_is_defined 1
#endif

#endif
