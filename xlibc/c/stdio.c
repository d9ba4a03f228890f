// The entry points with variable arguments: C23 7.23.6, 7.31.2, POSIX.1-2024, BSD err.h. The work is in their v* twins.
#include <err.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define FORWARD(call)                        \
    va_list list;                            \
    va_start(list, format);                  \
    int result = call;                       \
    va_end(list);                            \
    return result

#define MESSAGE(call)                        \
    va_list list;                            \
    va_start(list, format);                  \
    call;                                    \
    va_end(list)

int xlibc_printf(const char *restrict format, ...) { FORWARD(vprintf(format, list)); }
int xlibc_fprintf(FILE *restrict file, const char *restrict format, ...) { FORWARD(vfprintf(file, format, list)); }
int xlibc_dprintf(int fd, const char *restrict format, ...) { FORWARD(vdprintf(fd, format, list)); }
int xlibc_sprintf(char *restrict out, const char *restrict format, ...) { FORWARD(vsprintf(out, format, list)); }
int xlibc_snprintf(char *restrict out, size_t size, const char *restrict format, ...)
{
    FORWARD(vsnprintf(out, size, format, list));
}
int xlibc_asprintf(char **out, const char *format, ...) { FORWARD(vasprintf(out, format, list)); }

int xlibc_wprintf(const wchar_t *restrict format, ...) { FORWARD(vwprintf(format, list)); }
int xlibc_fwprintf(FILE *restrict file, const wchar_t *restrict format, ...) { FORWARD(vfwprintf(file, format, list)); }
int xlibc_swprintf(wchar_t *restrict out, size_t size, const wchar_t *restrict format, ...)
{
    FORWARD(vswprintf(out, size, format, list));
}

int xlibc_scanf(const char *restrict format, ...) { FORWARD(vscanf(format, list)); }
int xlibc_fscanf(FILE *restrict file, const char *restrict format, ...) { FORWARD(vfscanf(file, format, list)); }
int xlibc_sscanf(const char *restrict text, const char *restrict format, ...) { FORWARD(vsscanf(text, format, list)); }

int xlibc_wscanf(const wchar_t *restrict format, ...) { FORWARD(vwscanf(format, list)); }
int xlibc_fwscanf(FILE *restrict file, const wchar_t *restrict format, ...) { FORWARD(vfwscanf(file, format, list)); }
int xlibc_swscanf(const wchar_t *restrict text, const wchar_t *restrict format, ...)
{
    FORWARD(vswscanf(text, format, list));
}

void xlibc_warn(const char *format, ...) { MESSAGE(vwarn(format, list)); }
void xlibc_warnx(const char *format, ...) { MESSAGE(vwarnx(format, list)); }

_Noreturn void xlibc_err(int code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    verr(code, format, list);
}

_Noreturn void xlibc_errx(int code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    verrx(code, format, list);
}
