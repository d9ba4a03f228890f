#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>

TEST(sysconf)
{
	long page = sysconf(_SC_PAGESIZE);
	IS(page >= 4096 && (page & (page - 1)) == 0 && getpagesize() == page);
	IS(sysconf(_SC_NPROCESSORS_ONLN) >= 1 && sysconf(_SC_NPROCESSORS_CONF) >= sysconf(_SC_NPROCESSORS_ONLN));
	IS(sysconf(_SC_OPEN_MAX) >= 20 && sysconf(_SC_CLK_TCK) == 100 && sysconf(_SC_ARG_MAX) >= 4096);
	IS(sysconf(_SC_IOV_MAX) >= 16);
	/* Not a name of POSIX; -1 without errno is "no limit". */
	long pages = sysconf(_SC_PHYS_PAGES);
	EXCEPT(xlibc, "the host table does not tell how much memory there is") IS(pages > 0);
	IS(sysconf(_SC_THREADS) >= 200112 && sysconf(_SC_VERSION) >= 200809);
	EQ_ERRNO(sysconf(99999), -1, EINVAL);
}

TEST(names)
{
	struct utsname name;
	char host[256] = "", small[1];
	EQ(uname(&name), 0);
	IS(name.sysname[0] != 0 && name.release[0] != 0);
#if defined __x86_64__
	TEXT(name.machine, "x86_64");
#else
	TEXT(name.machine, "aarch64");
#endif
	EQ(gethostname(host, sizeof host), 0);
	IS(host[0] != 0);
	EXCEPT(musl, "cuts without a word") EQ_ERRNO(gethostname(small, sizeof small), -1, ENAMETOOLONG);
}

TEST(users)
{
	struct passwd *user, entry, *found = NULL;
	char room[1024];
	errno = 0;
	user = getpwuid(getuid());
	IS(user != NULL);
	if (user == NULL)
		return;
	IS(user->pw_uid == getuid() && user->pw_name[0] != 0 && user->pw_dir[0] != 0);
	EQ(getpwuid_r(getuid(), &entry, room, sizeof room, &found), 0);
	IS(found == &entry);
	TEXT(entry.pw_name, user->pw_name);
	GIVES(getpwnam_r(entry.pw_name, &entry, room, 2, &found), ERANGE);
	IS(found == NULL);
	EQ(getpwuid_r(getuid(), &entry, room, sizeof room, &found), 0);
	char name[128];
	snprintf(name, sizeof name, "%s", entry.pw_name);
	user = getpwnam(name);
	IS(user != NULL && user->pw_uid == getuid());
	GIVES(getpwnam("no-such-user-here"), NULL);
	found = &entry;
	GIVES(getpwnam_r("no-such-user-here", &entry, room, sizeof room, &found), 0);
	IS(found == NULL);
}

TEST(random)
{
	unsigned char one[64] = {0}, two[64] = {0};
	EQ(getrandom(one, sizeof one, 0), 64);
	EQ(getentropy(two, sizeof two), 0);
	IS(memcmp(one, two, sizeof one) != 0);
	EQ(getrandom(one, 0, GRND_NONBLOCK), 0);
	EXCEPT(glibc, "EIO, as before the standard") EXCEPT(musl, "EIO") EQ_ERRNO(getentropy(one, 257), -1, EINVAL);
	EQ_ERRNO(getrandom(one, 8, 0x8000), -1, EINVAL);
	/* Every bit is there now and then. */
	unsigned char any = 0, all = 255;
	for (int at = 0; at < 64; at++) {
		any |= two[at];
		all &= two[at];
	}
	IS(any == 255 && all == 0);
}
