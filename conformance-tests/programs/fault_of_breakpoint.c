// report: xload: SIGTRAP
// report: xload:    0  fault_of_breakpoint+0x
// report: (main+0x
// exit: signal 5
// except musl: its compiler has no such builtin

int main(void)
{
	__builtin_debugtrap();
	return 1;
}
