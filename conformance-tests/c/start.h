/* `main` of a program of tests; the runner writes the two tables. Its own lines do not go through the library's streams. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct test { const char *name; void (*run)(void); };
struct child { const char *name; int (*run)(int argc, char **argv); };
extern const struct test tests[];
extern const struct child children[];

int failures;
const char *program_path;
const char *host_name = "";

static void say(const char *mark, const char *text)
{
	char line[128];
	size_t length = strlen(mark), rest = strlen(text);
	memcpy(line, mark, length);
	memcpy(line + length, text, rest);
	line[length + rest] = '\n';
	(void)!write(2, line, length + rest + 1);
}

int main(int argc, char **argv)
{
	program_path = argv[0];
	if (getenv("CONFORMANCE_HOST") != NULL)
		host_name = getenv("CONFORMANCE_HOST");
	const char *from = NULL;
	if (argc > 2 && strcmp(argv[1], "--child") == 0) {
		for (const struct child *child = children; child->name != NULL; child++)
			if (strcmp(child->name, argv[2]) == 0)
				return child->run(argc - 2, argv + 2);
		return 99;
	}
	if (argc > 2 && strcmp(argv[1], "--from") == 0)
		from = argv[2];
	for (const struct test *test = tests; test->name != NULL; test++) {
		if (from != NULL && strcmp(test->name, from) != 0)
			continue;
		from = NULL;
		int before = failures;
		say("== run ", test->name);
		test->run();
		fflush(stdout);
		char digits[12], *at = digits + sizeof digits;
		*--at = '\0';
		unsigned int count = failures - before;
		do {
			*--at = (char)('0' + count % 10);
			count /= 10;
		} while (count > 0);
		say("== end ", at);
	}
	return failures != 0;
}
