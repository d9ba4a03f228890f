// has: xlibc: division by zero
// exit: signal 6
// except peers: undefined; docs/undefined.md
#include <stdlib.h>

int main(void)
{
	volatile int zero = 0;
	return div(1, zero).quot;
}
