// out: written without a newline, and by a handler
#include <stdio.h>
#include <stdlib.h>

static void handler(void) { printf(", and by a handler\n"); }

int main(void)
{
	atexit(handler);
	printf("written without a newline");
	return 0;
}
