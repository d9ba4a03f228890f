// out: exit
// exit: 2
#include <stdio.h>
#include <stdlib.h>

static void never(void) { puts("at_quick_exit functions are not for exit"); }

static void handler(void)
{
	puts("exit");
	at_quick_exit(never);
}

int main(void)
{
	at_quick_exit(never);
	atexit(handler);
	exit(2);
}
