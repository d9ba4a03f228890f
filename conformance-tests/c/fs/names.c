#define _GNU_SOURCE
#include "../check.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

static void make(const char *name)
{
	int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0644);
	IS(fd >= 0 && write(fd, name, strlen(name)) == (ssize_t)strlen(name));
	close(fd);
}

TEST(stat_of_kinds)
{
	struct stat status, again;
	make("file");
	EQ(stat("file", &status), 0);
	IS(S_ISREG(status.st_mode) && status.st_size == 4 && status.st_nlink == 1 && status.st_blksize > 0);
	IS(status.st_mtime > 1700000000 && status.st_ino != 0);
	EQ(mkdir("folder", 0755), 0);
	EQ(stat("folder", &again), 0);
	IS(S_ISDIR(again.st_mode) && again.st_ino != status.st_ino && again.st_dev == status.st_dev);
	EQ(fstatat(AT_FDCWD, "file", &again, 0), 0);
	EQ(again.st_ino, status.st_ino);
	EQ_ERRNO(stat("none", &status), -1, ENOENT);
	EQ_ERRNO(stat("file/x", &status), -1, ENOTDIR);
	EQ_ERRNO(mkdir("folder", 0755), -1, EEXIST);
	EQ_ERRNO(mkdir("none/folder", 0755), -1, ENOENT);
	EQ_ERRNO(rmdir("file"), -1, ENOTDIR);
	IS(unlink("folder") == -1 && (errno == EISDIR || errno == EPERM));
	make("folder/inside");
	IS(rmdir("folder") == -1 && (errno == ENOTEMPTY || errno == EEXIST));
	EQ(unlink("folder/inside"), 0);
	EQ(rmdir("folder"), 0);
	EQ_ERRNO(rmdir("folder"), -1, ENOENT);
	EQ(unlink("file"), 0);
	EQ(stat("/dev/null", &status), 0);
	IS(S_ISCHR(status.st_mode));
}

TEST(modes)
{
	struct stat status;
	make("mode");
	EQ(chmod("mode", 0444), 0);
	EQ(stat("mode", &status), 0);
	EQ(status.st_mode & 0222, 0u);
	EQ(chmod("mode", 0644), 0);
	EQ(stat("mode", &status), 0);
	EQ(status.st_mode & 0600, 0600u);
	EXCEPT_ON(windows, "a file there is read-only or not: DESIGN 7, docs/hosts.md") {
		EQ(chmod("mode", 0751), 0);
		EQ(stat("mode", &status), 0);
		EQ(status.st_mode & 07777, 0751u);
		mode_t before = umask(027);
		int fd = open("masked", O_CREAT | O_WRONLY, 0666);
		EQ(fstat(fd, &status), 0);
		EQ(status.st_mode & 0777, 0640u);
		EQ(fchmod(fd, 0600), 0);
		EQ(fstat(fd, &status), 0);
		EQ(status.st_mode & 0777, 0600u);
		close(fd);
		unlink("masked");
		EQ(umask(before), 027u);
	}
	EQ_ERRNO(chmod("none", 0600), -1, ENOENT);
	EQ(access("mode", R_OK | W_OK), 0);
	EQ_ERRNO(access("none", F_OK), -1, ENOENT);
	EQ(unlink("mode"), 0);
}

TEST(times)
{
	struct stat status;
	make("times");
	struct timespec at[2] = {{1000000000, 123456700}, {1100000000, 500000000}};
	EQ(utimensat(AT_FDCWD, "times", at, 0), 0);
	EQ(stat("times", &status), 0);
	IS(status.st_atim.tv_sec == 1000000000 && status.st_atim.tv_nsec == 123456700);
	IS(status.st_mtim.tv_sec == 1100000000 && status.st_mtim.tv_nsec == 500000000);
	at[0].tv_nsec = UTIME_OMIT;
	at[1].tv_nsec = UTIME_NOW;
	int fd = open("times", O_RDWR);
	EQ(futimens(fd, at), 0);
	EQ(fstat(fd, &status), 0);
	IS(status.st_atime == 1000000000 && time(NULL) - status.st_mtime < 10);
	close(fd);
	struct utimbuf old = {900000000, 900000001};
	EQ(utime("times", &old), 0);
	EQ(stat("times", &status), 0);
	IS(status.st_atime == 900000000 && status.st_mtime == 900000001);
	struct timeval micro[2] = {{5000, 250000}, {6000, 0}};
	EQ(utimes("times", micro), 0);
	EQ(stat("times", &status), 0);
	IS(status.st_atim.tv_sec == 5000 && status.st_atim.tv_nsec == 250000000 && status.st_mtime == 6000);
	at[0].tv_nsec = 1000000000;
	EQ_ERRNO(utimensat(AT_FDCWD, "times", at, 0), -1, EINVAL);
	EQ(unlink("times"), 0);
}

