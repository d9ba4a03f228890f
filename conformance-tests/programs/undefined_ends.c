// A report ends the program where that is asked for, with a code of its own and the frames that led there.
// flags: -fsanitize=undefined -rdynamic
// env: UBSAN_OPTIONS=halt_on_error=1:exitcode=42:print_stacktrace=1:unheard_of=1
// has: UBSAN_OPTIONS: "unheard_of=1" is not one of halt_on_error=NUMBER
// has: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'
// has: undefined_ends+0x
// has: (main+0x
// exit: 42
// except peers: their runtime library is another
#include <limits.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	(void)argv;
	printf("%d\n", INT_MAX + argc);
	puts("not reached");
	return 0;
}
