// The small runtime library says what happened, not where.
// flags: -fsanitize=undefined -fsanitize-minimal-runtime
// has: ubsan: add-overflow by 0x
// has: went on
// except peers: their runtime library is another
#include <limits.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	(void)argv;
	volatile int sum = INT_MAX + argc;
	(void)sum;
	puts("went on");
	return 0;
}
