// A fault cannot be ignored. Nothing is said of it.
// exit: signal 11
#include <signal.h>

static volatile int *volatile nowhere;

int main(void)
{
	signal(SIGSEGV, SIG_IGN);
	*nowhere = 1;
}
