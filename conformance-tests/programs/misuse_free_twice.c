// has: xlibc: free
// exit: signal 6
// except peers: undefined; docs/undefined.md
#include <stdlib.h>

int main(void)
{
	void *object = malloc(10);
	void *volatile again = object;
	free(object);
	free(again);
}
