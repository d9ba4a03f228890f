#define _GNU_SOURCE
#include "../check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(mkstemp)
{
	char one[] = "/tmp/xlibc-XXXXXX", two[] = "/tmp/xlibc-XXXXXX";
	int first = mkstemp(one), second = mkstemp(two);
	IS(first >= 0 && second >= 0 && strcmp(one, two) != 0);
	struct stat status;
	EQ(fstat(first, &status), 0);
	IS(S_ISREG(status.st_mode) && status.st_size == 0);
	IS((fcntl(first, F_GETFL) & O_ACCMODE) == O_RDWR);
	EQ(write(first, "x", 1), 1);
	EQ(close(first), 0);
	EQ(close(second), 0);
	EQ(unlink(one), 0);
	EQ(unlink(two), 0);

	char wrong[] = "/tmp/xlibc-XXXXX", suffix[] = "/tmp/xlibc-XXXXXX.txt";
	EQ_ERRNO(mkstemp(wrong), -1, EINVAL);
	int third = mkostemps(suffix, 4, O_CLOEXEC);
	IS(third >= 0 && strcmp(suffix + strlen(suffix) - 4, ".txt") == 0);
	IS(fcntl(third, F_GETFD) == FD_CLOEXEC);
	close(third);
	unlink(suffix);
}

TEST(mkdtemp)
{
	char path[] = "/tmp/xlibc-XXXXXX";
	EQ(mkdtemp(path), path);
	struct stat status;
	EQ(stat(path, &status), 0);
	IS(S_ISDIR(status.st_mode));
	EQ(rmdir(path), 0);
	char wrong[] = "/tmp/xlibc-XXXXXXx";
	EQ_ERRNO(mkdtemp(wrong), NULL, EINVAL);
}
