#define _GNU_SOURCE
#include "../check.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void make(const char *name, const char *content)
{
	int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0644);
	IS(fd >= 0 && write(fd, content, 5) == 5);
	close(fd);
}

static char *map(const char *name, int protection, int flags)
{
	int fd = open(name, O_RDWR);
	char *memory = mmap(0, 5, protection, flags, fd, 0);
	IS(fd >= 0 && memory != MAP_FAILED);
	close(fd);
	return memory;
}

static int holds(const char *name, const char *content)
{
	char found[6] = "";
	int fd = open(name, O_RDONLY);
	int same = fd >= 0 && read(fd, found, 5) == 5 && !strcmp(found, content);
	close(fd);
	return same;
}

static const int ways[][2] = {
	{ PROT_READ | PROT_WRITE, MAP_SHARED },
	{ PROT_READ, MAP_SHARED },
	{ PROT_READ | PROT_WRITE, MAP_PRIVATE },
	{ PROT_READ | PROT_EXEC, MAP_PRIVATE },
};

TEST(a_mapped_file_is_removed)
{
	for (unsigned way = 0; way < 4; way++) {
		make("mapped", "old 1");
		char *memory = map("mapped", ways[way][0], ways[way][1]);
		EQ(unlink("mapped"), 0);
		EQ_ERRNO(access("mapped", F_OK), -1, ENOENT);
		make("mapped", "new 1");
		IS(!memcmp(memory, "old 1", 5) && holds("mapped", "new 1"));
		EQ(munmap(memory, 5), 0);
		IS(holds("mapped", "new 1"));
		EQ(unlink("mapped"), 0);
	}
}

TEST(a_mapped_file_is_replaced)
{
	for (unsigned way = 0; way < 4; way++) {
		make("mapped", "old 2");
		make("new", "new 2");
		char *memory = map("mapped", ways[way][0], ways[way][1]);
		EQ(rename("new", "mapped"), 0);
		EQ_ERRNO(access("new", F_OK), -1, ENOENT);
		IS(!memcmp(memory, "old 2", 5) && holds("mapped", "new 2"));
		EQ(munmap(memory, 5), 0);
		IS(holds("mapped", "new 2"));
		EQ(unlink("mapped"), 0);
	}
}

TEST(a_mapped_file_is_renamed)
{
	for (unsigned way = 0; way < 4; way++) {
		make("mapped", "file3");
		make("other", "lost3");
		char *memory = map("mapped", ways[way][0], ways[way][1]);
		EQ(rename("mapped", "other"), 0);
		EQ_ERRNO(access("mapped", F_OK), -1, ENOENT);
		IS(!memcmp(memory, "file3", 5) && holds("other", "file3"));
		EQ(munmap(memory, 5), 0);
		EQ(unlink("other"), 0);
	}
}

TEST(the_directory_of_a_removed_mapped_file_can_go)
{
	EQ(mkdir("folder", 0755), 0);
	make("folder/mapped", "old 4");
	char *memory = map("folder/mapped", PROT_READ | PROT_WRITE, MAP_SHARED);
	EQ(unlink("folder/mapped"), 0);
	EQ(rmdir("folder"), 0);
	IS(!memcmp(memory, "old 4", 5));
	EQ(munmap(memory, 5), 0);
}
