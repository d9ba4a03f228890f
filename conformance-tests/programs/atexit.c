// out: main
// out: third
// out: second
// out: first
// out: finaliser
// exit: 3
#include <stdio.h>
#include <stdlib.h>

static void first(void) { puts("first"); }
static void third(void) { puts("third"); }

/* Registered while handlers run: called next (C23 7.24.4.2). */
static void second(void) { puts("second"); atexit(first); }

__attribute__((destructor)) static void finaliser(void) { puts("finaliser"); }

int main(void)
{
	atexit(second);
	atexit(third);
	puts("main");
	return 3;
}
