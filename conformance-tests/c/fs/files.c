#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static long size(int fd)
{
	struct stat status;
	return fstat(fd, &status) == 0 ? (long)status.st_size : -1;
}

TEST(open_flags)
{
	EQ_ERRNO(open("file", O_RDONLY), -1, ENOENT);
	EQ_ERRNO(open("none/file", O_CREAT | O_RDWR, 0600), -1, ENOENT);
	int fd = open("file", O_CREAT | O_EXCL | O_RDWR, 0644);
	IS(fd >= 0);
	EQ_ERRNO(open("file", O_CREAT | O_EXCL | O_RDWR, 0644), -1, EEXIST);
	EQ_ERRNO(open("file/below", O_RDONLY), -1, ENOTDIR);
	EQ_ERRNO(open("file", O_RDONLY | O_DIRECTORY), -1, ENOTDIR);
	EQ_ERRNO(open(".", O_WRONLY), -1, EISDIR);
	EQ(write(fd, "hello", 5), 5);
	EQ(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
	EQ(close(fd), 0);
	EQ_ERRNO(close(fd), -1, EBADF);
	EQ_ERRNO(write(fd, "x", 1), -1, EBADF);
	fd = open("file", O_RDONLY);
	EQ_ERRNO(write(fd, "x", 1), -1, EBADF);
	EQ(close(fd), 0);
	fd = open("file", O_WRONLY | O_TRUNC);
	char byte;
	EQ_ERRNO(read(fd, &byte, 1), -1, EBADF);
	EQ(size(fd), 0);
	EQ(close(fd), 0);
	EQ(unlink("file"), 0);
	EQ_ERRNO(unlink("file"), -1, ENOENT);
	EQ_ERRNO(open("", O_RDONLY), -1, ENOENT);
	char name[NAME_MAX + 20];
	memset(name, 'n', sizeof name);
	name[sizeof name - 1] = 0;
	EQ_ERRNO(open(name, O_RDONLY), -1, ENAMETOOLONG);
}

TEST(read_write_seek)
{
	int fd = open("seek", O_CREAT | O_RDWR | O_TRUNC, 0644);
	char buffer[16] = "";
	EQ(write(fd, "0123456789", 10), 10);
	EQ(lseek(fd, 3, SEEK_SET), 3);
	EQ(read(fd, buffer, 4), 4);
	IS(memcmp(buffer, "3456", 4) == 0);
	EQ(lseek(fd, -2, SEEK_CUR), 5);
	EQ(lseek(fd, -1, SEEK_END), 9);
	EQ(read(fd, buffer, 10), 1);
	EQ(read(fd, buffer, 10), 0);
	EQ_ERRNO(lseek(fd, -1, SEEK_SET), -1, EINVAL);
	EQ_ERRNO(lseek(fd, 0, 77), -1, EINVAL);
	/* Past the end: the gap reads as zeros. */
	EQ(lseek(fd, 15, SEEK_SET), 15);
	EQ(write(fd, "x", 1), 1);
	EQ(pread(fd, buffer, 6, 10), 6);
	IS(memcmp(buffer, "\0\0\0\0\0x", 6) == 0);
	EQ(lseek(fd, 0, SEEK_CUR), 16);
	EQ(pwrite(fd, "AB", 2, 0), 2);
	EQ(lseek(fd, 0, SEEK_CUR), 16);
	EQ_ERRNO(pread(fd, buffer, 1, -1), -1, EINVAL);
	struct iovec parts[3] = {{buffer, 1}, {buffer + 8, 0}, {buffer + 1, 2}};
	EQ(lseek(fd, 0, SEEK_SET), 0);
	EQ(readv(fd, parts, 3), 3);
	IS(memcmp(buffer, "AB2", 3) == 0);
	EQ(writev(fd, parts, 3), 3);
	EQ(pread(fd, buffer, 7, 0), 7);
	IS(memcmp(buffer, "AB2AB26", 7) == 0);
	EQ_ERRNO(readv(fd, parts, -1), -1, EINVAL);
	EQ(read(fd, NULL, 0), 0);
	EQ(fsync(fd), 0);
	EQ(fdatasync(fd), 0);
	EQ(close(fd), 0);
	EQ(unlink("seek"), 0);
}

TEST(append)
{
	int fd = open("append", O_CREAT | O_RDWR | O_TRUNC, 0644), other = open("append", O_WRONLY | O_APPEND);
	EQ(write(fd, "0123", 4), 4);
	EQ(write(other, "ab", 2), 2);
	EQ(write(fd, "x", 1), 1);
	EQ(write(other, "c", 1), 1);
	char buffer[8] = "";
	EQ(pread(fd, buffer, 8, 0), 7);
	TEXT(buffer, "0123xbc");
	EQ(lseek(other, 0, SEEK_SET), 0);
	EQ(write(other, "!", 1), 1);
	EQ(size(fd), 8);
	EQ(fcntl(other, F_SETFL, 0), 0);
	EQ(fcntl(fd, F_SETFL, O_APPEND), 0);
	EQ(fcntl(fd, F_GETFL) & (O_APPEND | O_ACCMODE), O_APPEND | O_RDWR);
	EQ(lseek(fd, 0, SEEK_SET), 0);
	EQ(write(fd, "?", 1), 1);
	EQ(size(fd), 9);
	close(fd);
	close(other);
	EQ(unlink("append"), 0);
}

TEST(descriptors)
{
	int first = open("dup", O_CREAT | O_RDWR | O_TRUNC, 0644), second = dup(first);
	IS(first >= 3 && second > first);
	EQ(write(first, "ab", 2), 2);
	/* One description, one position. */
	EQ(lseek(second, 0, SEEK_CUR), 2);
	/* The lowest that is free: POSIX.1-2024 2.14. */
	EQ(close(first), 0);
	EQ(open("dup", O_RDONLY), first);
	EQ(dup2(second, first), first);
	EQ(write(first, "c", 1), 1);
	EQ(dup2(second, second), second);
	EQ_ERRNO(dup2(99, 5), -1, EBADF);
	EQ_ERRNO(dup2(second, -1), -1, EBADF);
	EQ_ERRNO(dup(99), -1, EBADF);
	EQ_ERRNO(dup3(second, second, 0), -1, EINVAL);
	EQ(dup3(second, 60, O_CLOEXEC), 60);
	EQ(fcntl(60, F_GETFD), FD_CLOEXEC);
	EQ(fcntl(60, F_SETFD, 0), 0);
	EQ(fcntl(60, F_GETFD), 0);
	EQ(fcntl(second, F_DUPFD, 50), 50);
	EQ(fcntl(second, F_DUPFD_CLOEXEC, 50), 51);
	EQ(fcntl(51, F_GETFD), FD_CLOEXEC);
	EQ_ERRNO(fcntl(99, F_GETFD), -1, EBADF);
	EQ_ERRNO(fcntl(second, F_DUPFD, -1), -1, EINVAL);
	close(50);
	close(51);
	close(60);
	close(second);
	close(first);
	EQ(unlink("dup"), 0);
}

TEST(unlink_and_rename_of_open_files)
{
	int fd = open("open", O_CREAT | O_RDWR | O_TRUNC, 0644);
	char buffer[4] = "";
	EQ(write(fd, "abc", 3), 3);
	EQ(unlink("open"), 0);
	EQ_ERRNO(access("open", F_OK), -1, ENOENT);
	EQ(pread(fd, buffer, 3, 0), 3);
	TEXT(buffer, "abc");
	/* The name is free at once. */
	int other = open("open", O_CREAT | O_EXCL | O_RDWR, 0644);
	IS(other >= 0);
	EQ(write(other, "x", 1), 1);
	EQ(size(fd), 3);
	EQ(rename("open", "moved"), 0);
	EQ(write(other, "y", 1), 1);
	struct stat status;
	EQ(stat("moved", &status), 0);
	EQ(status.st_size, 2);
	int third = open("target", O_CREAT | O_RDWR | O_TRUNC, 0644);
	EQ(rename("moved", "target"), 0);
	EQ(size(third), 0);
	close(third);
	close(other);
	close(fd);
	EQ(unlink("target"), 0);
}

TEST(truncate)
{
	int fd = open("cut", O_CREAT | O_RDWR | O_TRUNC, 0644);
	char buffer[8] = "";
	EQ(write(fd, "abcdef", 6), 6);
	EQ(ftruncate(fd, 3), 0);
	EQ(size(fd), 3);
	EQ(lseek(fd, 0, SEEK_CUR), 6);
	EQ(ftruncate(fd, 5), 0);
	EQ(pread(fd, buffer, 8, 0), 5);
	IS(memcmp(buffer, "abc\0\0", 5) == 0);
	EQ_ERRNO(ftruncate(fd, -1), -1, EINVAL);
	EQ(posix_fallocate(fd, 0, 100), 0);
	EQ(size(fd), 100);
	EQ(close(fd), 0);
	EQ(truncate("cut", 1), 0);
	EQ_ERRNO(truncate("none", 1), -1, ENOENT);
	fd = open("cut", O_RDONLY);
	EQ(size(fd), 1);
	EQ_ERRNO(ftruncate(fd, 0), -1, EINVAL);
	close(fd);
	EQ(unlink("cut"), 0);
}

TEST(pipes)
{
	int ends[2], more[2];
	char buffer[16] = "";
	EQ(pipe(ends), 0);
	EQ(write(ends[1], "through", 7), 7);
	EQ(read(ends[0], buffer, 4), 4);
	EQ(read(ends[0], buffer + 4, 10), 3);
	TEXT(buffer, "through");
	EQ_ERRNO(lseek(ends[0], 0, SEEK_CUR), -1, ESPIPE);
	EQ(close(ends[1]), 0);
	EQ(read(ends[0], buffer, 1), 0);
	EQ(close(ends[0]), 0);
	EQ(pipe2(more, O_CLOEXEC | O_NONBLOCK), 0);
	EQ(fcntl(more[0], F_GETFD), FD_CLOEXEC);
	EQ_ERRNO(read(more[0], buffer, 1), -1, EAGAIN);
	EQ(write(more[1], "x", 1), 1);
	EQ(read(more[0], buffer, 1), 1);
	struct stat status;
	EQ(fstat(more[0], &status), 0);
	IS(S_ISFIFO(status.st_mode));
	close(more[0]);
	close(more[1]);
	EQ_ERRNO(isatty(more[0]), 0, EBADF);
	EQ_ERRNO(isatty(99), 0, EBADF);
}

CHILD(locks)
{
	int fd = open(argv[1], O_RDWR);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 5, .l_len = 1};
	if (fcntl(fd, F_SETLK, &lock) == 0)
		return 10;
	if (errno != EACCES && errno != EAGAIN)
		return 20;
	return fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_WRLCK && lock.l_pid == getppid() ? 30 : 40;
}

