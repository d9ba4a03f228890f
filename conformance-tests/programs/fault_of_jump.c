// A call of an address without code: the caller is known.
// report: xload: SIGSEGV at address 0x1230
// report: xload:    0  0x1230 (in no file)
// report: xload:    1  fault_of_jump+0x
// report: (main+0x
// exit: signal 11

static int (*volatile nowhere)(void) = (int (*)(void))0x1230;

int main(void)
{
	return nowhere() + 1;
}
