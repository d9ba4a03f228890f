// A handler that was taken away again.
// report: xload: SIGSEGV at address 0x0
// report: (main+0x
// exit: signal 11
#include <signal.h>

static volatile int *volatile nowhere;

static void handler(int number)
{
	(void)number;
}

int main(void)
{
	signal(SIGSEGV, handler);
	if (signal(SIGSEGV, SIG_DFL) != handler)
		return 1;
	*nowhere = 1;
}
