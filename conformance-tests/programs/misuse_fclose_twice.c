// has: xlibc: fclose: not an open stream
// exit: signal 6
// except peers: undefined; docs/undefined.md
#include <stdio.h>

int main(void)
{
	FILE *file = fopen("file", "w");
	FILE *volatile again = file;
	fclose(file);
	fclose(again);
}
