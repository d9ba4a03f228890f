// A program that has a handler says itself what it has to say; the default action is what it was.
// out: handled
// out: default before, default after
// exit: 3
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile int *volatile nowhere;

static int is_default(const struct sigaction *action)
{
	return action->sa_handler == SIG_DFL && !(action->sa_flags & (SA_SIGINFO | SA_ONSTACK));
}

static void handler(int number)
{
	static const char text[] = "handled\n";
	(void)number;
	write(1, text, sizeof text - 1);
	struct sigaction now, action = {.sa_handler = SIG_DFL};
	sigaction(SIGSEGV, &action, 0);
	sigaction(SIGSEGV, 0, &now);
	puts(is_default(&now) ? "default before, default after" : "not the default");
	fflush(stdout);
	_exit(3);
}

int main(void)
{
	struct sigaction before, action = {.sa_handler = handler};
	sigaction(SIGSEGV, &action, &before);
	if (!is_default(&before))
		return 1;
	*nowhere = 1;
	return 2;
}
