// exit: signal 11
// except qemu: the emulator says so on standard error
#include <stddef.h>

int main(void)
{
	*(volatile int *)NULL = 1;
}
