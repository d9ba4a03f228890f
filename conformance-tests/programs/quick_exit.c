// out: quick 2
// out: quick 1
// exit: 4
#include <stdlib.h>
#include <unistd.h>
#include <string.h>
#include <stdio.h>

/* Not through a stream: quick_exit does not flush (C23 7.24.4.7). */
static void say(const char *text) { (void)!write(1, text, strlen(text)); }
static void one(void) { say("quick 1\n"); }
static void two(void) { say("quick 2\n"); }
static void never(void) { say("atexit\n"); }
__attribute__((destructor)) static void finaliser(void) { say("finaliser\n"); }

int main(void)
{
	atexit(never);
	at_quick_exit(one);
	at_quick_exit(two);
	printf("lost");
	quick_exit(4);
}
