/* Names that go or change while their file is open, and several who write at one file's end. */
#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *name, const char *text)
{
	int fd = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0666);
	EQ(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	EQ(close(fd), 0);
}

static const char *content(int fd)
{
	static char room[64];
	ssize_t length = pread(fd, room, sizeof room - 1, 0);
	room[length > 0 ? length : 0] = 0;
	return room;
}

TEST(an_open_file_is_replaced)
{
	put("old", "the old one");
	put("new", "the new one");
	int reads = open("old", O_RDONLY), writes = open("old", O_RDWR);
	struct stat before, after;
	EQ(fstat(reads, &before), 0);
	EQ(rename("new", "old"), 0);
	EQ_ERRNO(access("new", F_OK), -1, ENOENT);
	TEXT(content(reads), "the old one");
	EQ(pwrite(writes, "THE", 3, 0), 3);
	TEXT(content(reads), "THE old one");
	EQ(fstat(reads, &after), 0);
	EQ(after.st_nlink, 0u);
	IS(after.st_ino == before.st_ino);
	int now = open("old", O_RDONLY);
	TEXT(content(now), "the new one");
	/* Once more, with the moved file open as well, and read-only. */
	put("newer", "the newest");
	EQ(chmod("old", 0444), 0);
	EQ(rename("newer", "old"), 0);
	TEXT(content(now), "the new one");
	close(now), close(reads), close(writes);
	now = open("old", O_RDONLY);
	TEXT(content(now), "the newest");
	close(now);
	EQ(unlink("old"), 0);
}

TEST(an_open_file_does_not_keep_its_folders)
{
	EQ(mkdir("outer", 0777), 0);
	EQ(mkdir("outer/inner", 0777), 0);
	put("outer/inner/file", "still here");
	put("outer/inner/read-only", "this too");
	EQ(chmod("outer/inner/read-only", 0444), 0);
	int fd = open("outer/inner/file", O_RDWR), other = open("outer/inner/read-only", O_RDONLY);
	EQ_ERRNO(rmdir("outer/inner"), -1, ENOTEMPTY);
	EQ(unlink("outer/inner/file"), 0);
	EQ_ERRNO(unlink("outer/inner/file"), -1, ENOENT);
	EQ(unlink("outer/inner/read-only"), 0);
	EQ(rmdir("outer/inner"), 0);
	EQ(rmdir("outer"), 0);
	TEXT(content(fd), "still here");
	TEXT(content(other), "this too");
	EQ(pwrite(fd, "STILL", 5, 0), 5);
	TEXT(content(fd), "STILL here");
	struct stat found;
	EQ(fstat(fd, &found), 0);
	EQ(found.st_nlink, 0u);
	/* The name is free. */
	EQ(mkdir("outer", 0777), 0);
	EQ(rmdir("outer"), 0);
	close(fd), close(other);
}

TEST(an_open_folder_does_not_keep_its_parent)
{
	EQ(mkdir("outer", 0777), 0);
	EQ(mkdir("outer/inner", 0777), 0);
	DIR *open_one = opendir("outer/inner");
	IS(open_one != NULL && readdir(open_one) != NULL);
	EQ(rmdir("outer/inner"), 0);
	EQ_ERRNO(access("outer/inner", F_OK), -1, ENOENT);
	EQ(rmdir("outer"), 0);
	EQ(closedir(open_one), 0);
}

TEST(another_name_stays)
{
	put("one", "same");
	EQ(link("one", "two"), 0);
	int fd = open("one", O_RDONLY);
	EQ(unlink("one"), 0);
	struct stat found;
	EQ(fstat(fd, &found), 0);
	EQ(found.st_nlink, 1u);
	close(fd);
	fd = open("two", O_RDONLY);
	TEXT(content(fd), "same");
	close(fd);
	EQ(unlink("two"), 0);
}

CHILD(holds)
{
	int fd = open(argv[1], O_RDONLY);
	char byte = 'x';
	if (fd < 0 || write(1, &byte, 1) != 1)
		return 1;
	/* Until the parent closes its end. */
	if (read(0, &byte, 1) != 0)
		return 2;
	return strcmp(content(fd), "another has it open") == 0 ? 6 : 3;
}

