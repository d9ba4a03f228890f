// Every checked function: a call that fits its buffer exactly does its work, one that needs a byte or character more ends in
// SIGABRT. `level` is that of _FORTIFY_SOURCE.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <limits.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <wchar.h>

static sigjmp_buf before;
static int failures;

static void aborted(int number)
{
    (void)number;
    siglongjmp(before, 1);
}

static void expect(int right, const char *call, const char *what)
{
    if (!right) {
        failures++;
        printf("%s: %s\n", call, what);
    }
}

/* A macro: the frame that sigsetjmp saves has to stay. */
#define ENDS(call) (sigsetjmp(before, 1) != 0 || ((void)(call), 0))
#define FITS(call) expect(!ENDS(call), #call, "aborted")
#define ABORTS(call) expect(ENDS(call), #call, "went past the end")
#define ABORTS_FROM(level, call) expect(ENDS(call) == (LEVEL >= level), #call, "wrong at this level")

struct pair {
    char first[8];
    char second[8];
};

static char to[8];
static wchar_t wide[8];
static struct pair pair;
/* The compiler must not know these. */
static volatile size_t eight = 8;
static const char *volatile seven_letters = "abcdefg";
static const char *volatile eight_letters = "abcdefgh";
static const wchar_t *volatile seven_wide = L"abcdefg";
static const wchar_t *volatile eight_wide = L"abcdefgh";
static char source[64];
static wchar_t wide_source[16];

static int formatted(size_t n, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = n == 0 ? vsprintf(to, format, list) : vsnprintf(to, n, format, list);
    va_end(list);
    return length;
}

static int formatted_wide(size_t n, const wchar_t *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = vswprintf(wide, n, format, list);
    va_end(list);
    return length;
}

static void copies(void)
{
    size_t n = eight;
    FITS(memcpy(to, source, n));
    ABORTS(memcpy(to, source, n + 1));
    FITS(memcpy(to + 3, source, n - 3));
    ABORTS(memcpy(to + 3, source, n - 2));
    FITS(memmove(to, source, n));
    ABORTS(memmove(to, source, n + 1));
    FITS(mempcpy(to, source, n));
    ABORTS(mempcpy(to, source, n + 1));
    FITS(memset(to, 1, n));
    ABORTS(memset(to, 1, n + 1));
    FITS(bcopy(source, to, n));
    ABORTS(bcopy(source, to, n + 1));
    FITS(bzero(to, n));
    ABORTS(bzero(to, n + 1));
    FITS(explicit_bzero(to, n));
    ABORTS(explicit_bzero(to, n + 1));
    FITS(strcpy(to, seven_letters));
    expect(strcmp(to, "abcdefg") == 0, "strcpy", "another string");
    ABORTS(strcpy(to, eight_letters));
    FITS(stpcpy(to, seven_letters));
    expect(stpcpy(to, seven_letters) == to + 7, "stpcpy", "another end");
    ABORTS(stpcpy(to, eight_letters));
    FITS(strncpy(to, eight_letters, n));
    ABORTS(strncpy(to, eight_letters, n + 1));
    FITS(stpncpy(to, eight_letters, n));
    ABORTS(stpncpy(to, eight_letters, n + 1));
    FITS((strcpy(to, "abc"), strcat(to, seven_letters + 3)));
    expect(strcmp(to, "abcdefg") == 0, "strcat", "another string");
    ABORTS((strcpy(to, "abcd"), strcat(to, seven_letters + 3)));
    FITS((strcpy(to, "abc"), strncat(to, seven_letters, n - 4)));
    ABORTS((strcpy(to, "abc"), strncat(to, seven_letters, n - 3)));
    FITS(strlcpy(to, eight_letters, n));
    ABORTS(strlcpy(to, seven_letters, n + 1));
    FITS((*to = 0, strlcat(to, eight_letters, n)));
    ABORTS((*to = 0, strlcat(to, seven_letters, n + 1)));
}

