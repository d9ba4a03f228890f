/* One place has one name: chdir and getcwd, a look-up and realpath agree, and nothing lies above the root. */
#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* realpath may leave errno changed. */
static int is_really(const char *path, const char *name)
{
	char room[PATH_MAX];
	return realpath(path, room) != NULL && strcmp(room, name) == 0;
}

static void is_here(const char *name)
{
	char room[PATH_MAX];
	TEXT(getcwd(room, sizeof room), name);
	IS(is_really(".", name));
	IS(is_really(name, name));
	struct stat dot, named;
	EQ(stat(".", &dot), 0);
	EQ(stat(name, &named), 0);
	IS(dot.st_dev == named.st_dev && dot.st_ino == named.st_ino);
}

static int same(const char *one, const char *other)
{
	struct stat a, b;
	return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* A folder of the root that no other rule names. */
static const char *some_folder(void)
{
	static char name[NAME_MAX + 2];
	DIR *root = opendir("/");
	struct stat found;
	for (struct dirent *entry; root != NULL && (entry = readdir(root)) != NULL;) {
		snprintf(name, sizeof name, "/%s", entry->d_name);
		if (entry->d_name[0] != '.' && strlen(entry->d_name) > 1 && strcmp(name, "/tmp") != 0 && strcmp(name, "/dev") != 0
			&& lstat(name, &found) == 0 && S_ISDIR(found.st_mode) && access(name, X_OK) == 0)
			break;
		name[0] = 0;
	}
	closedir(root);
	return name;
}

TEST(nothing_lies_above_the_root)
{
	int before = open(".", O_RDONLY | O_DIRECTORY), root = open("/", O_RDONLY | O_DIRECTORY);
	IS(is_really("/..", "/"));
	IS(is_really("/../../.", "/"));
	IS(same("/", "/.."));
	EQ(chdir("/"), 0);
	is_here("/");
	EQ(chdir(".."), 0);
	is_here("/");
	IS(same(".", "../.."));
	EQ(fchdir(before), 0);
	EQ(chdir("/../.."), 0);
	is_here("/");
	EQ(fchdir(before), 0);
	EQ(fchdir(root), 0);
	is_here("/");
	int above = openat(root, "..", O_RDONLY | O_DIRECTORY);
	EQ(fchdir(before), 0);
	EQ(fchdir(above), 0);
	is_here("/");
	EQ(fchdir(before), 0);
	close(before), close(root), close(above);
}

TEST(folders_of_the_root_have_its_names)
{
	int before = open(".", O_RDONLY | O_DIRECTORY);
	const char *name = some_folder();
	IS(name[0] == '/');
	EQ(chdir(name), 0);
	is_here(name);
	char longer[PATH_MAX];
	snprintf(longer, sizeof longer, "/./%s/..//%s/", name, name);
	IS(is_really(longer, name));
	EQ(chdir(longer), 0);
	is_here(name);
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	EQ(chdir(".."), 0);
	is_here("/");
	EQ(chdir(name + 1), 0);
	is_here(name);
	EQ(fchdir(before), 0);
	EQ(fchdir(fd), 0);
	is_here(name);
	EQ(fchdir(before), 0);
	close(before), close(fd);
}

TEST(the_folder_for_temporary_files)
{
	int before = open(".", O_RDONLY | O_DIRECTORY);
	char name[64];
	IS(is_really("/tmp/..", "/"));
	IS(same("/tmp/..", "/"));
	EQ(chdir("/tmp"), 0);
	is_here("/tmp");
	snprintf(name, sizeof name, "/tmp/root-test-%d", (int)getpid());
	EQ(mkdir(name, 0777), 0);
	EQ(chdir(name + 5), 0);
	is_here(name);
	EQ(chdir("../.."), 0);
	is_here("/");
	EQ(rmdir(name), 0);
	EQ(fchdir(before), 0);
	close(before);
}

TEST(a_drive_is_left_for_the_root)
{
	char start[PATH_MAX], room[PATH_MAX];
	int before = open(".", O_RDONLY | O_DIRECTORY);
	IS(getcwd(start, sizeof start) != NULL);
	is_here(start);
	for (int names = 0; names < 64; names++)
		EQ(chdir(".."), 0);
	is_here("/");
	EQ(fchdir(before), 0);
	is_here(start);
	strcat(strcpy(room, start), "/../../../../../../../../../../../../../../../../../../../../../../../../../../../..");
	IS(same(room, "/"));
	IS(is_really(room, "/"));
	close(before);
}

CHILD(is_in)
{
	char room[PATH_MAX];
	return getcwd(room, sizeof room) != NULL && strcmp(room, argv[1]) == 0 ? 4 : 5;
}

TEST(a_child_is_where_its_parent_was)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		const char *const names[] = {"/", "/tmp", some_folder()};
		for (size_t at = 0; at < sizeof names / sizeof *names; at++) {
			posix_spawn_file_actions_t actions;
			EQ(posix_spawn_file_actions_init(&actions), 0);
			EQ(posix_spawn_file_actions_addchdir_np(&actions, names[at]), 0);
			/* The program's path may be relative. */
			char self[PATH_MAX], *arguments[] = {self, (char *)"--child", (char *)"is_in", (char *)names[at], NULL};
			if (realpath(program_path, self) == NULL)
				strcpy(self, program_path);
			pid_t pid = 0;
			int status = -1;
			EQ(posix_spawn(&pid, self, &actions, NULL, arguments, environ), 0);
			EQ(waitpid(pid, &status, 0), pid);
			IS(exits_with(status, 4));
			EQ(posix_spawn_file_actions_destroy(&actions), 0);
		}
	}
}

