#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

CHILD(exits)
{
	return atoi(argv[1]);
}

CHILD(compares)
{
	/* What the environment and the arguments hold came through whole. */
	static const char odd[] = "two words \"quoted\" back\\slash\\\" \xc3\xbc $HOME %PATH%";
	const char *given = getenv("XLIBC_CHILD");
	return argc == 2 && strcmp(argv[1], odd) == 0 && given != NULL && strcmp(given, odd) == 0 ? 3 : 4;
}

CHILD(executes)
{
	char *arguments[] = {(char *)program_path, "--child", "exits", "44", NULL};
	execv(program_path, arguments);
	return 1;
}

CHILD(executes_with_environment)
{
	execle(program_path, "another-name", "--child", "sees_environment", (char *)NULL, (char *[]){"A=1", "B=", NULL});
	return 1;
}

CHILD(sees_environment)
{
	int count = 0;
	for (char **one = environ; *one != NULL; one++)
		count++;
	return getenv("A") != NULL && strcmp(getenv("A"), "1") == 0 && getenv("B") != NULL && count == 2
		&& strcmp(program_path, "another-name") == 0 ? 7 : 8;
}

CHILD(has_descriptor)
{
	return fcntl(atoi(argv[1]), F_GETFD) >= 0;
}

CHILD(says)
{
	printf("said %s", argv[1]);
	return 0;
}

CHILD(is_blocked)
{
	sigset_t now;
	sigprocmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, SIGUSR1) + 2 * (signal(SIGUSR2, SIG_DFL) == SIG_IGN);
}

CHILD(echoes)
{
	int byte;
	while ((byte = getchar()) != EOF)
		putchar(byte);
	return 0;
}

TEST(exit_codes)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		IS(exits_with(child("exits", "0"), 0));
		IS(exits_with(child("exits", "5"), 5));
		IS(exits_with(child("exits", "255"), 255));
		IS(exits_with(child("exits", "256"), 0));
		IS(exits_with(child("exits", "-1"), 255));
	}
}

TEST(arguments_and_environment)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		static const char odd[] = "two words \"quoted\" back\\slash\\\" \xc3\xbc $HOME %PATH%";
		setenv("XLIBC_CHILD", odd, 1);
		IS(exits_with(child("compares", odd), 3));
		unsetenv("XLIBC_CHILD");
	}
}

TEST(exec)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		/* The child's number stays over exec, so its parent gets the second program's code. */
		IS(exits_with(child("executes", NULL), 44));
		IS(exits_with(child("executes_with_environment", NULL), 7));
	}
	char *arguments[] = {"none", NULL};
	EQ_ERRNO(execv("no-such-program", arguments), -1, ENOENT);
	EQ_ERRNO(execvp("no-such-program", arguments), -1, ENOENT);
	EQ_ERRNO(execlp("", "", (char *)NULL), -1, ENOENT);
	int fd = open("not-a-program", O_CREAT | O_WRONLY, 0755);
	EQ(write(fd, "\1\2\3", 3), 3);
	close(fd);
	EQ_ERRNO(execv("not-a-program", arguments), -1, ENOEXEC);
	EQ(unlink("not-a-program"), 0);
}

TEST(spawn_errors)
{
	pid_t pid;
	char *arguments[] = {"none", NULL};
	GIVES(posix_spawn(&pid, "no-such-program", NULL, NULL, arguments, environ), ENOENT);
	GIVES(posix_spawnp(&pid, "no-such-program", NULL, NULL, arguments, environ), ENOENT);
	int status;
	EQ_ERRNO(waitpid(-1, &status, 0), -1, ECHILD);
	EQ_ERRNO(waitpid(1, &status, WNOHANG), -1, ECHILD);
	EQ_ERRNO(waitpid(-1, &status, 0x4000), -1, EINVAL);
}

TEST(file_actions)
{
	posix_spawn_file_actions_t actions;
	char text[32] = "";
	EQ(posix_spawn_file_actions_init(&actions), 0);
	EQ(posix_spawn_file_actions_addopen(&actions, 1, "said", O_CREAT | O_WRONLY | O_TRUNC, 0644), 0);
	EQ(posix_spawn_file_actions_adddup2(&actions, 1, 2), 0);
	EQ(posix_spawn_file_actions_addclose(&actions, 0), 0);
	EQ(posix_spawn_file_actions_addclose(&actions, -1), EBADF);
	int limit = (int)sysconf(_SC_OPEN_MAX);
	IS(limit >= 1024);
	EQ(posix_spawn_file_actions_addclose(&actions, limit - 1), 0);
	EXCEPT(musl, "looks when the child starts") {
		EQ(posix_spawn_file_actions_addclose(&actions, limit), EBADF);
		EQ(posix_spawn_file_actions_adddup2(&actions, limit, 1), EBADF);
		EQ(posix_spawn_file_actions_adddup2(&actions, 1, limit), EBADF);
		EQ(posix_spawn_file_actions_adddup2(&actions, -1, 1), EBADF);
		EQ(posix_spawn_file_actions_addopen(&actions, limit, "said", O_RDONLY, 0), EBADF);
		EQ(posix_spawn_file_actions_addopen(&actions, INT_MAX, "said", O_RDONLY, 0), EBADF);
	}
	EXCEPT_ON(qemu, NO_CHILDREN) {
		IS(exits_with(child_with("says", "this", environ, &actions, NULL), 0));
		FILE *file = fopen("said", "r");
		IS(file != NULL && fgets(text, sizeof text, file) == text && fclose(file) == 0);
		TEXT(text, "said this");
		EQ(unlink("said"), 0);
	}
	EQ(posix_spawn_file_actions_destroy(&actions), 0);
}

