#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH = 30, LENGTH = 200 };

static char name[LENGTH + 1];

static void descend(void)
{
	memset(name, 'd', LENGTH);
	for (int depth = 0; depth < DEPTH; depth++)
		if (mkdir(name, 0755) != 0 || chdir(name) != 0) {
			fail(__FILE__, __LINE__, "cannot make a deep tree\n");
			return;
		}
}

static void ascend(void)
{
	for (int depth = 0; depth < DEPTH; depth++)
		if (chdir("..") != 0 || rmdir(name) != 0) {
			fail(__FILE__, __LINE__, "cannot remove a deep tree\n");
			return;
		}
}

static void deeper(void)
{
	static char small[PATH_MAX], large[PATH_MAX + DEPTH * (LENGTH + 1)];
	char *top = getcwd(NULL, 0);
	IS(top != NULL);
	descend();
	char *deep = getcwd(NULL, 0);
	IS(deep != NULL);
	if (top != NULL && deep != NULL) {
		size_t start = strcmp(top, "/") == 0 ? 0 : strlen(top);
		EQ(strlen(deep), start + DEPTH * (LENGTH + 1));
		IS(strncmp(deep, top, start) == 0);
		IS(strncmp(deep + start, "/ddd", 4) == 0 && strcmp(strrchr(deep, '/') + 1, name) == 0);
		EQ_ERRNO(getcwd(small, sizeof small), NULL, ERANGE);
		EQ(getcwd(large, sizeof large), large);
		TEXT(large, deep);
		EQ_ERRNO(getcwd(large, strlen(deep)), NULL, ERANGE);
		char *real = realpath(".", NULL);
		IS(real != NULL && strcmp(real, deep) == 0);
		free(real);
		real = realpath("..", NULL);
		IS(real != NULL && strlen(real) == strlen(deep) - LENGTH - 1);
		free(real);
		EQ_ERRNO(realpath(".", small), NULL, ENAMETOOLONG);
		EXCEPT(glibc, "ENAMETOOLONG") EQ_ERRNO(realpath("none", NULL), NULL, ENOENT);
	}
	free(deep);
	ascend();
	deep = getcwd(NULL, 0);
	IS(deep != NULL && strcmp(deep, top) == 0);
	free(deep);
	free(top);
}

TEST(a_directory_deeper_than_path_max_has_a_name)
{
	EXCEPT(musl, "has no way to such a name")
	EXCEPT_ON(windows, "Wine makes no directory whose path on the machine below is longer than PATH_MAX")
		deeper();
}
