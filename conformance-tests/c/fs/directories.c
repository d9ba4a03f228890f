#define _GNU_SOURCE
#include "../check.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(a_removed_directory_has_no_more_entries)
{
	EQ(mkdir("removed", 0755), 0);
	DIR *folder = opendir("removed");
	IS(folder != NULL);
	EQ(rmdir("removed"), 0);
	EXCEPT_ON(windows, "Wine still gives . and ..") {
		EQ(readdir(folder), NULL);
		EQ(readdir(folder), NULL);
		rewinddir(folder);
		EQ(readdir(folder), NULL);
	}
	EQ(closedir(folder), 0);
	/* The same after its entries were read. */
	EQ(mkdir("removed", 0755), 0);
	folder = opendir("removed");
	IS(folder != NULL && readdir(folder) != NULL && readdir(folder) != NULL && readdir(folder) == NULL);
	EQ(rmdir("removed"), 0);
	EQ(readdir(folder), NULL);
	EQ(closedir(folder), 0);
}

TEST(a_stream_without_its_descriptor_fails)
{
	EQ(mkdir("lost", 0755), 0);
	DIR *folder = opendir("lost");
	IS(readdir(folder) != NULL && readdir(folder) != NULL && readdir(folder) == NULL);
	close(dirfd(folder));
	EQ_ERRNO(readdir(folder), NULL, EBADF);
	/* No old entries come up. */
	EQ_ERRNO(readdir(folder), NULL, EBADF);
	EQ_ERRNO(closedir(folder), -1, EBADF);
	EQ(rmdir("lost"), 0);
}

TEST(an_invalid_position_is_not_read_from)
{
	EQ(mkdir("places", 0755), 0);
	DIR *folder = opendir("places");
	IS(readdir(folder) != NULL);
	long second = telldir(folder);
	EXCEPT(glibc, "reads on where it was") EXCEPT(musl, "as glibc") {
		seekdir(folder, -1);
		EQ_ERRNO(readdir(folder), NULL, EINVAL);
		EQ_ERRNO(readdir(folder), NULL, EINVAL);
	}
	seekdir(folder, second);
	IS(readdir(folder) != NULL);
	EQ(readdir(folder), NULL);
	EQ(closedir(folder), 0);
	EQ(rmdir("places"), 0);
}
