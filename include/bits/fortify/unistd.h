/* Checked functions of <unistd.h>. */

#include <bits/fortify/checked.h>

ssize_t __read_chk(int, void *, size_t, size_t);
_XLIBC_CHECKED ssize_t read(int __fd, void *const _XLIBC_AREA __to, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_AREA_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_AREA_SIZE(__to), (&read)(__fd, __to, __n),
		__read_chk(__fd, __to, __n, _XLIBC_AREA_SIZE(__to)));
}

ssize_t __pread_chk(int, void *, size_t, off_t, size_t);
_XLIBC_CHECKED ssize_t pread(int __fd, void *const _XLIBC_AREA __to, size_t __n, off_t __at)
	_XLIBC_AT_MOST(__n, _XLIBC_AREA_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_AREA_SIZE(__to), (&pread)(__fd, __to, __n, __at),
		__pread_chk(__fd, __to, __n, __at, _XLIBC_AREA_SIZE(__to)));
}

ssize_t __readlink_chk(const char *__restrict, char *__restrict, size_t, size_t);
_XLIBC_CHECKED ssize_t readlink(const char *__restrict __name, char *const __restrict _XLIBC_TEXT __to, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&readlink)(__name, __to, __n),
		__readlink_chk(__name, __to, __n, _XLIBC_TEXT_SIZE(__to)));
}

ssize_t __readlinkat_chk(int, const char *__restrict, char *__restrict, size_t, size_t);
_XLIBC_CHECKED ssize_t readlinkat(int __folder, const char *__restrict __name,
	char *const __restrict _XLIBC_TEXT __to, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&readlinkat)(__folder, __name, __to, __n),
		__readlinkat_chk(__folder, __name, __to, __n, _XLIBC_TEXT_SIZE(__to)));
}

char *__getcwd_chk(char *, size_t, size_t);
_XLIBC_CHECKED char *getcwd(char *const _XLIBC_TEXT __to, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&getcwd)(__to, __n),
		__getcwd_chk(__to, __n, _XLIBC_TEXT_SIZE(__to)));
}

int __gethostname_chk(char *, size_t, size_t);
_XLIBC_CHECKED int gethostname(char *const _XLIBC_TEXT __to, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&gethostname)(__to, __n),
		__gethostname_chk(__to, __n, _XLIBC_TEXT_SIZE(__to)));
}

int __getlogin_r_chk(char *, size_t, size_t);
_XLIBC_CHECKED int getlogin_r(char *const _XLIBC_TEXT __to, size_t __n)
	_XLIBC_AT_MOST(__n, _XLIBC_TEXT_SIZE(__to))
{
	return _XLIBC_CHECK(_XLIBC_TEXT_SIZE(__to), (&getlogin_r)(__to, __n),
		__getlogin_r_chk(__to, __n, _XLIBC_TEXT_SIZE(__to)));
}
