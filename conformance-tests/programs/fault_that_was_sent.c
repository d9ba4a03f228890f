// What was sent is no fault.
// exit: signal 11
#include <signal.h>

int main(void)
{
	raise(SIGSEGV);
	return 1;
}
