// exit: signal 6
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	/* Nobody can be told: the end is the same. */
	close(2);
	assert(1 == 2);
}
