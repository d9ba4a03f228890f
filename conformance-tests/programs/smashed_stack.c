// The stack protector is on without a flag.
// out: xlibc: stack smashing detected
// exit: signal 6
// except peers: their message is another, and the flag is not on by default
#include <string.h>

static void fill(char *text, volatile size_t n)
{
	memset(text, 'A', n);
}

__attribute__((noinline)) static int overflow(size_t n)
{
	char text[16];
	fill(text, n);
	return text[3];
}

int main(void)
{
	return overflow(16) != 'A' || overflow(16 + 48) != 0;
}