TEST(links)
{
	struct stat one, two;
	make("one");
	EQ(link("one", "two"), 0);
	EQ(stat("one", &one), 0);
	EQ(stat("two", &two), 0);
	IS(one.st_ino == two.st_ino && one.st_nlink == 2);
	EQ_ERRNO(link("one", "two"), -1, EEXIST);
	EQ_ERRNO(link("none", "three"), -1, ENOENT);
	/* Both names are the same file: nothing happens (POSIX.1-2024 rename). */
	EQ(rename("one", "two"), 0);
	EQ(access("one", F_OK), 0);
	EQ(unlink("one"), 0);
	EQ(stat("two", &two), 0);
	EQ(two.st_nlink, 1u);
	EQ(unlink("two"), 0);
}

TEST(symbolic_links)
{
	EXCEPT_ON(windows, "needs a privilege there; Wine 8 makes none") {
		struct stat status;
		char target[64] = "";
		make("real");
		EQ(symlink("real", "soft"), 0);
		EQ(readlink("soft", target, sizeof target), 4);
		TEXT(target, "real");
		EQ(readlink("soft", target, 2), 2);
		EQ(lstat("soft", &status), 0);
		IS(S_ISLNK(status.st_mode));
		EQ(stat("soft", &status), 0);
		IS(S_ISREG(status.st_mode));
		EQ_ERRNO(readlink("real", target, sizeof target), -1, EINVAL);
		EQ_ERRNO(open("soft", O_RDONLY | O_NOFOLLOW), -1, ELOOP);
		EQ(symlink("loop2", "loop1"), 0);
		EQ(symlink("loop1", "loop2"), 0);
		EQ_ERRNO(open("loop1", O_RDONLY), -1, ELOOP);
		EQ_ERRNO(symlink("x", "soft"), -1, EEXIST);
		EQ(unlink("real"), 0);
		EQ_ERRNO(stat("soft", &status), -1, ENOENT);
		EQ(unlink("soft"), 0);
		EQ(unlink("loop1"), 0);
		EQ(unlink("loop2"), 0);
	}
}

TEST(directories)
{
	EQ(mkdir("list", 0755), 0);
	char name[32];
	int seen[20] = {0}, dots = 0, count = 0;
	for (int at = 0; at < 20; at++) {
		snprintf(name, sizeof name, "list/%d", at);
		make(name);
	}
	DIR *folder = opendir("list");
	IS(folder != NULL && dirfd(folder) >= 0);
	struct dirent *entry;
	errno = 0;
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.') {
			dots++;
			IS(entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN);
			continue;
		}
		seen[atoi(entry->d_name)]++;
		IS(entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN);
	}
	EQ(errno, 0);
	for (int at = 0; at < 20; at++)
		EQ(seen[at], 1);
	EQ(dots, 2);
	rewinddir(folder);
	for (int at = 0; at < 5; at++)
		readdir(folder);
	long place = telldir(folder);
	entry = readdir(folder);
	strcpy(name, entry->d_name);
	readdir(folder);
	readdir(folder);
	seekdir(folder, place);
	entry = readdir(folder);
	IS(entry != NULL);
	if (entry != NULL)
		TEXT(entry->d_name, name);
	EQ(closedir(folder), 0);
	struct dirent **sorted;
	EQ(scandir("list", &sorted, NULL, alphasort), 22);
	TEXT(sorted[2]->d_name, "0");
	TEXT(sorted[3]->d_name, "1");
	TEXT(sorted[4]->d_name, "10");
	for (int at = 0; at < 22; at++)
		free(sorted[at]);
	free(sorted);
	/* An entry may be removed while the list is read. */
	folder = opendir("list");
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.') {
			IS(unlinkat(dirfd(folder), entry->d_name, 0) == 0);
			count++;
		}
	EQ(closedir(folder), 0);
	EQ(count, 20);
	EQ(unlinkat(AT_FDCWD, "list", AT_REMOVEDIR), 0);
	EQ_ERRNO(opendir("list"), NULL, ENOENT);
	make("plain");
	EQ_ERRNO(opendir("plain"), NULL, ENOTDIR);
	EQ(unlink("plain"), 0);
	EQ_ERRNO(fdopendir(99), NULL, EBADF);
}

