#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <stdlib.h>

CHILD(says)
{
	printf("%s:%d\n", argc > 1 ? argv[1] : "", argc);
	return 5;
}

CHILD(keeps_input)
{
	char line[64];
	FILE *file = fopen("kept", "w");
	while (fgets(line, sizeof line, stdin) != NULL)
		fputs(line, file);
	fclose(file);
	return 0;
}

TEST(popen_reads)
{
	EXCEPT_ON(qemu, "the kernel below the emulator cannot start a loader for another CPU") {
		char line[64] = "", command[512];
		FILE *pipe = popen(own_command(command, sizeof command, "says word"), "r");
		IS(pipe != NULL);
		if (pipe == NULL)
			return;
		IS(pipe != NULL && fgets(line, sizeof line, pipe) == line);
		TEXT(line, "word:2\n");
		EQ(fgets(line, sizeof line, pipe), NULL);
		int status = pclose(pipe);
		IS(WIFEXITED(status) && WEXITSTATUS(status) == 5);
	}
}

TEST(popen_writes)
{
	EXCEPT_ON(qemu, "the kernel below the emulator cannot start a loader for another CPU") {
		char line[64] = "", command[512];
		FILE *pipe = popen(own_command(command, sizeof command, "keeps_input"), "we");
		IS(pipe != NULL);
		if (pipe == NULL)
			return;
		IS(pipe != NULL && fputs("through a pipe\n", pipe) >= 0);
		EQ(pclose(pipe), 0);
		FILE *file = fopen("kept", "r");
		IS(file != NULL && fgets(line, sizeof line, file) == line);
		TEXT(line, "through a pipe\n");
		IS(file != NULL && fclose(file) == 0);
	}
	EQ_ERRNO(popen("true", "x"), NULL, EINVAL);
}
