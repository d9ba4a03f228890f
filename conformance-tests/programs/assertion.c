// has: 1 == 2
// has: assertion.c
// has: main
// exit: signal 6
#include <assert.h>

int main(void)
{
	assert(1 == 2);
}
