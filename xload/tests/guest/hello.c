/* Prints its arguments and one variable of the environment; ends with 42. */
#include "xload.h"
int main(int argc, char **argv, char **envp) {
    for (int i = 0; i < argc; i++)
        say_line(argv[i]);
    for (; *envp; envp++)
        if ((*envp)[0] == 'M' && (*envp)[1] == 'A' && (*envp)[2] == 'R' && (*envp)[3] == 'K')
            say_line(*envp);
    return argv[argc] ? 1 : 42;
}
