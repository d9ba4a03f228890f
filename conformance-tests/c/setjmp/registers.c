#define _GNU_SOURCE
#include "../check.h"
#include <setjmp.h>
#include <signal.h>

static jmp_buf here;

static void deep(int depth, int value)
{
	volatile char room[300];
	room[depth % 300] = (char)depth;
	if (depth == 0)
		longjmp(here, value);
	if (depth > 0)
		deep(depth - 1, value);
	room[1]++;
}

TEST(longjmp)
{
	volatile int rounds = 0;
	volatile double kept = 2.5;
	int value = setjmp(here);
	if (rounds < 3) {
		EQ(value, rounds == 0 ? 0 : rounds == 1 ? 5 : 1);
		rounds++;
		/* 0 is given as 1: C23 7.13.3.1. */
		deep(100, rounds == 1 ? 5 : rounds == 2 ? 0 : -7);
	}
	EQ(value, -7);
	EQ(rounds, 3);
	IS(kept == 2.5);
}

TEST(registers_are_kept)
{
	/* Not changed after setjmp, so they keep their values: more than fit into the registers that calls preserve. */
	volatile int one = 1;
	int a = one, b = a + 2, c = a + 3, d = a + 4, e = a + 5, f = a + 6, g = a + 7, h = a + 8;
	double u = a + 0.5, v = a + 1.5, w = a + 2.5, x = a + 3.5;
	if (setjmp(here) == 0)
		deep(10, 1);
	IS(b == a + 2 && c == a + 3 && d == a + 4 && e == a + 5 && f == a + 6 && g == a + 7 && h == a + 8);
	IS(u == a + 0.5 && v == a + 1.5 && w == a + 2.5 && x == a + 3.5);
}

TEST(sigsetjmp_saves_the_mask_or_not)
{
	sigset_t set, now, clean;
	sigjmp_buf buffer;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_UNBLOCK, &set, &clean);
	if (sigsetjmp(buffer, 1) == 0) {
		sigprocmask(SIG_BLOCK, &set, NULL);
		siglongjmp(buffer, 1);
	}
	sigprocmask(SIG_BLOCK, NULL, &now);
	EQ(sigismember(&now, SIGUSR1), 0);
	if (sigsetjmp(buffer, 0) == 0) {
		sigprocmask(SIG_BLOCK, &set, NULL);
		siglongjmp(buffer, 1);
	}
	sigprocmask(SIG_BLOCK, NULL, &now);
	EQ(sigismember(&now, SIGUSR1), 1);
	sigprocmask(SIG_SETMASK, &clean, NULL);
}

TEST(_setjmp)
{
	volatile int passes = 0;
	if (_setjmp(here) < 3)
		_longjmp(here, ++passes);
	EQ(passes, 3);
}
