/* An indirect function, chosen before anything of the program runs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int chooser_found;
static _Thread_local int of_thread = 5;

static int no(void) { return 0; }

static int (*choose(void))(void)
{
	char *block = malloc(200000);
	chooser_found += block != NULL && memset(block, 1, 200000) == block;
	free(block);
	/* Found in the program, whose addresses are in place. */
	int (*yes)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "program_yes");
	chooser_found += dlopen("/no/such/library.so", RTLD_NOW) == NULL && dlerror() != NULL;
	void *program = dlopen(NULL, RTLD_NOW);
	chooser_found += program != NULL && dlclose(program) == 0;
	chooser_found += ++of_thread == 6;
	errno = 0;
	chooser_found += setenv("", "", 1) == -1 && errno == EINVAL;
	return yes != NULL ? yes : no;
}
int chooser(void) __attribute__((ifunc("choose")));
