// Reports of undefined behaviour: each place once, with the values and their types; the program goes on.
// flags: -fsanitize=undefined,float-divide-by-zero,implicit-conversion,unsigned-integer-overflow,nullability -Wno-nullability-completeness
// has: undefined.cpp:65:14: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'
// has: runtime error: unsigned integer overflow: 0 - 1 cannot be represented in type 'unsigned int'
// has: runtime error: signed integer overflow: 85070591730234615865843651857942052864 * -4 cannot be represented in type '__int128'
// has: runtime error: negation of -2147483648 cannot be represented in type 'int'
// has: runtime error: division of -2147483648 by -1 cannot be represented in type 'int'
// has: runtime error: division by zero
// has: runtime error: shift exponent 40 is too large for 32-bit type 'int'
// has: runtime error: index 4 out of bounds for type 'int[4]'
// has: runtime error: index -1 out of bounds for type 'int[4]'
// has: runtime error: 1e+30 of type 'double' is outside the range of type 'int'
// has: runtime error: 1e+10 of type 'float' is outside the range of type 'int'
// has: of type 'long double' is outside the range of type 'int'
// has: runtime error: load of value 3, which is not a valid value for type 'bool'
// has: runtime error: implicit conversion from type 'int' of value 300 to type 'unsigned char' changed the value to 44
// has: runtime error: implicit conversion from type 'int' of value -1 to type 'unsigned int' changed the value to 4294967295
// has: for type 'const int', which requires 4 byte alignment
// has: runtime error: load of null pointer of type 'const int'
// has: runtime error: assumption of 64 byte alignment for pointer
// has: runtime error: applying non-zero offset 4 to null pointer
// has: runtime error: passing zero to __builtin_clz(), which is not a valid argument
// has: runtime error: passing zero to __builtin_ctz(), which is not a valid argument
// has: runtime error: call to function at 0x
// has: through pointer to incorrect function type 'void (*)(long)'
// has: runtime error: null pointer passed as argument 1, which is declared to never be null
// has: undefined.cpp:86:16: note: nonnull attribute specified here
// has: runtime error: null pointer returned from function, which is declared to never be null
// has: note: _Nonnull type annotation specified here
// has: 1 report of a place that was passed twice
// except peers: their runtime library is another
#include <climits>
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>

#define KEPT __attribute__((noinline, optnone))

static jmp_buf before;

static void back(int)
{
    std::longjmp(before, 1);
}

// What would fault ends here.
template <typename Work> static void survive(Work work)
{
    std::signal(SIGSEGV, back);
    std::signal(SIGFPE, back);
    std::signal(SIGTRAP, back);
    std::signal(SIGILL, back);
    if (!setjmp(before))
        work();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

KEPT static int add(int a, int b)
{
    // The place that is asked for below.
    return a + b;
}
KEPT static unsigned less(unsigned a) { return a - 1; }
KEPT static __int128 wide(__int128 a, __int128 b) { return a * b; }
KEPT static int negative(int a) { return -a; }
KEPT static int quotient(int a, int b) { return a / b; }
KEPT static int remainder(int a, int b) { return a % b; }
KEPT static int shifted(int a, int b) { return a << b; }
KEPT static int element(int at) { static int four[4]; return four[at & 3] + (at == 4 ? four[at] : 0) + (at < 0 ? four[at] : 0); }
template <typename From> KEPT static int number(From from) { return (int)from; }
KEPT static bool truth(unsigned char byte) { bool value; std::memcpy(&value, &byte, 1); return value; }
KEPT static unsigned char low(int a) { return a; }
KEPT static unsigned without_sign(int a) { return a; }
KEPT static int read(const char *p) { return *(const int *)p; }
KEPT static int first(const int *p) { return *p; }
KEPT static void *aligned(char *p)
{
    return __builtin_assume_aligned(p, 64);
}
KEPT static int *next(int *p) { return p + 1; }
KEPT static void nothing(int) {}
__attribute__((nonnull(1))) KEPT static void never_null(const char *) {}
KEPT static const char *_Nonnull returned(const char *p) { return p; }
KEPT static int zeros(unsigned a) { return __builtin_clz(a) + __builtin_ctz(a); }

int main()
{
    volatile int one = 1;
    (void)add(INT_MAX, one);
    (void)add(INT_MAX, one);
    (void)less(0);
    (void)wide((__int128)1 << 126, -4);
    (void)negative(INT_MIN);
    survive([] { (void)quotient(INT_MIN, -1); });
    survive([] { (void)remainder(1, 0); });
    (void)shifted(1, 40);
    (void)element(4);
    (void)element(-1);
    (void)number(1e30);
    (void)number(1e10f);
    (void)number(-1e100L);
    (void)truth(3);
    (void)low(300);
    (void)without_sign(-1);
    alignas(64) static char bytes[128];
    (void)read(bytes + 1);
    survive([] { (void)first(nullptr); });
    (void)aligned(bytes + 8);
    (void)next(nullptr);
    ((void (*)(long))(void *)nothing)(3);
    never_null((const char *)(std::size_t)(one - 1));
    (void)returned(nullptr);
    (void)zeros(0);
    std::puts("1 report of a place that was passed twice");
}
