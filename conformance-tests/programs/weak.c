// out: no such function
#include <stdio.h>

__attribute__((weak)) extern int nowhere(void);

int main(void)
{
	int (*volatile function)(void) = nowhere;
	puts(function ? "found" : "no such function");
}
