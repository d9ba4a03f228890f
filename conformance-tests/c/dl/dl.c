#define _GNU_SOURCE
#include "../check.h"
#include "../beside.h"
#include <stdlib.h>

TEST(open_and_call)
{
	char path[PATH_MAX];
	int ended = 0;
	void *library = dlopen(beside(path, "plugin.so"), RTLD_NOW | RTLD_LOCAL);
	if (library == NULL) {
		fail(__FILE__, __LINE__, dlerror());
		return;
	}
	int (*add)(int, int) = (int (*)(int, int))dlsym(library, "plugin_add");
	int *value = dlsym(library, "plugin_value");
	void (*watch)(int *) = (void (*)(int *))dlsym(library, "plugin_watch");
	IS(add != NULL && value != NULL && watch != NULL);
	/* Its initialiser ran. */
	EQ(*value, 12);
	EQ(add(1, 2), 15);
	/* Local: the program does not see its names. */
	IS(dlsym(RTLD_DEFAULT, "plugin_add") == NULL && dlerror() != NULL);
	EQ(dlerror(), NULL);
	/* The same file is the same library; it ends with the last handle. */
	void *again = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
	EQ(again, library);
	watch(&ended);
	EQ(dlclose(again), 0);
	EQ(ended, 0);
	Dl_info info;
	IS(dladdr((void *)add, &info) != 0);
	TEXT(info.dli_sname, "plugin_add");
	IS(info.dli_saddr == (void *)add && strstr(info.dli_fname, "plugin.so") != NULL);
	IS((char *)info.dli_fbase < (char *)(void *)add);
	EQ(dlclose(library), 0);
	EXCEPT(musl, "never unloads") EQ(ended, 100);
}

/* A thread that stays sees the library come and go: its thread-local objects go with it, and the memory is used again. */
TEST(thread_local_of_the_unloaded)
{
	enum { TIMES = 300, FEW = 8 };
	char path[PATH_MAX];
	char *seen[FEW];
	int count = 0;
	beside(path, "plugin.so");
	for (int time = 0; time < TIMES && count < FEW; time++) {
		void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
		char *(*of_thread)(void) = (char *(*)(void))dlsym(library, "plugin_of_thread");
		char *object = of_thread();
		EXCEPT(musl, "never unloads") EQ(object[99999], 0);
		memset(object, 1, 100000);
		int at = 0;
		while (at < count && seen[at] != object)
			at++;
		if (at == count)
			seen[count++] = object;
		EQ(dlclose(library), 0);
	}
	IS(count < FEW);
}

TEST(global_names)
{
	char path[PATH_MAX];
	void *library = dlopen(beside(path, "plugin.so"), RTLD_LAZY | RTLD_GLOBAL);
	IS(library != NULL && dlsym(RTLD_DEFAULT, "plugin_add") != NULL);
	void *own = dlopen(NULL, RTLD_NOW);
	IS(own != NULL && dlsym(own, "malloc") == (void *)malloc);
	EQ(dlclose(own), 0);
	EQ(dlclose(library), 0);
}

TEST(errors)
{
	char path[PATH_MAX];
	IS(dlopen("/no/such/library.so", RTLD_NOW) == NULL);
	const char *error = dlerror();
	IS(error != NULL && strstr(error, "library.so") != NULL);
	EQ(dlerror(), NULL);
	void *library = dlopen(beside(path, "plugin.so"), RTLD_NOW);
	IS(dlsym(library, "no_such_symbol") == NULL);
	error = dlerror();
	IS(error != NULL && strstr(error, "no_such_symbol") != NULL);
	EQ(dlclose(library), 0);
	IS(dlopen(beside(path, "start.c"), RTLD_NOW) == NULL && dlerror() != NULL);
}

TEST(dladdr_of_nothing)
{
	Dl_info info;
	int here = 0;
	EQ(dladdr(&here, &info), 0);
	IS(dladdr((void *)strlen, &info) != 0 && info.dli_fname != NULL);
}
