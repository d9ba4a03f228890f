/* Questions about the file system in which the program is started. */
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* FAT32 and exFAT do not know the tag of an attribute: a directory is one all the same. */
TEST(directory)
{
	struct stat found;
	EQ(mkdir("directory", 0755), 0);
	EQ(stat("directory", &found), 0);
	IS(S_ISDIR(found.st_mode));
	DIR *directory = opendir("directory");
	IS(directory != NULL);
	if (directory != NULL)
		EQ(closedir(directory), 0);
	EQ_ERRNO(unlink("directory"), -1, EISDIR);
	EQ(rmdir("directory"), 0);
}
