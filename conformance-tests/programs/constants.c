// out: fault
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

/* Constants that hold addresses are written by the loader once and are read-only afterwards (RELRO). */
static const char *const texts[] = {"one", "two"};
static sigjmp_buf back;
static void leaves(int number) { siglongjmp(back, number); }

int main(void)
{
	signal(SIGSEGV, leaves);
	signal(SIGBUS, leaves);
	if (sigsetjmp(back, 1) == 0) {
		const char *volatile *where = (const char *volatile *)&texts[1];
		*where = "three";
		puts(texts[1]);
	} else
		puts("fault");
}
