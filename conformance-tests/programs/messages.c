// has: one: No such file or directory
// has: two 2
// has: messages: three: 3
// has: last: Permission denied
// exit: 7
// except musl: says it in other words
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <stdio.h>

int main(void)
{
	errno = ENOENT;
	warn("one");
	warnx("two %d", 2);
	warnx("three: %d", 3);
	errno = EACCES;
	err(7, "last");
}
