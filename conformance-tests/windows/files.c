/* Questions about the drive on which the program is started: each passes on any host that keeps POSIX's promises. */
#define _GNU_SOURCE
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void file(const char *name, const char *content)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	IS(fd >= 0);
	EQ(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	EQ(close(fd), 0);
}

static const char *content(const char *name)
{
	static char text[100];
	int fd = open(name, O_RDONLY);
	if (fd < 0)
		return "(cannot be opened)";
	ssize_t length = read(fd, text, sizeof text - 1);
	close(fd);
	text[length < 0 ? 0 : length] = '\0';
	return text;
}

/* FAT32 and exFAT do not know the tag of an attribute. */
TEST(a_directory_is_one)
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

/* Some drives give every file the same number. */
TEST(two_files_are_two)
{
	file("one", "1");
	file("two", "2");
	EQ(rename("one", "two"), 0);
	EQ_ERRNO(access("one", F_OK), -1, ENOENT);
	TEXT(content("two"), "1");
	EQ(unlink("two"), 0);
}

TEST(a_listing_agrees_with_stat)
{
	struct stat found;
	file("listed", "1");
	EQ(stat("listed", &found), 0);
	DIR *directory = opendir(".");
	IS(directory != NULL);
	int seen = 0;
	for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;)
		if (strcmp(entry->d_name, "listed") == 0) {
			seen++;
			IS(entry->d_type == DT_REG);
			IS(entry->d_ino == found.st_ino);
		}
	EQ(seen, 1);
	if (directory != NULL)
		EQ(closedir(directory), 0);
	EQ(unlink("listed"), 0);
}

/* Content is not read for it, and no time is set back. */
TEST(stat_changes_nothing)
{
	struct stat before, after;
	file("named", "#!/bin/sh\n");
	struct timespec old[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
	EQ(utimensat(AT_FDCWD, "named", old, 0), 0);
	EQ(stat("named", &before), 0);
	EQ(stat("named", &after), 0);
	IS(before.st_atim.tv_sec == after.st_atim.tv_sec);
	IS(before.st_ctim.tv_sec == after.st_ctim.tv_sec && before.st_ctim.tv_nsec == after.st_ctim.tv_nsec);
	EQ(unlink("named"), 0);
}

TEST(an_open_file_goes)
{
	file("open", "old");
	int fd = open("open", O_RDONLY);
	EQ(unlink("open"), 0);
	EQ_ERRNO(access("open", F_OK), -1, ENOENT);
	file("open", "new");
	char text[3];
	EQ(read(fd, text, 3), 3);
	EQ(memcmp(text, "old", 3), 0);
	EQ(close(fd), 0);
	EQ(unlink("open"), 0);
}

/* Windows keeps the name of a file that is mapped. */
TEST(a_mapped_file_is_replaced_and_goes)
{
	file("mapped", "old");
	file("new", "new");
	int fd = open("mapped", O_RDONLY);
	char *map = mmap(NULL, 3, PROT_READ, MAP_SHARED, fd, 0);
	IS(map != MAP_FAILED);
	EQ(close(fd), 0);
	EQ(rename("new", "mapped"), 0);
	TEXT(content("mapped"), "new");
	EQ(map == MAP_FAILED || memcmp(map, "old", 3) == 0, 1);
	fd = open("mapped", O_RDONLY);
	char *other = mmap(NULL, 3, PROT_READ, MAP_SHARED, fd, 0);
	EQ(close(fd), 0);
	EQ(unlink("mapped"), 0);
	EQ_ERRNO(access("mapped", F_OK), -1, ENOENT);
	EQ(munmap(map, 3), 0);
	EQ(munmap(other, 3), 0);
}

TEST(nothing_hidden_is_left)
{
	int left = 0;
	DIR *directory = opendir(".");
	IS(directory != NULL);
	for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;)
		if (strncmp(entry->d_name, ".xload-", 7) == 0) {
			left++;
			fprintf(stderr, "%s is left\n", entry->d_name);
		}
	EQ(left, 0);
	if (directory != NULL)
		EQ(closedir(directory), 0);
}

/* The drive stays the one that was asked for, also for programs of Windows. */
TEST(the_drive_is_kept)
{
	char here[PATH_MAX], again[PATH_MAX], native[PATH_MAX] = "";
	IS(getcwd(here, sizeof here) != NULL);
	EQ(mkdir("below", 0755), 0);
	EQ(chdir("below"), 0);
	EQ(chdir(".."), 0);
	TEXT(getcwd(again, sizeof again), here);
	EQ(rmdir("below"), 0);
	FILE *pipe = ON_windows ? popen("cd", "r") : NULL;
	if (pipe != NULL) {
		IS(fgets(native, sizeof native, pipe) != NULL);
		EQ(pclose(pipe), 0);
		/* `/q/x` is `Q:\x`. */
		if (here[0] == '/' && here[1] != '/')
			IS((native[0] | 0x20) == (here[1] | 0x20) && native[1] == ':');
	}
}
