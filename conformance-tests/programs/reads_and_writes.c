// out: wide 5 a
// out: done
// except musl: 1.2.3 says other words of wide output
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

static int wide(const wchar_t *format, ...)
{
	va_list list;
	va_start(list, format);
	int count = vwprintf(format, list);
	va_end(list);
	return count;
}

/* Standard input is empty; standard output is wide once it was used so. */
int main(void)
{
	int value;
	if (scanf("%d", &value) != EOF || getchar() != EOF || getchar_unlocked() != EOF || !feof(stdin))
		return 1;
	if (wprintf(L"wide %d ", 5) != 7 || putwchar(L'a') != L'a' || putwchar_unlocked(L'\n') != L'\n')
		return 2;
	if (fwide(stdout, 0) <= 0)
		return 3;
	return wide(L"%ls\n", L"done") != 5;
}
