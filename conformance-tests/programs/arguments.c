// run: one  two --help -- --argv0 x
// out: 7: one two --help -- --argv0 x
// out: arguments
// out: end
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv, char **envp)
{
	printf("%d:", argc);
	for (int at = 1; at < argc; at++)
		printf(" %s", argv[at]);
	const char *slash = strrchr(argv[0], '/');
	printf("\n%s\n", slash ? slash + 1 : argv[0]);
	puts(argv[argc] == NULL && envp != NULL ? "end" : "no end");
}
