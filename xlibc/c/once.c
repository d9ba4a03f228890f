/* pthread_once (POSIX.1-2024) and call_once (C23 7.28.2.1). The function may throw a C++ exception. It passes through the frame
   here, whose personality routine gives the control object back, so that the next caller runs the function again. */

struct running {
    void *cleanup[3];
    const void *once;
    void *outer;
};

int xlibc_once_enter(int *once, struct running *running);
void xlibc_once_leave(int done);

/* Itanium C++ ABI 1.6.3: called for the frame in both phases of unwinding. */
__attribute__((visibility("hidden"))) int xlibc_once_personality(int version, int actions, unsigned long long class,
                                                                void *exception, void *context) {
    enum { CLEANUP_PHASE = 2, CONTINUE_UNWIND = 8 };
    (void)version, (void)class, (void)exception, (void)context;
    /* Calls on one thread nest, so that of this frame is the innermost. */
    if (actions & CLEANUP_PHASE) xlibc_once_leave(0);
    return CONTINUE_UNWIND;
}

int xlibc_pthread_once(int *once, void (*function)(void)) {
    struct running running;
    /* 0x1b: four bytes, signed, relative to their own place. */
    __asm__ volatile(".cfi_personality 0x1b, xlibc_once_personality");
    if (xlibc_once_enter(once, &running)) {
        function();
        xlibc_once_leave(1);
    }
    return 0;
}