TEST(record_locks)
{
	int fd = open("lock", O_CREAT | O_RDWR | O_TRUNC, 0644);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10};
	EQ(fcntl(fd, F_SETLK, &lock), 0);
	/* The process itself meets no lock of its own. */
	EQ(fcntl(fd, F_GETLK, &lock), 0);
	EQ(lock.l_type, F_UNLCK);
	EXCEPT_ON(qemu, NO_CHILDREN) IS(exits_with(child("locks", "lock"), 30));
	lock.l_type = F_UNLCK;
	EQ(fcntl(fd, F_SETLK, &lock), 0);
	EXCEPT_ON(qemu, NO_CHILDREN) IS(exits_with(child("locks", "lock"), 10));
	close(fd);
	EQ(unlink("lock"), 0);
}

/* POSIX.1-2024 3.229: duplicates are one open file description. */
TEST(duplicates_share_offset_flags_and_lock)
{
	char text[8] = "";
	int first = open("shared", O_CREAT | O_RDWR | O_TRUNC, 0644), second = fcntl(first, F_DUPFD, 50);
	int other = open("shared", O_RDWR);
	EQ(second, 50);
	EQ(write(first, "one", 3), 3);
	EQ(lseek(second, 0, SEEK_CUR), 3);
	EQ(fcntl(second, F_SETFL, O_APPEND | O_NONBLOCK), 0);
	EQ(fcntl(first, F_GETFL) & (O_APPEND | O_NONBLOCK), O_APPEND | O_NONBLOCK);
	EQ(fcntl(other, F_GETFL) & (O_APPEND | O_NONBLOCK), 0);
	EQ(lseek(first, 0, SEEK_SET), 0);
	EQ(write(first, "two", 3), 3);
	EQ(pread(other, text, 7, 0), 6);
	TEXT(text, "onetwo");
	EQ(flock(first, LOCK_EX), 0);
	EQ_ERRNO(flock(other, LOCK_SH | LOCK_NB), -1, EWOULDBLOCK);
	EQ(close(first), 0);
	EQ_ERRNO(flock(other, LOCK_SH | LOCK_NB), -1, EWOULDBLOCK);
	EQ(flock(second, LOCK_UN), 0);
	EQ(flock(other, LOCK_SH | LOCK_NB), 0);
	EQ(close(second), 0);
	EQ(close(other), 0);
	EQ(unlink("shared"), 0);
}
