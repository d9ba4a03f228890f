#define _GNU_SOURCE
#include "../check.h"

#include <setjmp.h>
#include <signal.h>

static jmp_buf buffer;
static sigjmp_buf signal_buffer;

static void jump(int depth, int value)
{
	volatile char room[100];
	room[0] = (char)depth;
	if (depth > 0)
		jump(depth - 1, value);
	else
		longjmp(buffer, value);
	(void)room;
}

TEST(setjmp_gives_the_value)
{
	static const int values[][2] = {{1, 1}, {0, 1}, {-5, -5}, {77, 77}};
	for (volatile size_t at = 0; at < 4; at++) {
		volatile int kept = 1;
		volatile double kept_double = 1.5;
		int came = setjmp(buffer);
		if (came == 0) {
			kept++;
			kept_double *= 2;
			jump(20, values[at][0]);
			IS(!"longjmp returned");
		}
		EQ(came, values[at][1]);
		IS(kept == 2 && kept_double == 3);
	}
}

TEST(underscore_setjmp)
{
	volatile int count = 0;
	if (_setjmp(buffer) < 3)
		_longjmp(buffer, ++count);
	EQ(count, 3);
}

TEST(sigsetjmp_keeps_the_mask)
{
	sigset_t set, old, now;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_UNBLOCK, &set, &old);
	for (volatile int save = 0; save < 2; save++) {
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		int came = sigsetjmp(signal_buffer, save);
		if (came == 0) {
			sigprocmask(SIG_BLOCK, &set, NULL);
			siglongjmp(signal_buffer, 4);
		}
		EQ(came, 4);
		sigprocmask(SIG_BLOCK, NULL, &now);
		EQ(sigismember(&now, SIGUSR1), !save);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
}
