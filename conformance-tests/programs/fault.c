// exit: signal 11
#include <stddef.h>

int main(void)
{
	*(volatile int *)NULL = 1;
}
