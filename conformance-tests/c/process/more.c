#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

CHILD(is_in)
{
	char here[PATH_MAX];
	const char *last = strrchr(getcwd(here, sizeof here), '/');
	return strcmp(last + 1, argv[1]) == 0 ? 12 : 13;
}

CHILD(clears)
{
	clearenv();
	return environ == NULL || *environ == NULL ? getenv("PATH") == NULL ? 14 : 15 : 16;
}

CHILD(executes_without_its_environment)
{
	char *arguments[] = {(char *)program_path, "--child", "clears", NULL};
	execvpe(program_path, arguments, environ);
	return 1;
}

CHILD(leaves_at_once)
{
	printf("lost");
	_exit(18);
}

TEST(spawn_in_a_folder)
{
	posix_spawn_file_actions_t actions;
	EQ(mkdir("inside", 0755), 0);
	EQ(posix_spawn_file_actions_init(&actions), 0);
	EQ(posix_spawn_file_actions_addchdir_np(&actions, "inside"), 0);
	EXCEPT_ON(qemu, NO_CHILDREN) IS(exits_with(child_with("is_in", "inside", environ, &actions, NULL), 12));
	EQ(posix_spawn_file_actions_destroy(&actions), 0);
	EQ(rmdir("inside"), 0);
}

TEST(other_ways_to_execute)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		IS(exits_with(child("executes_without_its_environment", NULL), 14));
		IS(exits_with(child("leaves_at_once", NULL), 18));
	}
	EQ_ERRNO(execl("no-such-program", "x", (char *)NULL), -1, ENOENT);
	EQ_ERRNO(execve("no-such-program", (char *[]){"x", NULL}, environ), -1, ENOENT);
}

TEST(spawn_attributes)
{
	posix_spawnattr_t attributes;
	sigset_t set, back;
	pid_t group = -1;
	EQ(posix_spawnattr_init(&attributes), 0);
	EQ(posix_spawnattr_getpgroup(&attributes, &group), 0);
	EQ(group, 0);
	EQ(posix_spawnattr_setpgroup(&attributes, 5), 0);
	EQ(posix_spawnattr_getpgroup(&attributes, &group), 0);
	EQ(group, 5);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	EQ(posix_spawnattr_setsigmask(&attributes, &set), 0);
	EQ(posix_spawnattr_getsigmask(&attributes, &back), 0);
	EQ(sigismember(&back, SIGUSR1), 1);
	EQ(posix_spawnattr_setsigdefault(&attributes, &set), 0);
	EQ(posix_spawnattr_getsigdefault(&attributes, &back), 0);
	EQ(sigismember(&back, SIGUSR1), 1);
	EQ_ERRNO(posix_spawnattr_setflags(&attributes, 0x4000), EINVAL, 0);
	EQ(posix_spawnattr_destroy(&attributes), 0);
}

TEST(system_calls_of_libcxx)
{
	/* What libc++ and libunwind use of syscall(): a futex, the thread's number. */
	int word = 5;
	struct timespec span = {0, 5000000};
	IS(syscall(SYS_gettid) > 0);
	EQ_ERRNO(syscall(SYS_futex, &word, 128, 4, &span, NULL, 0), -1, EAGAIN);
	EQ_ERRNO(syscall(SYS_futex, &word, 128, 5, &span, NULL, 0), -1, ETIMEDOUT);
	EQ(syscall(SYS_futex, &word, 129, 1, NULL, NULL, 0), 0);
	EQ_ERRNO(syscall(100000), -1, ENOSYS);
}

TEST(names_of_the_program)
{
	TEXT(program_invocation_name, program_path);
	const char *slash = strrchr(program_path, '/');
	TEXT(program_invocation_short_name, slash ? slash + 1 : program_path);
}
