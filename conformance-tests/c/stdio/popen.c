#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>

CHILD(says)
{
	printf("%s:%d\n", argc > 1 ? argv[1] : "", argc);
	return 5;
}

CHILD(says_late)
{
	usleep(100000);
	return puts("late") < 0;
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
}

static int first_free(void)
{
	int fd = dup(0);
	close(fd);
	return fd;
}

TEST(popen_modes)
{
	int before = first_free();
	/* POSIX.1-2024: r or w, then e at most. */
	static const char *const wrong[] = {"x", "", "rw", "r+", "a", "rx", "wb", "e", "R"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		EXCEPT(musl, "looks at the first letter, and for an e") EQ_ERRNO(popen("exit", wrong[i]), NULL, EINVAL);
	EXCEPT(musl, "as above") EXCEPT(glibc, "takes the letters in any order") {
		EQ_ERRNO(popen("exit", "er"), NULL, EINVAL);
		EQ_ERRNO(popen("exit", "ree"), NULL, EINVAL);
	}
	EQ(first_free(), before);
	EXCEPT_ON(qemu, "the kernel below the emulator cannot start a loader for another CPU") {
		static const char *const right[] = {"r", "we"};
		for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
			FILE *pipe = popen("exit", right[i]);
			IS(pipe != NULL);
			if (pipe == NULL)
				continue;
			EQ(fcntl(fileno(pipe), F_GETFD), right[i][1] == 'e' ? FD_CLOEXEC : 0);
			GIVES(pclose(pipe), 0);
		}
		EQ(first_free(), before);
	}
}

/* A command inherits no stream of another, also not one that a thread waits on: the first one would never see its end. */
static void *reads_a_line(void *argument)
{
	char line[64];
	return fgets(line, sizeof line, argument) == line ? NULL : argument;
}

TEST(commands_inherit_no_streams_of_others)
{
	EXCEPT_ON(qemu, "the kernel below the emulator cannot start a loader for another CPU") {
		char command[512];
		void *result = command;
		pthread_t reader;
		FILE *first = popen(own_command(command, sizeof command, "keeps_input"), "w");
		FILE *waits = popen(own_command(command, sizeof command, "says_late"), "r");
		IS(first != NULL && waits != NULL);
		if (first == NULL || waits == NULL)
			return;
		EQ(pthread_create(&reader, NULL, reads_a_line, waits), 0);
		usleep(10000);
		FILE *second = popen(own_command(command, sizeof command, "keeps_input"), "w");
		IS(second != NULL);
		/* Ends at the end of its input, which the second would keep open. */
		EQ(pclose(first), 0);
		EQ(pthread_join(reader, &result), 0);
		EQ(result, NULL);
		GIVES(pclose(waits), 0);
		EQ(pclose(second), 0);
	}
}