TEST(nothing_lies_below_a_device)
{
	struct stat found;
	EQ_ERRNO(open("/dev/null/x", O_RDONLY), -1, ENOTDIR);
	EQ_ERRNO(open("/dev/null/x", O_CREAT | O_WRONLY, 0666), -1, ENOTDIR);
	EQ_ERRNO(stat("/dev/null/x/y", &found), -1, ENOTDIR);
	EQ_ERRNO(stat("/dev/null/", &found), -1, ENOTDIR);
	EQ_ERRNO(stat("/dev/null/.", &found), -1, ENOTDIR);
	EQ_ERRNO(stat("/dev/null/..", &found), -1, ENOTDIR);
	EQ_ERRNO(access("/dev/zero/x", F_OK), -1, ENOTDIR);
	EQ_ERRNO(mkdir("/dev/null/x", 0777), -1, ENOTDIR);
	EQ_ERRNO(unlink("/dev/null/x"), -1, ENOTDIR);
	EQ_ERRNO(chdir("/dev/null"), -1, ENOTDIR);
	EQ_ERRNO(chdir("/dev/urandom/x"), -1, ENOTDIR);
	EQ_ERRNO(rename("/dev/null/x", "y"), -1, ENOTDIR);
}

TEST(a_file_system_has_room_for_files)
{
	struct statvfs by_path, by_descriptor;
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	EQ(statvfs(".", &by_path), 0);
	EQ(fstatvfs(fd, &by_descriptor), 0);
	IS(by_path.f_files > 0);
	IS(by_path.f_ffree <= by_path.f_files && by_path.f_favail <= by_path.f_files);
	EQ(by_descriptor.f_files, by_path.f_files);
	close(fd);
}

TEST(a_path_may_be_longer_than_PATH_MAX)
{
	enum { LEVELS = 20, NAME = 250 };
	EXCEPT(musl, "asks the kernel only, which does not tell it")
	EXCEPT_ON(windows, "Wine passes whole paths to Linux, which limits them") {
		char before[PATH_MAX], name[NAME + 1], room[PATH_MAX];
		IS(getcwd(before, sizeof before) != NULL);
		memset(name, 'n', NAME);
		name[NAME] = 0;
		for (int level = 0; level < LEVELS; level++) {
			name[0] = (char)('a' + level);
			EQ(mkdir(name, 0777), 0);
			EQ(chdir(name), 0);
		}
		char *long_one = getcwd(NULL, 0);
		size_t length = strlen(before);
		IS(long_one != NULL && strlen(long_one) == length + LEVELS * (NAME + 1));
		for (int level = 0; long_one != NULL && level < LEVELS; level++)
			IS(long_one[length + level * (NAME + 1)] == '/' && long_one[length + level * (NAME + 1) + 1] == 'a' + level);
		free(long_one);
		/* glibc says ENAMETOOLONG for a buffer that is too small for any such path. */
		GIVES(getcwd(room, sizeof room), NULL);
		for (int level = LEVELS - 1; level >= 0; level--) {
			name[0] = (char)('a' + level);
			EQ(chdir(".."), 0);
			EQ(rmdir(name), 0);
		}
	}
}
