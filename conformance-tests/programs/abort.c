// exit: signal 6
#include <stdio.h>
#include <stdlib.h>

static void never(void) { puts("atexit"); }

int main(void)
{
	atexit(never);
	printf("lost");
	abort();
}
