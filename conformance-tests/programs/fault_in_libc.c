// The C library's own frames are known too.
// report: xload: SIGSEGV at address 0x10
// report: xload:    0  libc.so+0x
// report: (strlen+0x
// report: xload:    1  fault_in_libc+0x
// report: (measure+0x
// report: xload:    2  fault_in_libc+0x
// report: (main+0x
// exit: signal 11
#include <string.h>

static const char *volatile nowhere = (const char *)0x10;

__attribute__((noinline)) static size_t measure(void)
{
	return strlen(nowhere) + 1;
}

int main(void)
{
	return measure() == 7 ? 1 : 2;
}
