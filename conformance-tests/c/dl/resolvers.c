/* Resolvers of indirect functions are code of the program: they may use the loader. */
#include "../check.h"
#include "../beside.h"

TEST(resolvers_use_the_loader)
{
	char path[PATH_MAX], other[PATH_MAX];
	EXCEPT(glibc, "dlopen in a resolver is undefined") EXCEPT(musl, "no indirect functions") {
		for (int round = 0; round < 3; round++) {
			void *library = dlopen(beside(path, "plugin_chooser.so"), RTLD_NOW | RTLD_LOCAL);
			if (library == NULL) {
				fail(__FILE__, __LINE__, dlerror());
				return;
			}
			EQ(*(int *)dlsym(library, "chooser_found"), 63);
			EQ(((int (*)(void))dlsym(library, "chooser_call"))(), 2);
			*(const char **)dlsym(library, "chooser_other") = beside(other, "plugin.so");
			EQ(((int (*)(void))dlsym(library, "chooser_late"))(), 2);
			EQ(dlclose(library), 0);
			EQ(dlopen(path, RTLD_NOW | RTLD_NOLOAD), NULL);
		}
	}
}
