#include "../check.h"
#include <locale.h>
#include <signal.h>

TEST(strerror)
{
	for (int number = 1; number <= 133; number++) {
		errno = 0;
		const char *text = strerror(number);
		IS(text != NULL && text[0] != 0 && errno == 0);
	}
	/* POSIX.1-2024: the text of a number that is none is something, too. */
	IS(strerror(-1)[0] != 0);
	IS(strerror(99999)[0] != 0);
	IS(strcmp(strerror(ENOENT), strerror(EACCES)) != 0);
	TEXT(strerror(ENOENT), "No such file or directory");
	TEXT(strerror(EINVAL), "Invalid argument");

	char text[64];
	EQ(strerror_r(ENOENT, text, sizeof text), 0);
	TEXT(text, "No such file or directory");
	char small[4] = "zzz";
	EXCEPT(glibc, "may set errno") EQ(strerror_r(ENOENT, small, 4), ERANGE);
	IS(memchr(small, 0, 4) != NULL);
}

TEST(strerror_l)
{
	locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	TEXT(strerror_l(EINVAL, locale), "Invalid argument");
	freelocale(locale);
}

TEST(strsignal)
{
	IS(strsignal(SIGINT)[0] != 0);
	IS(strcmp(strsignal(SIGINT), strsignal(SIGTERM)) != 0);
	IS(strsignal(9999)[0] != 0);
}
