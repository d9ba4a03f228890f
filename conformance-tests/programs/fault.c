// report: xload: SIGSEGV at address 0x0
// report: xload:    0  fault+0x
// report: (main+0x
// exit: signal 11
#include <stddef.h>

int main(void)
{
	*(volatile int *)NULL = 1;
}
