// Stands for clang: says what it was given, and names its last argument in the list of dependencies that it was asked for.
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        puts(argv[i]);
        if (strcmp(argv[i], "-MF") == 0 && i + 1 < argc) {
            FILE *file = fopen(argv[i + 1], "w");
            if (!file || fprintf(file, "out.o: \\\n  %s\n", argv[argc - 1]) < 0 || fclose(file) != 0)
                return 2;
        }
    }
    return 0;
}
