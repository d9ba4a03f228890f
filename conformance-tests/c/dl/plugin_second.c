/* Opened by dl_iterate_phdr.c, beside plugin.so, and by quick_exit.c. */
#include <stdlib.h>

int plugin_second(void);
int plugin_second(void)
{
	return 2;
}

static void nothing(void)
{
}

int plugin_at_quick_exit(void);
int plugin_at_quick_exit(void)
{
	return at_quick_exit(nothing);
}
