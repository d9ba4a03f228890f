/* NULL, for the headers that define it. A null pointer constant of pointer width also where C++ passes it to `...`. */
#undef NULL
#if defined(__cplusplus)
#define NULL __null
#else
#define NULL ((void *)0)
#endif
