// From a function that the C library calls, back through it.
// report: xload:    0  fault_in_callback+0x
// report: (compare+0x
// report: xload:    1  libc.so+0x
// report: xload:    2  libc.so+0x
// report: xload:    3  fault_in_callback+0x
// report: (main+0x
// exit: signal 11
#include <stdlib.h>

static int *volatile nowhere;

static int compare(const void *one, const void *other)
{
	return *(const int *)one - *(const int *)other + *nowhere;
}

int main(void)
{
	int values[] = {3, 1, 2};
	qsort(values, 3, sizeof *values, compare);
	return values[0];
}