static void sizes(void)
{
    /* A member of a struct from level 2 on, memory of a size that is known at run time at level 3. */
    FITS(strcpy(pair.first, seven_letters));
    ABORTS_FROM(2, strcpy(pair.first, eight_letters));
    FITS(memcpy(&pair.first, source, eight + eight));
    ABORTS(memcpy(&pair.first, source, eight + eight + 1));
    char *allocated = (char *)malloc(eight);
    if (allocated != NULL) {
        FITS(memcpy(allocated, source, eight));
        ABORTS_FROM(3, memset(allocated, 0, eight + 1));
    }
    free(allocated);
    /* Nothing is known of these. */
    char *volatile unknown = source;
    FITS(memcpy(unknown, source, eight + 1));
    FITS(strcpy(unknown, eight_letters));
    /* By its address a function is the one without a check. */
    void *(*volatile copy)(void *__restrict, const void *__restrict, size_t) = &memcpy;
    FITS(copy(source, pair.first, eight + 1));
}

static void formats(void)
{
    size_t n = eight;
    FITS(sprintf(to, "%s", seven_letters));
    expect(strcmp(to, "abcdefg") == 0, "sprintf", "another string");
    ABORTS(sprintf(to, "%s", eight_letters));
    FITS(snprintf(to, n, "%s", eight_letters));
    ABORTS(snprintf(to, n + 1, "%d", 1));
    FITS(formatted(0, "%s", seven_letters));
    ABORTS(formatted(0, "%s", eight_letters));
    FITS(formatted(n, "%s", eight_letters));
    ABORTS(formatted(n + 1, "%d", 1));
    FITS(swprintf(wide, n, L"%d", 1234567));
    ABORTS(swprintf(wide, n + 1, L"%d", 1));
    FITS(formatted_wide(n, L"%d", 1));
    ABORTS(formatted_wide(n + 1, L"%d", 1));
}

static FILE *text(void)
{
    static char contents[] = "abcdefghijklmnopqrstuvwxyz\n";
    return fmemopen(contents, sizeof contents - 1, "r");
}

static void streams(void)
{
    size_t n = eight;
    FILE *file = text();
    FITS(fgets(to, (int)n, file));
    expect(strcmp(to, "abcdefg") == 0, "fgets", "another string");
    FITS(fgets_unlocked(to, (int)n, file));
    FITS(fread(to, 2, n / 2, file));
    fclose(file);
    file = text();
    FITS(fread_unlocked(to, 1, n, file));
    fclose(file);
    file = text();
    FITS(fgetws(wide, (int)n, file));
    FITS(fgetws_unlocked(wide, (int)n, file));
    fclose(file);
    /* Where the check is, nothing has been read and no lock is held. */
    file = text();
    ABORTS(fgets(to, (int)n + 1, file));
    ABORTS(fgets_unlocked(to, (int)n + 1, file));
    ABORTS(fread(to, 3, n - 5, file));
    ABORTS(fread(to, n + 1, 1, file));
    ABORTS(fread(to, SIZE_MAX / 2 + 1, 2, file));
    ABORTS(fread_unlocked(to, 1, n + 1, file));
    ABORTS(fgetws(wide, (int)n + 1, file));
    ABORTS(fgetws_unlocked(wide, (int)n + 1, file));
    expect(fgetc(file) == 'a', "fgetc", "the stream was used");
    fclose(file);
}

static void descriptors(void)
{
    size_t n = eight;
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], source, 32) != 32)
        exit(3);
    FITS(read(ends[0], to, n));
    ABORTS(read(ends[0], to, n + 1));
    FITS(pread(-1, to, n, 0));
    ABORTS(pread(-1, to, n + 1, 0));
    FITS(readlink("nowhere", to, n));
    ABORTS(readlink("nowhere", to, n + 1));
    FITS(readlinkat(-1, "nowhere", to, n));
    ABORTS(readlinkat(-1, "nowhere", to, n + 1));
    FITS(getcwd(to, n));
    FITS(free(getcwd(NULL, 0)));
    ABORTS(getcwd(to, n + 1));
    FITS(gethostname(to, n));
    ABORTS(gethostname(to, n + 1));
    FITS(getlogin_r(to, n));
    ABORTS(getlogin_r(to, n + 1));
    static char path[PATH_MAX];
    FITS(realpath(".", path));
    FITS(free(realpath(".", NULL)));
    ABORTS(realpath(".", to));
}

