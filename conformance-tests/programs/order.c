// libraries: bottom middle
// out: bottom begins
// out: middle begins after 2
// out: middle begins again
// out: main begins
// out: main
// out: bottom is called
// out: main's handler
// out: main ends
// out: middle ends
// out: bottom ends
#include <stdio.h>
#include <stdlib.h>

void middle(void);
static void handler(void) { puts("main's handler"); }
__attribute__((constructor)) static void begins(void) { puts("main begins"); }
__attribute__((destructor)) static void ends(void) { puts("main ends"); }

int main(void)
{
	atexit(handler);
	puts("main");
	middle();
}
