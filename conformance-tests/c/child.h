/* The program starts itself again as a CHILD. */
#ifndef CHILD_H
#define CHILD_H

#include "check.h"
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_CHILDREN "the kernel below the emulator cannot start a loader for another CPU"

/* A command for the host's shell: this program as the child with its argument. */
static inline const char *own_command(char *room, size_t size, const char *what)
{
	snprintf(room, size, "\"%s\" --child %s", program_path, what);
	return room;
}

/* The wait status of the child, which gets one argument; -1 where it could not be started, with errno. */
static inline int child_with(const char *name, const char *argument, char **environment,
	const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes)
{
	char *arguments[] = {(char *)program_path, (char *)"--child", (char *)name, (char *)argument, NULL};
	pid_t child = 0;
	int status = -1, error = posix_spawn(&child, program_path, actions, attributes, arguments, environment);
	if (error != 0) {
		errno = error;
		return -1;
	}
	return waitpid(child, &status, 0) == child ? status : -1;
}

static inline int child(const char *name, const char *argument)
{
	return child_with(name, argument, environ, NULL, NULL);
}

static inline int exits_with(int status, int code)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

#endif
