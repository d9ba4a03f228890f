// A fault cannot be blocked. Nothing is said of it.
// exit: signal 11
#include <signal.h>

static volatile int *volatile nowhere;

int main(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGSEGV);
	sigprocmask(SIG_BLOCK, &set, 0);
	*nowhere = 1;
}
