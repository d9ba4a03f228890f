/* Opened by resolvers.c: indirect functions whose resolvers use the loader and the heap. */
#define _GNU_SOURCE
#include "../check.h"
#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>

#if HOST == HOST_xlibc
/* What the resolvers found, by bits. */
int chooser_found;
/* Set by the program before dlsym asks for chooser_late. */
const char *chooser_other;
char chooser_message[256];

static int one(void) { return 1; }
static int two(void) { return 2; }
int chooser_two(void) { return two(); }

static int counts(struct dl_phdr_info *info, size_t size, void *count)
{
	(void)info, (void)size;
	++*(int *)count;
	return 0;
}

static int (*choose(void))(void)
{
	int files = 0, bits = 0;
	char *block = malloc(100000);
	if (block != NULL && memset(block, 1, 100000) != NULL)
		bits |= 1;
	free(block);
	if (dlsym(RTLD_DEFAULT, "malloc") == (void *)malloc)
		bits |= 2;
	void *program = dlopen(NULL, RTLD_NOW);
	if (program != NULL && dlclose(program) == 0)
		bits |= 4;
	dl_iterate_phdr(counts, &files);
	if (files >= 3)
		bits |= 8;
	Dl_info info;
	if (dladdr((void *)choose, &info) != 0) {
		/* A file that is not there whole cannot be opened again, and no other one be loaded. */
		if (dlopen(info.dli_fname, RTLD_NOW) == NULL && strstr(dlerror(), "is being loaded") != NULL)
			bits |= 16;
		char other[4096];
		snprintf(other, sizeof other, "%.*s/plugin.so", (int)(strrchr(info.dli_fname, '/') - info.dli_fname), info.dli_fname);
		if (dlopen(other, RTLD_NOW) == NULL && strstr(dlerror(), "resolver of an indirect function") != NULL)
			bits |= 32;
	}
	void *(*volatile find)(void *, const char *) = dlsym;
	int (*found)(void) = (int (*)(void))find(RTLD_DEFAULT, "chooser_two");
	chooser_found = bits;
	return found != NULL ? found : one;
}
int chooser_early(void) __attribute__((ifunc("choose")));
int chooser_call(void) { return chooser_early(); }

static int (*choose_late(void))(void)
{
	void *library = dlopen(chooser_other, RTLD_NOW);
	int *value = library == NULL ? NULL : dlsym(library, "plugin_value");
	int right = value != NULL && *value == 12 && dlclose(library) == 0;
	return right ? two : one;
}
int chooser_late(void) __attribute__((ifunc("choose_late")));
#endif