TEST(descriptors_of_children)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		int stays = open("/dev/null", O_RDWR), goes = open("/dev/null", O_RDWR | O_CLOEXEC);
		char number[12];
		snprintf(number, sizeof number, "%d", stays);
		IS(exits_with(child("has_descriptor", number), 1));
		snprintf(number, sizeof number, "%d", goes);
		IS(exits_with(child("has_descriptor", number), 0));
		/* dup2 to itself clears the flag for the child: POSIX.1-2024 posix_spawn_file_actions_adddup2. */
		posix_spawn_file_actions_t actions;
		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_adddup2(&actions, goes, goes);
		EXCEPT(musl, "1.2.3 leaves the flag") {
			IS(exits_with(child_with("has_descriptor", number, environ, &actions, NULL), 1));
		}
		posix_spawn_file_actions_destroy(&actions);
		close(stays);
		close(goes);
	}
}

TEST(signals_of_children)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		posix_spawnattr_t attributes;
		sigset_t set;
		short flags = 0;
		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		EQ(posix_spawnattr_init(&attributes), 0);
		EQ(posix_spawnattr_setsigmask(&attributes, &set), 0);
		EQ(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK), 0);
		EQ(posix_spawnattr_getflags(&attributes, &flags), 0);
		EQ(flags, POSIX_SPAWN_SETSIGMASK);
		signal(SIGUSR2, SIG_IGN);
		IS(exits_with(child_with("is_blocked", NULL, environ, NULL, &attributes), 3));
		sigemptyset(&set);
		sigaddset(&set, SIGUSR2);
		EQ(posix_spawnattr_setsigdefault(&attributes, &set), 0);
		EQ(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF), 0);
		IS(exits_with(child_with("is_blocked", NULL, environ, NULL, &attributes), 0));
		signal(SIGUSR2, SIG_DFL);
		EQ(posix_spawnattr_destroy(&attributes), 0);
	}
}

TEST(a_conversation_over_pipes)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		int in[2], out[2], status = -1;
		char text[16] = "";
		EQ(pipe2(in, O_CLOEXEC), 0);
		EQ(pipe2(out, O_CLOEXEC), 0);
		posix_spawn_file_actions_t actions;
		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_adddup2(&actions, in[0], 0);
		posix_spawn_file_actions_adddup2(&actions, out[1], 1);
		char *arguments[] = {(char *)program_path, "--child", "echoes", NULL};
		pid_t pid = 0;
		EQ(posix_spawn(&pid, program_path, &actions, NULL, arguments, environ), 0);
		posix_spawn_file_actions_destroy(&actions);
		close(in[0]);
		close(out[1]);
		EQ(waitpid(pid, &status, WNOHANG), 0);
		EQ(write(in[1], "to and fro", 10), 10);
		close(in[1]);
		int length = 0, got;
		while ((got = (int)read(out[0], text + length, sizeof text - length)) > 0)
			length += got;
		TEXT(text, "to and fro");
		close(out[0]);
		EQ(waitpid(pid, &status, 0), pid);
		IS(exits_with(status, 0));
	}
}

TEST(system)
{
	struct stat shell;
	IS(stat("/bin/sh", &shell) == 0 && S_ISREG(shell.st_mode) && access("/bin/sh", X_OK) == 0);
	IS(system(NULL) != 0);
	IS(exits_with(system("exit 3"), 3));
	IS(exits_with(system("exit 0"), 0));
	EXCEPT_ON(windows, "cmd.exe has codes of its own for a command that is not there")
		IS(exits_with(system("no-such-command-at-all 2>/dev/null"), 127));
	EXCEPT_ON(qemu, NO_CHILDREN) {
		char command[512];
		IS(exits_with(system(own_command(command, sizeof command, "exits 9")), 9));
	}
}

TEST(ids)
{
	IS(getpid() > 0 && getpid() != getppid());
	IS(getppid() > 0);
	EQ(getuid(), geteuid());
	EQ(getgid(), getegid());
	struct rusage usage;
	EQ(getrusage(RUSAGE_SELF, &usage), 0);
	IS(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec < 1000);
	EQ_ERRNO(getrusage(77, &usage), -1, EINVAL);
}
