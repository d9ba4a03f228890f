// Run by tests/windows_loader.rs where Q: stands for a folder, and //nas/share for the same one.
// out: done

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(fact) \
    do { \
        errno = 0; \
        if (!(fact)) \
            printf("%d: %s (errno %d)\n", __LINE__, #fact, errno); \
    } while (0)

static int is_here(const char *path)
{
    char here[4096];
    return getcwd(here, sizeof here) && strcmp(here, path) == 0;
}

static int leads_to(const char *path, const char *expected)
{
    char *real = realpath(path, NULL);
    int same = real && strcmp(real, expected) == 0;
    free(real);
    return same;
}

// Every way to a folder `dir` with a file `mark`.
static void walk(const char *top)
{
    char dir[64], mark[64];
    snprintf(dir, sizeof dir, "%s/dir", top);
    snprintf(mark, sizeof mark, "%s/dir/mark", top);
    CHECK(chdir(dir) == 0 && is_here(dir));
    CHECK(chdir("..") == 0 && is_here(top));
    CHECK(chdir("dir/../dir/.") == 0 && is_here(dir));
    CHECK(leads_to("mark", mark));
    CHECK(leads_to("../dir/mark", mark));
    CHECK(leads_to(mark, mark));
    int fd = open(top, O_RDONLY | O_DIRECTORY);
    CHECK(fd >= 0 && fchdir(fd) == 0 && is_here(top));
    CHECK(faccessat(fd, "dir/../dir/mark", F_OK, 0) == 0);
    CHECK(close(fd) == 0 && chdir(dir) == 0);
}

int main(void)
{
    walk("/q");
    CHECK(WEXITSTATUS(system("if exist mark exit 3")) == 3);
    CHECK(chdir("../..") == 0 && is_here("/"));
    CHECK(leads_to("/q/dir/../..", "/"));

    walk("//nas/share");
    CHECK(leads_to("//nas/share/dir/..", "//nas/share"));
    CHECK(leads_to("//nas/share/../..", "//nas/share"));
    CHECK(!realpath("//nas/share/none", NULL) && errno == ENOENT);
    // cmd.exe would run it in the folder of Windows.
    CHECK(system("exit 3") == -1 && errno == EOPNOTSUPP);
    CHECK(!popen("exit 3", "r") && errno == EOPNOTSUPP);
    CHECK(system(NULL) != 0);

    // Two slashes by mistake.
    CHECK(chdir("//q/dir") == 0 && is_here("/q/dir"));
    CHECK(leads_to("//q/dir", "/q/dir"));
    CHECK(chdir("//usr/none") == -1 && errno == ENOENT);
    puts("done");
    return 0;
}
