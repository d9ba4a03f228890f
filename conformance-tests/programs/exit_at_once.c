// exit: 5
#include <stdio.h>
#include <stdlib.h>

static void never(void) { puts("atexit"); }
__attribute__((destructor)) static void finaliser(void) { puts("finaliser"); }

int main(void)
{
	atexit(never);
	printf("lost");
	_Exit(5);
}
