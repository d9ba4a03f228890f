// env: XLIBC_ONE=first value
// env: XLIBC_EMPTY=
// out: first value
// out: empty
// out: the same
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv, char **envp)
{
	(void)argc, (void)argv;
	const char *empty = getenv("XLIBC_EMPTY");
	puts(getenv("XLIBC_ONE"));
	puts(empty == NULL ? "missing" : *empty == 0 ? "empty" : empty);
	puts(envp == environ ? "the same" : "another");
}
