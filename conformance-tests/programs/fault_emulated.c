// has: signal 11
// exit: signal 11
// except linux-x86_64: the emulator's words are expected
// except windows: the emulator's words are expected
// except peers: the emulator's words are expected
#include <stddef.h>

int main(void)
{
	*(volatile int *)NULL = 1;
}
