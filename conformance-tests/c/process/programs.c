/* One program starts another: by path, by PATH, through the shell. */
#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The folder of this program as an entry of PATH, where a colon would end it. */
static const char *own_folder(char *room)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s", program_path);
	for (char *at = path; *at != 0; at++)
		if (*at == '\\')
			*at = '/';
	*strrchr(path, '/') = 0;
	if (isalpha((unsigned char)path[0]) && path[1] == ':')
		snprintf(room, PATH_MAX, "/%c%s", tolower((unsigned char)path[0]), path + 2);
	else
		snprintf(room, PATH_MAX, "%s", path);
	return room;
}

static const char *own_name(void)
{
	const char *slash = strrchr(program_path, '/');
	return slash != NULL ? slash + 1 : program_path;
}

CHILD(is_named)
{
	/* All that it sees of its start. */
	return argc == 2 && strcmp(program_path, argv[1]) == 0 && strcmp(program_invocation_name, argv[1]) == 0 ? 5 : 6;
}

CHILD(dies)
{
	/* What runs the tests may ignore SIGINT, as shells do for commands in the background; children inherit that. */
	signal(atoi(argv[1]), SIG_DFL);
	raise(atoi(argv[1]));
	return 1;
}

CHILD(goes_on)
{
	char left[12], *arguments[] = {(char *)"again and again", (char *)"--child", (char *)"goes_on", left, NULL};
	int count = atoi(argv[1]);
	if (count == 0)
		return strcmp(program_path, "again and again") == 0 ? 23 : 24;
	snprintf(left, sizeof left, "%d", count - 1);
	execv(getenv("XLIBC_SELF"), arguments);
	return 25;
}

CHILD(executes_by_name)
{
	execlp(argv[1], "by-name", "--child", "is_named", "by-name", (char *)NULL);
	return 1;
}

CHILD(prints)
{
	printf("printed %s", argv[1]);
	return 11;
}

TEST(argv0_is_what_the_caller_gave)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		static const char *const names[] = {"name", "", "-dash", "--argv0", "a b \"c\"", "/no/where"};
		for (size_t at = 0; at < sizeof names / sizeof *names; at++) {
			char *arguments[] = {(char *)names[at], (char *)"--child", (char *)"is_named", (char *)names[at], NULL};
			pid_t pid = 0;
			int status = -1;
			EQ(posix_spawn(&pid, program_path, NULL, NULL, arguments, environ), 0);
			EQ(waitpid(pid, &status, 0), pid);
			IS(exits_with(status, 5));
		}
	}
}

TEST(programs_in_path)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		char folder[PATH_MAX], path[PATH_MAX + 64], *before = getenv("PATH");
		before = before != NULL ? strdup(before) : NULL;
		snprintf(path, sizeof path, "/no/such/folder:%s", own_folder(folder));
		setenv("PATH", path, 1);
		char *arguments[] = {(char *)"found", (char *)"--child", (char *)"is_named", (char *)"found", NULL};
		pid_t pid = 0;
		int status = -1;
		GIVES(posix_spawnp(&pid, own_name(), NULL, NULL, arguments, environ), 0);
		EQ(waitpid(pid, &status, 0), pid);
		IS(exits_with(status, 5));
		IS(exits_with(child("executes_by_name", own_name()), 5));
		char command[PATH_MAX];
		snprintf(command, sizeof command, "%s --child exits 17", own_name());
		IS(exits_with(system(command), 17));
		if (before != NULL)
			setenv("PATH", before, 1);
		free(before);
	}
}

TEST(a_program_replaces_itself_many_times)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		setenv("XLIBC_SELF", program_path, 1);
		IS(exits_with(child("goes_on", "10"), 23));
		unsetenv("XLIBC_SELF");
	}
}

TEST(death_by_a_signal_is_seen)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		static const int numbers[] = {SIGTERM, SIGKILL, SIGABRT, SIGUSR1, SIGINT};
		for (size_t at = 0; at < sizeof numbers / sizeof *numbers; at++) {
			char text[12];
			snprintf(text, sizeof text, "%d", numbers[at]);
			int status = child("dies", text);
			IS(WIFSIGNALED(status) && !WIFEXITED(status));
			EQ(WTERMSIG(status), numbers[at]);
		}
	}
}

TEST(a_shell_command_is_one_program)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		char command[2 * PATH_MAX], text[64] = "";
		snprintf(command, sizeof command, " '%s' --child exits 3\n", program_path);
		IS(exits_with(system(command), 3));
		snprintf(command, sizeof command, "\"%s\" --child prints 'a  b'\\ \"c\"", program_path);
		FILE *stream = popen(command, "r");
		IS(stream != NULL && fgets(text, sizeof text, stream) == text);
		TEXT(text, "printed a  b c");
		IS(exits_with(pclose(stream), 11));
	}
}

TEST(shell_commands_name_programs)
{
	EXCEPT_ON(windows, "cmd.exe starts no program of ours by itself") EXCEPT_ON(qemu, NO_CHILDREN) {
		char command[3 * PATH_MAX], text[64] = "";
		snprintf(command, sizeof command, "'%s' --child exits 3 || \"%s\" --child exits 4", program_path, program_path);
		IS(exits_with(system(command), 4));
		snprintf(command, sizeof command, "A=b; if '%s' --child exits 0; then exit 6; fi", program_path);
		IS(exits_with(system(command), 6));
		snprintf(command, sizeof command, "'%s' --child prints 'a  b' | tr a-z A-Z", program_path);
		FILE *stream = popen(command, "r");
		IS(stream != NULL && fgets(text, sizeof text, stream) == text);
		TEXT(text, "PRINTED A  B");
		IS(exits_with(pclose(stream), 0));
		snprintf(command, sizeof command, "cat | '%s' --child prints $((1 + 1)) >said", program_path);
		stream = popen(command, "w");
		IS(stream != NULL && exits_with(pclose(stream), 11));
		EQ(unlink("said"), 0);
	}
}
