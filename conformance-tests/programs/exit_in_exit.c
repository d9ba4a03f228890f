// out: registered by a handler
// out: quick_exit in a handler ends at once
// exit: 4
// except peers: calling one after the other is undefined in C; ours goes on with what is left
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *text) { (void)!write(1, text, strlen(text)); }
static void registered(void) { say("registered by a handler\n"); }
static void last(void) { say("quick_exit in a handler ends at once\n"); }

static void leaves(void)
{
	at_quick_exit(last);
	quick_exit(4);
}

static void registers(void)
{
	atexit(leaves);
	atexit(registered);
}

int main(void)
{
	printf("lost, as quick_exit does not flush");
	atexit(registers);
	exit(1);
}
