// run: x y
// env: XLIBC_SEEN=yes
// out: 101
// out: 102: 3 x y, end
// out: 1000
// out: no priority: yes
// out: main: 3 x y, end
// out: the same lists
// out: no priority ends
// out: 1000 ends
// out: 101 ends
// except musl: gives initialisers no arguments
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int count;
static char **arguments, **variables;

static void show(const char *who, int argc, char **argv)
{
	printf("%s: %d", who, argc);
	for (int at = 1; at < argc; at++)
		printf(" %s", argv[at]);
	puts(argv[argc] == NULL ? ", end" : ", no end");
}

/* As initialisers get them on Linux: those of `main`. */
__attribute__((constructor)) static void plain(int argc, char **argv, char **envp)
{
	const char *seen = "no";
	(void)argc, (void)argv;
	for (char **one = envp; *one != NULL; one++)
		if (strncmp(*one, "XLIBC_SEEN=", 11) == 0)
			seen = *one + 11;
	printf("no priority: %s\n", getenv("XLIBC_SEEN") != NULL && environ != NULL ? seen : "no environ");
}

__attribute__((constructor(1000))) static void last(void) { puts("1000"); }
__attribute__((constructor(102))) static void second(int argc, char **argv, char **envp)
{
	show("102", argc, argv);
	count = argc;
	arguments = argv;
	variables = envp;
}
__attribute__((constructor(101))) static void first(void) { puts("101"); }
__attribute__((destructor)) static void ends_plain(void) { puts("no priority ends"); }
__attribute__((destructor(101))) static void ends_first(void) { puts("101 ends"); }
__attribute__((destructor(1000))) static void ends_last(void) { puts("1000 ends"); }

int main(int argc, char **argv, char **envp)
{
	show("main", argc, argv);
	puts(argc == count && argv == arguments && envp == variables && envp == environ ? "the same lists" : "other lists");
}
