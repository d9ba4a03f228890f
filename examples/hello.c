/* One file, every host: what a small C program uses of the C library. The last line is the verdict. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int failures;

static void check(int holds, const char *what)
{
    if (!holds) {
        printf("FAILED: %s\n", what);
        failures++;
    }
}

static int by_length(const void *left, const void *right)
{
    size_t a = strlen(*(char *const *)left), b = strlen(*(char *const *)right);
    return (a > b) - (a < b);
}

static void files(void)
{
    const char *name = "hello-c.txt";
    FILE *file = fopen(name, "w");
    check(file != NULL, "a file is created");
    if (!file)
        return;
    for (int i = 0; i < 1000; i++)
        fprintf(file, "%d %.3f\n", i, i / 8.0);
    check(fclose(file) == 0, "it is written");

    int sum = 0, number;
    double part, parts = 0;
    file = fopen(name, "r");
    while (file && fscanf(file, "%d %lf", &number, &part) == 2) {
        sum += number;
        parts += part;
    }
    if (file)
        fclose(file);
    check(sum == 499500 && parts == 499500 / 8.0, "it reads back what was written");
    check(remove(name) == 0, "it is removed");
    errno = 0;
    check(fopen(name, "r") == NULL && errno == ENOENT, "and then it is not there");
}

int main(int argc, char **argv)
{
    printf("hello from C, %d argument(s), started as %s\n", argc - 1, argv[0]);

    char *words[] = {"kangaroo", "ox", "cat", "horse"};
    qsort(words, 4, sizeof *words, by_length);
    check(strcmp(words[0], "ox") == 0 && strcmp(words[3], "kangaroo") == 0, "qsort sorts");

    char text[64];
    snprintf(text, sizeof text, "%5d|%-6s|%08.3f|%#x|%zu", -42, "left", 3.14159, 255, sizeof text);
    check(strcmp(text, "  -42|left  |0003.142|0xff|64") == 0, "snprintf formats");
    check(strtod("0x1.8p3", NULL) == 12.0 && strtol("-0777", NULL, 0) == -511, "numbers are read");
    check(fabs(sqrt(2.0) * sqrt(2.0) - 2.0) < 1e-15 && fabs(sin(1.0) - 0.8414709848078965) < 1e-15, "math");

    char *block = malloc(1 << 20);
    check(block != NULL, "malloc gives memory");
    if (block) {
        memset(block, 'x', 1 << 20);
        block = realloc(block, 1 << 21);
        check(block && block[(1 << 20) - 1] == 'x', "realloc keeps it");
        free(block);
    }

    jmp_buf back;
    volatile int jumps = 0;
    if (setjmp(back) < 3) {
        jumps++;
        longjmp(back, jumps + 1 > 3 ? 3 : jumps + 1);
    }
    check(jumps == 2, "longjmp comes back");

    time_t day = 1700000000;
    struct tm utc;
    check(gmtime_r(&day, &utc) && strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc) == 19, "strftime writes");
    check(strcmp(text, "2023-11-14 22:13:20") == 0, "the calendar is right");
    check(getenv("PATH") != NULL, "the environment is there");
    files();

    printf(failures ? "hello.c: %d check(s) failed\n" : "hello.c: all checks passed\n", failures);
    return failures != 0;
}
