#define _GNU_SOURCE
#include "../check.h"
#include <signal.h>

TEST(sigisemptyset)
{
	sigset_t set;
	sigemptyset(&set);
	EQ(sigisemptyset(&set), 1);
	sigaddset(&set, SIGHUP);
	EQ(sigisemptyset(&set), 0);
	sigdelset(&set, SIGHUP);
	EQ(sigisemptyset(&set), 1);
	sigaddset(&set, SIGRTMAX);
	EXCEPT(glibc, "forgets what is above 32") EQ(sigisemptyset(&set), 0);
	sigfillset(&set);
	EQ(sigisemptyset(&set), 0);
}
