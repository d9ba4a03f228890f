// The exec functions whose arguments stand in the call itself: POSIX.1-2024 `exec`.
#include <stdarg.h>
#include <stddef.h>

extern char **environ;
int execv(const char *, char *const[]);
int execve(const char *, char *const[], char *const[]);
int execvp(const char *, char *const[]);

// Puts first and what follows it, up to and with the null pointer, into list, which has room for it.
static void collect(const char **list, const char *first, va_list *rest)
{
    size_t n = 0;
    for (const char *word = first; word; word = va_arg(*rest, const char *))
        list[n++] = word;
    list[n] = NULL;
}

static size_t count(const char *first, va_list *rest)
{
    size_t n = 0;
    for (const char *word = first; word; word = va_arg(*rest, const char *))
        n++;
    return n;
}

// The list lives on the stack: exec must work where no memory is left.
#define LIST(first)                          \
    va_list rest;                            \
    va_start(rest, first);                   \
    size_t n = count(first, &rest);          \
    va_end(rest);                            \
    const char *list[n + 1];                 \
    va_start(rest, first);                   \
    collect(list, first, &rest)

int xlibc_execl(const char *path, const char *first, ...)
{
    LIST(first);
    va_end(rest);
    return execv(path, (char *const *)list);
}

int xlibc_execlp(const char *file, const char *first, ...)
{
    LIST(first);
    va_end(rest);
    return execvp(file, (char *const *)list);
}

int xlibc_execle(const char *path, const char *first, ...)
{
    LIST(first);
    char *const *environment = va_arg(rest, char *const *);
    va_end(rest);
    return execve(path, (char *const *)list, environment);
}
