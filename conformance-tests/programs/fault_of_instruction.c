// report: xload: SIG
// report: xload:    0  fault_of_instruction+0x
// report: (give_up+0x
// report: (main+0x
// exit: signal 4
// except linux-aarch64: the instruction is a breakpoint there, see fault_of_breakpoint.c

__attribute__((noinline)) static int give_up(int value)
{
	if (value != 7)
		__builtin_trap();
	return value;
}

int main(int count, char **arguments)
{
	(void)arguments;
	return give_up(count) + 1;
}
