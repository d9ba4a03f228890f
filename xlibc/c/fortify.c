// The checked entry points of glibc's ABI: the public function behind a comparison of what it may write with the room of its
// buffer. Room is in characters of the buffer. `flag` asks glibc to refuse %n in formats that can be written; it is as usual here.
#define _GNU_SOURCE
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

_Noreturn void __chk_fail(void);

static size_t within(size_t n, size_t room)
{
    if (n > room)
        __chk_fail();
    return n;
}

#define FORWARD(call)                        \
    va_list list;                            \
    va_start(list, format);                  \
    int result = call;                       \
    va_end(list);                            \
    return result

void *xlibc_memcpy_chk(void *restrict to, const void *restrict from, size_t n, size_t room)
{
    return memcpy(to, from, within(n, room));
}
void *xlibc_memmove_chk(void *to, const void *from, size_t n, size_t room) { return memmove(to, from, within(n, room)); }
void *xlibc_mempcpy_chk(void *to, const void *from, size_t n, size_t room) { return mempcpy(to, from, within(n, room)); }
void *xlibc_memset_chk(void *to, int byte, size_t n, size_t room) { return memset(to, byte, within(n, room)); }
void xlibc_explicit_bzero_chk(void *to, size_t n, size_t room) { explicit_bzero(to, within(n, room)); }

// The bytes of a string without its end, which need one more.
static size_t text(size_t n, size_t room)
{
    if (n >= room)
        __chk_fail();
    return n;
}

char *xlibc_stpcpy_chk(char *restrict to, const char *restrict from, size_t room)
{
    size_t n = text(strlen(from), room);
    return (char *)memcpy(to, from, n + 1) + n;
}
char *xlibc_strcpy_chk(char *restrict to, const char *restrict from, size_t room)
{
    return memcpy(to, from, text(strlen(from), room) + 1);
}
char *xlibc_strncpy_chk(char *to, const char *from, size_t n, size_t room) { return strncpy(to, from, within(n, room)); }
char *xlibc_stpncpy_chk(char *to, const char *from, size_t n, size_t room) { return stpncpy(to, from, within(n, room)); }
char *xlibc_strncat_chk(char *restrict to, const char *restrict from, size_t n, size_t room)
{
    size_t used = text(strnlen(to, room), room);
    size_t more = text(strnlen(from, n), room - used);
    memcpy(to + used, from, more);
    to[used + more] = 0;
    return to;
}
char *xlibc_strcat_chk(char *restrict to, const char *restrict from, size_t room)
{
    return xlibc_strncat_chk(to, from, SIZE_MAX, room);
}
size_t xlibc_strlcpy_chk(char *to, const char *from, size_t n, size_t room) { return strlcpy(to, from, within(n, room)); }
size_t xlibc_strlcat_chk(char *to, const char *from, size_t n, size_t room) { return strlcat(to, from, within(n, room)); }

int xlibc_vsnprintf_chk(char *restrict to, size_t n, int flag, size_t room, const char *restrict format, va_list list)
{
    (void)flag;
    return vsnprintf(to, within(n, room), format, list);
}
int xlibc_snprintf_chk(char *restrict to, size_t n, int flag, size_t room, const char *restrict format, ...)
{
    FORWARD(xlibc_vsnprintf_chk(to, n, flag, room, format, list));
}
int xlibc_vsprintf_chk(char *restrict to, int flag, size_t room, const char *restrict format, va_list list)
{
    (void)flag;
    if (room > INT_MAX)
        return vsprintf(to, format, list);
    if (room == 0)
        __chk_fail();
    int length = vsnprintf(to, room, format, list);
    if (length >= 0)
        text((size_t)length, room);
    return length;
}
int xlibc_sprintf_chk(char *restrict to, int flag, size_t room, const char *restrict format, ...)
{
    FORWARD(xlibc_vsprintf_chk(to, flag, room, format, list));
}

