// report: xload: SIGFPE
// report: xload:    0  fault_of_division+0x
// report: (main+0x
// exit: signal 8
// except linux-aarch64: a division by zero is 0 there

static volatile int zero;

int main(void)
{
	return 7 / zero + 2;
}
