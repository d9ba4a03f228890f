/* Files beside the program. */
#ifndef BESIDE_H
#define BESIDE_H

#include "check.h"
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static inline const char *beside(char *room, const char *name)
{
	const char *slash = strrchr(program_path, '/');
	snprintf(room, PATH_MAX, "%.*s/%s", (int)(slash - program_path), program_path, name);
	return room;
}

#endif
