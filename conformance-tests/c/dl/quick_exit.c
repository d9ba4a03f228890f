#define _GNU_SOURCE
#include "../beside.h"
#include "../child.h"
#include <stdlib.h>

CHILD(quick_exit_after_dlclose)
{
	char path[PATH_MAX];
	(void)argc, (void)argv;
	void *library = dlopen(beside(path, "plugin_second.so"), RTLD_NOW);
	int (*registers)(void) = library == NULL ? NULL : (int (*)(void))dlsym(library, "plugin_at_quick_exit");
	if (registers == NULL || registers() != 0 || dlclose(library) != 0)
		return 1;
	quick_exit(9);
}

/* The handler's code is gone. */
TEST(quick_exit_calls_nothing_of_the_unloaded)
{
	EXCEPT_ON(qemu, NO_CHILDREN) IS(exits_with(child("quick_exit_after_dlclose", NULL), 9));
}
