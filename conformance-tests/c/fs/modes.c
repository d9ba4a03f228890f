#define _GNU_SOURCE
#include "../check.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int mode(const char *name)
{
	struct stat status;
	return lstat(name, &status) == 0 ? (int)(status.st_mode & 07777) : -1;
}

TEST(fchmodat_without_following)
{
	int fd = open("file", O_CREAT | O_WRONLY, 0644);
	close(fd);
	EQ(fchmodat(AT_FDCWD, "file", 0444, AT_SYMLINK_NOFOLLOW), 0);
	EQ(mode("file") & 0222, 0);
	EQ(fchmodat(AT_FDCWD, "file", 0644, AT_SYMLINK_NOFOLLOW), 0);
	EXCEPT_ON(windows, "the owner's write bit is all there is") {
		EQ(mode("file"), 0644);
		EQ(fchmodat(AT_FDCWD, "file", 0751, AT_SYMLINK_NOFOLLOW), 0);
		EQ(mode("file"), 0751);
	}
	EQ(mkdir("folder", 0755), 0);
	EXCEPT_ON(windows, "directories have no modes") {
		EQ(fchmodat(AT_FDCWD, "folder", 0700, AT_SYMLINK_NOFOLLOW), 0);
		EQ(mode("folder"), 0700);
	}
	fd = open("folder", O_RDONLY | O_DIRECTORY);
	EQ(fchmodat(fd, "../file", 0644, AT_SYMLINK_NOFOLLOW), 0);
	EQ_ERRNO(fchmodat(fd, "none", 0644, AT_SYMLINK_NOFOLLOW), -1, ENOENT);
	EQ_ERRNO(fchmodat(99, "none", 0644, AT_SYMLINK_NOFOLLOW), -1, EBADF);
	EQ_ERRNO(fchmodat(fd, "../file/x", 0644, AT_SYMLINK_NOFOLLOW), -1, ENOTDIR);
	EQ_ERRNO(fchmodat(fd, "../file", 0644, 0x8000), -1, EINVAL);
	close(fd);
	EXCEPT_ON(windows, "symbolic links are tested on Linux only") {
		EQ(symlink("file", "link"), 0);
		EQ_ERRNO(fchmodat(AT_FDCWD, "link", 0600, AT_SYMLINK_NOFOLLOW), -1, EOPNOTSUPP);
		EQ(fchmodat(AT_FDCWD, "link", 0640, 0), 0);
		EQ(mode("file"), 0640);
		EQ(unlink("link"), 0);
	}
	EQ(rmdir("folder"), 0);
	EQ(unlink("file"), 0);
}

TEST(fcntl_commands)
{
	int ends[2];
	EQ(pipe(ends), 0);
	/* The descriptor is looked at first. */
	EQ_ERRNO(fcntl(ends[0], 9999), -1, EINVAL);
	EQ_ERRNO(fcntl(99, 9999), -1, EBADF);
	EQ_ERRNO(fcntl(-1, 9999), -1, EBADF);
	EQ_ERRNO(fcntl(99, F_GETOWN), -1, EBADF);
	EQ_ERRNO(fcntl(99, F_SETOWN, 0), -1, EBADF);
	if (ON_windows) {
		EQ_ERRNO(fcntl(ends[0], F_GETOWN), -1, EINVAL);
		EQ_ERRNO(fcntl(ends[0], F_SETOWN, getpid()), -1, EINVAL);
	} else {
		EQ(fcntl(ends[0], F_GETOWN), 0);
		EQ(fcntl(ends[0], F_SETOWN, getpid()), 0);
		EQ(fcntl(ends[0], F_GETOWN), getpid());
		EQ_ERRNO(fcntl(ends[0], F_SETOWN, 0x3fffffff), -1, ESRCH);
		EQ(fcntl(ends[0], F_GETOWN), getpid());
	}
	close(ends[0]);
	close(ends[1]);
}

TEST(statvfs_counts_files)
{
	struct statvfs found;
	EQ(statvfs(".", &found), 0);
	IS(found.f_files >= found.f_ffree && found.f_ffree >= found.f_favail);
	IS(found.f_blocks >= found.f_bfree && found.f_bfree >= found.f_bavail);
	EXCEPT_ON(windows, "a file system has no number of files") IS(found.f_files > 0 && found.f_ffree > 0);
}
