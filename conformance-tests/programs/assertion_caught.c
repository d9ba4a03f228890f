// has: Assertion
// has: caught
// exit: 3
#include <assert.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static sigjmp_buf back;
static void caught(int number)
{
	siglongjmp(back, number);
}

int main(void)
{
	signal(SIGABRT, caught);
	if (sigsetjmp(back, 1) == 0)
		assert(1 == 2);
	puts("caught");
	return 3;
}
