/* Arguments and environment reach a child byte for byte; what may not be executed is EACCES wherever it lies. */
#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char *strange[] = {
	(char *)"b=1", (char *)"a=1", (char *)"A=2", (char *)"a=3", (char *)"Path=not a path", (char *)"PATH=/no/where:relative:",
	(char *)"TMP=/own", (char *)"TMPDIR=", (char *)"HOME=C:\\x", (char *)"=C:=hidden", (char *)"=", (char *)"",
	(char *)"no value", (char *)"bytes=\xff\xfe\x80", (char *)"half=\xc3", (char *)"\xff=name", (char *)"wide=\xed\xa0\x80",
	(char *)"quote=\"a\\\" b", (char *)"line=1\n2\r\n", (char *)"systemroot=none", NULL,
};

CHILD(has_the_strange_environment)
{
	(void)argc, (void)argv;
	for (size_t at = 0; at < sizeof strange / sizeof *strange; at++)
		if (strange[at] == NULL ? environ[at] != NULL : environ[at] == NULL || strcmp(environ[at], strange[at]) != 0)
			return 100 + (int)at;
	/* A string of ours can be written to. */
	environ[0][2] = '9';
	return strcmp(getenv("b"), "9") == 0 ? 8 : 99;
}

CHILD(executes_with_the_strange_environment)
{
	(void)argc;
	char *arguments[] = {argv[1], (char *)"--child", (char *)"has_the_strange_environment", NULL};
	execve(argv[1], arguments, strange);
	return 98;
}

TEST(strange_environments_arrive)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		IS(exits_with(child_with("has_the_strange_environment", NULL, strange, NULL, NULL), 8));
		IS(exits_with(child("executes_with_the_strange_environment", program_path), 8));
	}
}

CHILD(has_an_empty_environment)
{
	(void)argc, (void)argv;
	return environ[0] == NULL ? 8 : 9;
}

TEST(an_empty_environment_stays_empty)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		char *none[] = {NULL};
		IS(exits_with(child_with("has_an_empty_environment", NULL, none, NULL, NULL), 8));
	}
}

static const char *const odd[] = {"", "\xff\xfe", "\xc3", "a \"b\" \\", "\\\\\"", "*", "%PATH%", "\xed\xa0\x80", "\r\n\t", "--", "\"", NULL};

CHILD(has_the_odd_arguments)
{
	for (int at = 0; odd[at] != NULL; at++)
		if (at + 1 >= argc || strcmp(argv[at + 1], odd[at]) != 0)
			return 100 + at;
	return argv[argc] == NULL && argc == sizeof odd / sizeof *odd ? 8 : 99;
}

TEST(arguments_are_what_the_parent_gave)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		char *arguments[20] = {(char *)program_path, (char *)"--child", (char *)"has_the_odd_arguments"};
		memcpy(arguments + 3, odd, sizeof odd);
		pid_t pid = 0;
		int status = -1;
		EQ(posix_spawn(&pid, program_path, NULL, NULL, arguments, environ), 0);
		EQ(waitpid(pid, &status, 0), pid);
		IS(exits_with(status, 8));
	}
}

enum { MANY = 2000, LONG = 100000 };

CHILD(has_much)
{
	int variables = 0;
	for (char **at = environ; *at != NULL; at++)
		variables += strlen(*at) == 100 && strncmp(*at, "V", 1) == 0;
	return variables == MANY && argc == 2 && strlen(argv[1]) == LONG ? 8 : 9;
}

TEST(much_arrives_too)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		char *text = malloc(MANY * 101), **environment = malloc((MANY + 1) * sizeof *environment), *argument = malloc(LONG + 1);
		for (int at = 0; at < MANY; at++) {
			environment[at] = text + at * 101;
			snprintf(environment[at], 101, "V%05d=%093d", at, at);
		}
		environment[MANY] = NULL;
		memset(argument, 'x', LONG);
		argument[LONG] = 0;
		IS(exits_with(child_with("has_much", argument, environment, NULL, NULL), 8));
		free(text), free(environment), free(argument);
	}
}

CHILD(may_not_execute)
{
	char *arguments[] = {argv[1], NULL};
	execv(argv[1], arguments);
	int first = errno;
	execvp(argv[1], arguments);
	return first == EACCES && errno == EACCES ? 13 : 1;
}

static void may_not_run(const char *path)
{
	char *arguments[] = {(char *)path, NULL};
	pid_t pid = 0;
	EQ_ERRNO(access(path, X_OK), -1, EACCES);
	EQ(access(path, R_OK), 0);
	GIVES(posix_spawn(&pid, path, NULL, NULL, arguments, environ), EACCES);
	GIVES(posix_spawnp(&pid, path, NULL, NULL, arguments, environ), EACCES);
	IS(exits_with(child("may_not_execute", path), 13));
}

TEST(what_may_not_be_executed)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		char outside[64];
		snprintf(outside, sizeof outside, "/tmp/plain-%d", (int)getpid());
		EQ(mkdir("folder", 0777), 0);
		const char *const names[] = {"./plain", "./plain.txt", "folder/plain", "./plain.bin", outside};
		for (size_t at = 0; at < sizeof names / sizeof *names; at++) {
			int fd = open(names[at], O_CREAT | O_WRONLY, 0644);
			EQ(write(fd, "no program\n", 11), 11);
			close(fd);
			may_not_run(names[at]);
			EQ(unlink(names[at]), 0);
		}
		/* Nor is a folder. */
		char *arguments[] = {(char *)"folder", NULL};
		pid_t pid = 0;
		GIVES(posix_spawn(&pid, "./folder", NULL, NULL, arguments, environ), EACCES);
		EQ(rmdir("folder"), 0);
	}
}

TEST(permission_to_execute_is_what_was_said)
{
	struct stat found;
	int fd = open("said", O_CREAT | O_WRONLY, 0755);
	EQ(write(fd, "\1\2\3", 3), 3);
	close(fd);
	EQ(stat("said", &found), 0);
	IS((found.st_mode & 0111) != 0);
	EQ(access("said", X_OK), 0);
	EQ(chmod("said", 0644), 0);
	EQ_ERRNO(access("said", X_OK), -1, EACCES);
	EXCEPT_ON(qemu, NO_CHILDREN) {
		char *arguments[] = {(char *)"said", NULL};
		pid_t pid = 0;
		GIVES(posix_spawn(&pid, "./said", NULL, NULL, arguments, environ), EACCES);
	}
	EQ(chmod("said", 0755), 0);
	EQ(access("said", X_OK), 0);
	EQ(unlink("said"), 0);
	/* A new file may get the old one's number. */
	fd = open("other", O_CREAT | O_WRONLY, 0644);
	EQ(fstat(fd, &found), 0);
	EQ(found.st_mode & 0111, 0u);
	close(fd);
	EQ(unlink("other"), 0);
}
