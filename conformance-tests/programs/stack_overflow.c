// report: xload: SIGSEGV, stack overflow
// report: (main+0x
// exit: signal 11
static volatile int one = 1;

int main(void)
{
	volatile char frame[100 << 20];
	frame[one] = 1;
	return frame[one];
}