int xlibc_vfprintf_chk(FILE *restrict file, int flag, const char *restrict format, va_list list)
{
    (void)flag;
    return vfprintf(file, format, list);
}
int xlibc_fprintf_chk(FILE *restrict file, int flag, const char *restrict format, ...)
{
    FORWARD(xlibc_vfprintf_chk(file, flag, format, list));
}
int xlibc_vprintf_chk(int flag, const char *restrict format, va_list list)
{
    return xlibc_vfprintf_chk(stdout, flag, format, list);
}
int xlibc_printf_chk(int flag, const char *restrict format, ...)
{
    FORWARD(xlibc_vfprintf_chk(stdout, flag, format, list));
}
int xlibc_vdprintf_chk(int fd, int flag, const char *restrict format, va_list list)
{
    (void)flag;
    return vdprintf(fd, format, list);
}
int xlibc_dprintf_chk(int fd, int flag, const char *restrict format, ...)
{
    FORWARD(xlibc_vdprintf_chk(fd, flag, format, list));
}
int xlibc_vasprintf_chk(char **to, int flag, const char *restrict format, va_list list)
{
    (void)flag;
    return vasprintf(to, format, list);
}
int xlibc_asprintf_chk(char **to, int flag, const char *restrict format, ...)
{
    FORWARD(xlibc_vasprintf_chk(to, flag, format, list));
}

// The characters that fgets and fgetws may write; a negative number is theirs to refuse.
static int line(int n, size_t room)
{
    within(n < 0 ? 0 : (size_t)n, room);
    return n;
}
static size_t elements(size_t size, size_t n, size_t room)
{
    return size == 0 ? n : within(n, room / size);
}

char *xlibc_fgets_chk(char *restrict to, size_t room, int n, FILE *restrict file)
{
    return fgets(to, line(n, room), file);
}
char *xlibc_fgets_unlocked_chk(char *restrict to, size_t room, int n, FILE *restrict file)
{
    return fgets_unlocked(to, line(n, room), file);
}
size_t xlibc_fread_chk(void *restrict to, size_t room, size_t size, size_t n, FILE *restrict file)
{
    return fread(to, size, elements(size, n, room), file);
}
size_t xlibc_fread_unlocked_chk(void *restrict to, size_t room, size_t size, size_t n, FILE *restrict file)
{
    return fread_unlocked(to, size, elements(size, n, room), file);
}

ssize_t xlibc_read_chk(int fd, void *to, size_t n, size_t room) { return read(fd, to, within(n, room)); }
ssize_t xlibc_pread_chk(int fd, void *to, size_t n, off_t at, size_t room) { return pread(fd, to, within(n, room), at); }
ssize_t xlibc_readlink_chk(const char *restrict name, char *restrict to, size_t n, size_t room)
{
    return readlink(name, to, within(n, room));
}
ssize_t xlibc_readlinkat_chk(int folder, const char *restrict name, char *restrict to, size_t n, size_t room)
{
    return readlinkat(folder, name, to, within(n, room));
}
char *xlibc_getcwd_chk(char *to, size_t n, size_t room) { return getcwd(to, within(n, room)); }
int xlibc_gethostname_chk(char *to, size_t n, size_t room) { return gethostname(to, within(n, room)); }
int xlibc_getlogin_r_chk(char *to, size_t n, size_t room) { return getlogin_r(to, within(n, room)); }
char *xlibc_realpath_chk(const char *restrict name, char *restrict to, size_t room)
{
    within(PATH_MAX, room);
    return realpath(name, to);
}

size_t xlibc_mbstowcs_chk(wchar_t *restrict to, const char *restrict from, size_t n, size_t room)
{
    return mbstowcs(to, from, within(n, room));
}
size_t xlibc_wcstombs_chk(char *restrict to, const wchar_t *restrict from, size_t n, size_t room)
{
    return wcstombs(to, from, within(n, room));
}
size_t xlibc_mbsrtowcs_chk(wchar_t *restrict to, const char **restrict from, size_t n, mbstate_t *restrict state, size_t room)
{
    return mbsrtowcs(to, from, within(n, room), state);
}
size_t xlibc_wcsrtombs_chk(char *restrict to, const wchar_t **restrict from, size_t n, mbstate_t *restrict state, size_t room)
{
    return wcsrtombs(to, from, within(n, room), state);
}
size_t xlibc_mbsnrtowcs_chk(wchar_t *restrict to, const char **restrict from, size_t bytes, size_t n,
                            mbstate_t *restrict state, size_t room)
{
    return mbsnrtowcs(to, from, bytes, within(n, room), state);
}
size_t xlibc_wcsnrtombs_chk(char *restrict to, const wchar_t **restrict from, size_t characters, size_t n,
                            mbstate_t *restrict state, size_t room)
{
    return wcsnrtombs(to, from, characters, within(n, room), state);
}
int xlibc_wctomb_chk(char *to, wchar_t character, size_t room)
{
    within(MB_CUR_MAX, room);
    return wctomb(to, character);
}
size_t xlibc_wcrtomb_chk(char *restrict to, wchar_t character, mbstate_t *restrict state, size_t room)
{
    within(MB_CUR_MAX, room);
    return wcrtomb(to, character, state);
}

