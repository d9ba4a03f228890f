/* Opened by dl.c. */
#include <stddef.h>

int plugin_value = 11;
int (*plugin_report)(int);
static int *seen;

__attribute__((constructor)) static void begins(void)
{
	plugin_value++;
}

__attribute__((destructor)) static void ends(void)
{
	if (seen != NULL)
		*seen += 100;
}

int plugin_add(int a, int b)
{
	return a + b + plugin_value;
}

void plugin_watch(int *here)
{
	seen = here;
}

/* Large, so that what stays behind shows. */
static _Thread_local char of_thread[100000];

char *plugin_of_thread(void)
{
	return of_thread;
}
