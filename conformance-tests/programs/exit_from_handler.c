// out: exit in a handler goes on with the rest
// exit: 9
// except peers: calling exit twice is undefined before POSIX.1-2024; ours goes on with what is left
#include <stdio.h>
#include <stdlib.h>

static void rest(void) { puts("exit in a handler goes on with the rest"); }
static void again(void) { exit(9); }

int main(void)
{
	atexit(rest);
	atexit(again);
	exit(1);
}
