// has: Assertion
// exit: signal 6
// except musl: it leaves the words in the buffer
#include <assert.h>
#include <stdio.h>

int main(void)
{
	static char room[1000];
	setvbuf(stderr, room, _IOFBF, sizeof room);
	assert(1 == 2);
}
