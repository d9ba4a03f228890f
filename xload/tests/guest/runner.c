/* Becomes the program argv[1] with argv[0] "renamed" and the rest of its arguments. */
#include "xload.h"
int main(int argc, char **argv, char **envp) {
    char *path = argv[1];
    argv[1] = "renamed";
    xload_exec(path, argv + 1, envp);
    say_line("not started");
    return xload_errno();
}
