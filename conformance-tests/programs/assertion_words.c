// out: Assertion failed: 1 == 2 && "some text" (source.c: main: 20)
// exit: signal 6
// except glibc: it has other words
#include <assert.h>

int main(void)
{
#line 20 "source.c"
	assert(1 == 2 && "some text");
}
