// out: mended 200, left 200
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>

/* Handlers of faults, one after the other. Where an emulator's CPU runs the host, it tells a bad access as an illegal instruction. */
enum { PAGE = 65536, ROUNDS = 200 };

static char *page;
static sigjmp_buf out;
static volatile int mending, mended, left;

static void handler(int number)
{
	(void)number;
	if (mending) {
		mended++;
		mprotect(page, PAGE, PROT_READ | PROT_WRITE);
		return;
	}
	left++;
	siglongjmp(out, 1);
}

int main(void)
{
	page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	signal(SIGSEGV, handler);
	signal(SIGBUS, handler);
	signal(SIGILL, handler);
	for (volatile int round = 0; round < ROUNDS; round++) {
		mprotect(page, PAGE, PROT_NONE);
		mending = 1;
		((volatile char *)page)[round] = (char)round;
		if (page[round] != (char)round)
			return 1;
		mprotect(page, PAGE, PROT_NONE);
		mending = 0;
		if (sigsetjmp(out, 1) == 0)
			((volatile char *)page)[round] = 1;
	}
	printf("mended %d, left %d\n", mended, left);
	return 0;
}