static void wide_copies(void)
{
    size_t n = eight;
    FITS(wmemcpy(wide, wide_source, n));
    ABORTS(wmemcpy(wide, wide_source, n + 1));
    FITS(wmemmove(wide, wide_source, n));
    ABORTS(wmemmove(wide, wide_source, n + 1));
    FITS(wmemset(wide, L'x', n));
    ABORTS(wmemset(wide, L'x', n + 1));
    FITS(wcscpy(wide, seven_wide));
    expect(wcscmp(wide, L"abcdefg") == 0, "wcscpy", "another string");
    ABORTS(wcscpy(wide, eight_wide));
    FITS(wcpcpy(wide, seven_wide));
    ABORTS(wcpcpy(wide, eight_wide));
    FITS(wcsncpy(wide, eight_wide, n));
    ABORTS(wcsncpy(wide, eight_wide, n + 1));
    FITS(wcpncpy(wide, eight_wide, n));
    ABORTS(wcpncpy(wide, eight_wide, n + 1));
    FITS((wcscpy(wide, L"abc"), wcscat(wide, seven_wide + 3)));
    ABORTS((wcscpy(wide, L"abcd"), wcscat(wide, seven_wide + 3)));
    FITS((wcscpy(wide, L"abc"), wcsncat(wide, seven_wide, n - 4)));
    ABORTS((wcscpy(wide, L"abc"), wcsncat(wide, seven_wide, n - 3)));
}

static void conversions(void)
{
    size_t n = eight;
    const char *from = seven_letters;
    const wchar_t *wide_from = seven_wide;
    mbstate_t state;
    memset(&state, 0, sizeof state);
    FITS(mbstowcs(wide, seven_letters, n));
    FITS(mbstowcs(NULL, seven_letters, 0));
    ABORTS(mbstowcs(wide, seven_letters, n + 1));
    FITS(wcstombs(to, seven_wide, n));
    FITS(wcstombs(NULL, seven_wide, 0));
    ABORTS(wcstombs(to, seven_wide, n + 1));
    FITS((from = seven_letters, mbsrtowcs(wide, &from, n, &state)));
    ABORTS((from = seven_letters, mbsrtowcs(wide, &from, n + 1, &state)));
    FITS((wide_from = seven_wide, wcsrtombs(to, &wide_from, n, &state)));
    ABORTS((wide_from = seven_wide, wcsrtombs(to, &wide_from, n + 1, &state)));
    FITS((from = seven_letters, mbsnrtowcs(wide, &from, 3, n, &state)));
    ABORTS((from = seven_letters, mbsnrtowcs(wide, &from, 3, n + 1, &state)));
    FITS((wide_from = seven_wide, wcsnrtombs(to, &wide_from, 3, n, &state)));
    ABORTS((wide_from = seven_wide, wcsnrtombs(to, &wide_from, 3, n + 1, &state)));
    if (setlocale(LC_ALL, "C.UTF-8") == NULL)
        exit(3);
    char four[4], three[3];
    FITS(wctomb(four, L'x'));
    FITS(wcrtomb(four, L'x', &state));
    ABORTS(wctomb(three, L'x'));
    ABORTS(wcrtomb(three, L'x', &state));
}

int main(void)
{
    signal(SIGABRT, aborted);
    copies();
    sizes();
    formats();
    streams();
    descriptors();
    wide_copies();
    conversions();
    printf("%s at level %d\n", failures == 0 ? "all is checked" : "failed", LEVEL);
    return failures != 0;
}