wchar_t *xlibc_wmemcpy_chk(wchar_t *restrict to, const wchar_t *restrict from, size_t n, size_t room)
{
    return wmemcpy(to, from, within(n, room));
}
wchar_t *xlibc_wmemmove_chk(wchar_t *to, const wchar_t *from, size_t n, size_t room)
{
    return wmemmove(to, from, within(n, room));
}
wchar_t *xlibc_wmemset_chk(wchar_t *to, wchar_t value, size_t n, size_t room)
{
    return wmemset(to, value, within(n, room));
}
wchar_t *xlibc_wcpcpy_chk(wchar_t *restrict to, const wchar_t *restrict from, size_t room)
{
    size_t n = text(wcslen(from), room);
    return wmemcpy(to, from, n + 1) + n;
}
wchar_t *xlibc_wcscpy_chk(wchar_t *restrict to, const wchar_t *restrict from, size_t room)
{
    return wmemcpy(to, from, text(wcslen(from), room) + 1);
}
wchar_t *xlibc_wcsncpy_chk(wchar_t *restrict to, const wchar_t *restrict from, size_t n, size_t room)
{
    return wcsncpy(to, from, within(n, room));
}
wchar_t *xlibc_wcpncpy_chk(wchar_t *restrict to, const wchar_t *restrict from, size_t n, size_t room)
{
    return wcpncpy(to, from, within(n, room));
}
wchar_t *xlibc_wcsncat_chk(wchar_t *restrict to, const wchar_t *restrict from, size_t n, size_t room)
{
    size_t used = text(wcsnlen(to, room), room);
    size_t more = text(wcsnlen(from, n), room - used);
    wmemcpy(to + used, from, more);
    to[used + more] = 0;
    return to;
}
wchar_t *xlibc_wcscat_chk(wchar_t *restrict to, const wchar_t *restrict from, size_t room)
{
    return xlibc_wcsncat_chk(to, from, SIZE_MAX, room);
}

int xlibc_vswprintf_chk(wchar_t *restrict to, size_t n, int flag, size_t room, const wchar_t *restrict format, va_list list)
{
    (void)flag;
    return vswprintf(to, within(n, room), format, list);
}
int xlibc_swprintf_chk(wchar_t *restrict to, size_t n, int flag, size_t room, const wchar_t *restrict format, ...)
{
    FORWARD(xlibc_vswprintf_chk(to, n, flag, room, format, list));
}
int xlibc_vfwprintf_chk(FILE *restrict file, int flag, const wchar_t *restrict format, va_list list)
{
    (void)flag;
    return vfwprintf(file, format, list);
}
int xlibc_fwprintf_chk(FILE *restrict file, int flag, const wchar_t *restrict format, ...)
{
    FORWARD(xlibc_vfwprintf_chk(file, flag, format, list));
}
int xlibc_vwprintf_chk(int flag, const wchar_t *restrict format, va_list list)
{
    return xlibc_vfwprintf_chk(stdout, flag, format, list);
}
int xlibc_wprintf_chk(int flag, const wchar_t *restrict format, ...)
{
    FORWARD(xlibc_vfwprintf_chk(stdout, flag, format, list));
}
wchar_t *xlibc_fgetws_chk(wchar_t *restrict to, size_t room, int n, FILE *restrict file)
{
    return fgetws(to, line(n, room), file);
}
wchar_t *xlibc_fgetws_unlocked_chk(wchar_t *restrict to, size_t room, int n, FILE *restrict file)
{
    return fgetws_unlocked(to, line(n, room), file);
}
