#define _GNU_SOURCE
#include "../check.h"
#include <fcntl.h>
#include <libgen.h> /* basename of POSIX, not of GNU */
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int made(const char *name, const char *text)
{
	int fd = open(name, O_CREAT | O_RDWR | O_TRUNC, 0644);
	IS(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

TEST(copies_in_the_kernel)
{
	int from = made("from", "0123456789"), to = creat("to", 0644);
	off_t at = 2;
	char text[16] = "";
	EQ(sendfile(to, from, &at, 3), 3);
	EQ(at, 5);
	EQ(lseek(from, 0, SEEK_CUR), 0);
	EQ(sendfile(to, from, NULL, 100), 10);
	EQ(sendfile(to, from, NULL, 100), 0);
	close(to);
	to = open("to", O_RDONLY);
	EQ(read(to, text, sizeof text), 13);
	TEXT(text, "2340123456789");
	close(to);
	close(from);
	EQ(unlink("from"), 0);
	EQ(unlink("to"), 0);
}

TEST(locks_of_whole_files)
{
	int fd = made("whole", "x"), other = open("whole", O_RDWR);
	EQ(flock(fd, LOCK_EX), 0);
	EQ_ERRNO(flock(other, LOCK_EX | LOCK_NB), -1, EWOULDBLOCK);
	EQ(flock(fd, LOCK_UN), 0);
	EQ(flock(other, LOCK_SH | LOCK_NB), 0);
	EQ(flock(fd, LOCK_SH | LOCK_NB), 0);
	EQ_ERRNO(flock(fd, 77), -1, EINVAL);
	EQ(flock(fd, LOCK_UN), 0);
	EQ(flock(other, LOCK_UN), 0);
	EQ(lockf(fd, F_TLOCK, 0), 0);
	EQ(lockf(fd, F_TEST, 0), 0);
	EQ(lockf(fd, F_ULOCK, 0), 0);
	EQ_ERRNO(lockf(fd, 99, 0), -1, EINVAL);
	close(other);
	close(fd);
	EQ(unlink("whole"), 0);
}

TEST(controls)
{
	int ends[2], waiting = -1;
	struct winsize size;
	EQ(pipe(ends), 0);
	EQ(write(ends[1], "abcd", 4), 4);
	EXCEPT(xlibc, "knows the requests of terminals only") {
		EQ(ioctl(ends[0], FIONREAD, &waiting), 0);
		EQ(waiting, 4);
	}
	EQ_ERRNO(ioctl(ends[0], TIOCGWINSZ, &size), -1, ENOTTY);
	EQ_ERRNO(ioctl(99, FIONREAD, &waiting), -1, EBADF);
	close(ends[0]);
	close(ends[1]);
	int fd = made("controls", "xyz");
	IS(fpathconf(fd, _PC_NAME_MAX) >= 255);
	struct statvfs space;
	EQ(fstatvfs(fd, &space), 0);
	IS(space.f_frsize > 0);
	EXCEPT_ON(windows, "files have no owner numbers there: docs/hosts.md") {
		EQ(fchown(fd, getuid(), (gid_t)-1), 0);
		EQ(chown("controls", (uid_t)-1, getgid()), 0);
		EQ(lchown("controls", (uid_t)-1, (gid_t)-1), 0);
		EQ(fchownat(AT_FDCWD, "controls", (uid_t)-1, (gid_t)-1, 0), 0);
	}
	EQ(fchmodat(AT_FDCWD, "controls", 0600, 0), 0);
	EQ(linkat(AT_FDCWD, "controls", AT_FDCWD, "second", 0), 0);
	EQ(unlink("second"), 0);
	EXCEPT_ON(windows, "symbolic links need a privilege there; Wine 8 makes none") {
		char target[16] = "";
		EQ(symlinkat("controls", AT_FDCWD, "soft"), 0);
		EQ(readlinkat(AT_FDCWD, "soft", target, sizeof target), 8);
		TEXT(target, "controls");
		EQ(unlink("soft"), 0);
	}
	close(fd);
	EQ(unlink("controls"), 0);
	char *here = get_current_dir_name();
	char other[PATH_MAX];
	TEXT(here, getcwd(other, sizeof other));
	free(here);
}

TEST(splitting_names)
{
	static const struct { const char *path, *folder, *last; } rows[] = {
		{"/usr/lib", "/usr", "lib"}, {"/usr/", "/", "usr"}, {"usr", ".", "usr"}, {"/", "/", "/"}, {".", ".", "."},
		{"..", ".", ".."}, {"", ".", "."}, {"a//b//", "a", "b"},
	};
	char room[16];
	for (size_t at = 0; at < sizeof rows / sizeof *rows; at++) {
		TEXT(dirname(strcpy(room, rows[at].path)), rows[at].folder);
		TEXT(basename(strcpy(room, rows[at].path)), rows[at].last);
	}
	TEXT(dirname(NULL), ".");
}

TEST(memory_grows)
{
	EXCEPT_ON(windows, "mappings there do not move: mremap is ENOSYS or grows where it lies") {
		char *memory = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		memory[65535] = 7;
		memory = mremap(memory, 65536, 1 << 20, MREMAP_MAYMOVE);
		IS(memory != MAP_FAILED && memory[65535] == 7);
		memory[(1 << 20) - 1] = 1;
		EQ(mremap(memory, 1 << 20, 65536, 0), (void *)memory);
		EQ(munmap(memory, 65536), 0);
	}
}

TEST(more_names_for_a_moment)
{
	char one[] = "momentXXXXXX", two[] = "momentXXXXXX.txt";
	int fd = mkostemp(one, O_CLOEXEC);
	IS(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	close(fd);
	EQ(unlink(one), 0);
	fd = mkstemps(two, 4);
	IS(fd >= 0 && strcmp(two + 12, ".txt") == 0);
	close(fd);
	EQ(unlink(two), 0);
}