TEST(relative_to_a_folder)
{
	struct stat status;
	EQ(mkdir("base", 0755), 0);
	int base = open("base", O_RDONLY | O_DIRECTORY);
	IS(base >= 0);
	int fd = openat(base, "file", O_CREAT | O_WRONLY, 0644);
	IS(fd >= 0);
	close(fd);
	EQ(fstatat(base, "file", &status, AT_SYMLINK_NOFOLLOW), 0);
	EQ(mkdirat(base, "sub", 0755), 0);
	EQ(renameat(base, "file", base, "sub/file"), 0);
	EQ(faccessat(base, "sub/file", F_OK, 0), 0);
	EQ(access("base/sub/file", F_OK), 0);
	EQ(unlinkat(base, "sub/file", 0), 0);
	EQ(unlinkat(base, "sub", AT_REMOVEDIR), 0);
	EQ_ERRNO(openat(99, "file", O_RDONLY), -1, EBADF);
	DIR *folder = fdopendir(base);
	IS(folder != NULL && readdir(folder) != NULL && closedir(folder) == 0);
	EQ_ERRNO(close(base), -1, EBADF);
	EQ(rmdir("base"), 0);
}

TEST(current_folder)
{
	char before[PATH_MAX], after[PATH_MAX], small[2];
	IS(getcwd(before, sizeof before) == before && before[0] == '/');
	EQ(mkdir("inner", 0755), 0);
	EQ(chdir("inner"), 0);
	IS(getcwd(after, sizeof after) == after);
	size_t length = strlen(before);
	IS(strncmp(after, before, length) == 0 && strcmp(after + length, "/inner") == 0);
	EQ_ERRNO(getcwd(small, sizeof small), NULL, ERANGE);
	EQ_ERRNO(getcwd(small, 0), NULL, EINVAL);
	char *own = getcwd(NULL, 0);
	IS(own != NULL && strcmp(own, after) == 0);
	free(own);
	make("here");
	EQ(access("../inner/here", F_OK), 0);
	char resolved[PATH_MAX];
	strcat(after, "/here");
	IS(realpath("../inner/./here", resolved) == resolved && strcmp(resolved, after) == 0);
	EQ_ERRNO(realpath("none", resolved), NULL, ENOENT);
	EQ_ERRNO(realpath("here/..", resolved), NULL, ENOTDIR);
	EQ_ERRNO(realpath("", resolved), NULL, ENOENT);
	own = realpath("/", NULL);
	TEXT(own, "/");
	free(own);
	int up = open("..", O_RDONLY | O_DIRECTORY);
	EQ(unlink("here"), 0);
	EQ(fchdir(up), 0);
	close(up);
	TEXT(getcwd(after, sizeof after), before);
	EQ_ERRNO(chdir("none"), -1, ENOENT);
	EQ(rmdir("inner"), 0);
}

TEST(renames)
{
	EQ(mkdir("a", 0755), 0);
	EQ(mkdir("b", 0755), 0);
	make("file");
	EQ_ERRNO(rename("none", "x"), -1, ENOENT);
	EQ_ERRNO(rename("file", "a"), -1, EISDIR);
	EQ_ERRNO(rename("a", "file"), -1, ENOTDIR);
	EQ_ERRNO(rename("a", "a/b"), -1, EINVAL);
	/* An empty folder is replaced. */
	EQ(rename("a", "b"), 0);
	make("b/inside");
	EQ(mkdir("a", 0755), 0);
	IS(rename("a", "b") == -1 && (errno == ENOTEMPTY || errno == EEXIST));
	EQ(unlink("b/inside"), 0);
	EQ(rmdir("a"), 0);
	EQ(rmdir("b"), 0);
	EQ(unlink("file"), 0);
}

TEST(names_of_many_languages)
{
	static const char *const names[] = {"\xc3\xa4\xc3\xb6\xc3\xbc", "\xe6\x97\xa5\xe6\x9c\xac", "\xf0\x9f\x98\x80", "with space", "a'b&c;d"};
	for (size_t at = 0; at < sizeof names / sizeof *names; at++) {
		make(names[at]);
		EQ(access(names[at], F_OK), 0);
	}
	DIR *folder = opendir(".");
	int found = 0;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		for (size_t at = 0; at < sizeof names / sizeof *names; at++)
			found += strcmp(entry->d_name, names[at]) == 0;
	closedir(folder);
	EQ(found, 5);
	for (size_t at = 0; at < sizeof names / sizeof *names; at++)
		EQ(unlink(names[at]), 0);
}

TEST(devices)
{
	char buffer[16] = "#";
	int null = open("/dev/null", O_RDWR);
	IS(null >= 0);
	EQ(write(null, "gone", 4), 4);
	EQ(read(null, buffer, 4), 0);
	close(null);
	int random = open("/dev/urandom", O_RDONLY);
	IS(random >= 0);
	EQ(read(random, buffer, sizeof buffer), 16);
	close(random);
	struct statvfs space;
	EQ(statvfs(".", &space), 0);
	IS(space.f_bsize > 0 && space.f_blocks > 0 && space.f_namemax >= 255);
	EQ_ERRNO(statvfs("none", &space), -1, ENOENT);
	IS(pathconf(".", _PC_NAME_MAX) >= 255 && pathconf(".", _PC_PATH_MAX) >= 256);
}