TEST(another_process_has_it_open)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		EQ(mkdir("folder", 0777), 0);
		put("folder/held", "another has it open");
		int to[2], from[2], status = -1;
		EQ(pipe2(to, O_CLOEXEC), 0);
		EQ(pipe2(from, O_CLOEXEC), 0);
		posix_spawn_file_actions_t actions;
		EQ(posix_spawn_file_actions_init(&actions), 0);
		EQ(posix_spawn_file_actions_adddup2(&actions, to[0], 0), 0);
		EQ(posix_spawn_file_actions_adddup2(&actions, from[1], 1), 0);
		char *arguments[] = {(char *)program_path, (char *)"--child", (char *)"holds", (char *)"folder/held", NULL};
		pid_t pid = 0;
		EQ(posix_spawn(&pid, program_path, &actions, NULL, arguments, environ), 0);
		EQ(posix_spawn_file_actions_destroy(&actions), 0);
		close(to[0]), close(from[1]);
		char byte;
		EQ(read(from[0], &byte, 1), 1);
		put("folder/next", "new");
		EQ(rename("folder/next", "folder/held"), 0);
		EQ(unlink("folder/held"), 0);
		EQ(rmdir("folder"), 0);
		close(to[1]), close(from[0]);
		EQ(waitpid(pid, &status, 0), pid);
		IS(exits_with(status, 6));
	}
}

enum { WRITERS = 4, RECORDS = 100, RECORD = 16 };

static void record(char *room, int writer, int number)
{
	snprintf(room, RECORD + 1, "%02d %011d\n", writer, number);
}

static int appends(const char *name, int writer)
{
	int fd = open(name, O_WRONLY | O_APPEND);
	int good = fd >= 0;
	for (int number = 0; number < RECORDS; number++) {
		char line[RECORD + 1];
		record(line, writer, number);
		good &= write(fd, line, RECORD) == RECORD;
	}
	return close(fd) == 0 && good;
}

static void *appender(void *writer)
{
	return (void *)(uintptr_t)appends("log", (int)(uintptr_t)writer);
}

CHILD(appends)
{
	return appends("log", atoi(argv[1])) ? 7 : 1;
}

/* Every record once and whole, and each writer's in order. */
static void check_log(int writers)
{
	char *text = malloc(writers * RECORDS * RECORD + 1), line[RECORD + 1];
	int next[2 * WRITERS] = {0}, fd = open("log", O_RDONLY), wrong = 0;
	GIVES(read(fd, text, writers * RECORDS * RECORD + 1), writers * RECORDS * RECORD);
	for (int at = 0; at < writers * RECORDS; at++) {
		int writer = atoi(text + at * RECORD);
		if (writer < 0 || writer >= writers) {
			wrong++;
			continue;
		}
		record(line, writer, next[writer]++);
		wrong += memcmp(line, text + at * RECORD, RECORD) != 0;
	}
	EQ(wrong, 0);
	close(fd);
	free(text);
}

TEST(appends_of_threads_are_one_step)
{
	pthread_t threads[WRITERS];
	put("log", "");
	for (uintptr_t at = 0; at < WRITERS; at++)
		EQ(pthread_create(&threads[at], NULL, appender, (void *)at), 0);
	for (int at = 0; at < WRITERS; at++) {
		void *good = NULL;
		EQ(pthread_join(threads[at], &good), 0);
		IS(good != NULL);
	}
	check_log(WRITERS);
	EQ(unlink("log"), 0);
}

TEST(appends_of_processes_are_one_step)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		pid_t children[WRITERS];
		put("log", "");
		for (int at = 0; at < WRITERS; at++) {
			char number[12];
			snprintf(number, sizeof number, "%d", at);
			char *arguments[] = {(char *)program_path, (char *)"--child", (char *)"appends", number, NULL};
			EQ(posix_spawn(&children[at], program_path, NULL, NULL, arguments, environ), 0);
		}
		for (int at = 0; at < WRITERS; at++) {
			int status = -1;
			EQ(waitpid(children[at], &status, 0), children[at]);
			IS(exits_with(status, 7));
		}
		check_log(WRITERS);
		EQ(unlink("log"), 0);
	}
}

TEST(a_rewound_folder_is_read_anew)
{
	EQ(mkdir("listed", 0777), 0);
	put("listed/first", "");
	DIR *folder = opendir("listed");
	for (int pass = 0; pass < 3; pass++) {
		int names = 0;
		for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
			names += entry->d_name[0] != '.';
		EQ(names, pass + 1);
		put(pass == 0 ? "listed/second" : "listed/third", "");
		rewinddir(folder);
	}
	EQ(unlink("listed/first"), 0);
	EQ(unlink("listed/second"), 0);
	EQ(unlink("listed/third"), 0);
	rewinddir(folder);
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		IS(entry->d_name[0] == '.');
	EQ(closedir(folder), 0);
	EQ(rmdir("listed"), 0);
}
