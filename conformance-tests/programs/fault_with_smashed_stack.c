// The frames end where the stack is overwritten; the report does not fail over it.
// flags: -fno-stack-protector
// report: xload: SIGSEGV at address 0x0
// report: xload:    0  fault_with_smashed_stack+0x
// report: (break_down+0x
// report: 0x4141414141414141 (in no file)
// exit: signal 11
#include <string.h>

static volatile int *volatile nowhere;
static volatile size_t beyond = 600;

__attribute__((noinline)) static void break_down(char *text)
{
	memset(text, 'A', beyond);
	*nowhere = text[0];
}

__attribute__((noinline)) static int overflow(void)
{
	char text[16];
	break_down(text);
	return text[3];
}

int main(void)
{
	char room[1024];
	memset(room, 'B', beyond);
	return overflow() + room[beyond - 1];
}
