#define _GNU_SOURCE
#include "../check.h"
#include "../beside.h"
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdatomic.h>

static int finds(struct dl_phdr_info *info, size_t size, void *count)
{
	IS(size >= sizeof *info);
	++*(int *)count;
	uintptr_t address = (uintptr_t)finds;
	for (int at = 0; at < info->dlpi_phnum; at++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[at];
		uintptr_t begin = info->dlpi_addr + header->p_vaddr;
		if (header->p_type == PT_LOAD && address >= begin && address < begin + header->p_memsz)
			return 42;
	}
	return 0;
}

TEST(dl_iterate_phdr)
{
	int count = 0;
	EQ(dl_iterate_phdr(finds, &count), 42);
	IS(count > 0);
}

/* What a visit to all files does on the way. */
struct visit {
	int files;
	int plugins;
	int seconds;
	unsigned sum;
	char name[64];
	void *library;
};

static int counts(struct dl_phdr_info *info, size_t size, void *to)
{
	struct visit *visit = to;
	(void)size;
	visit->files++;
	visit->plugins += strstr(info->dlpi_name, "/plugin.so") != NULL;
	return 0;
}

static int opens(struct dl_phdr_info *info, size_t size, void *to)
{
	struct visit *visit = to;
	char path[PATH_MAX];
	if (visit->files == 0) {
		visit->library = dlopen(beside(path, "plugin.so"), RTLD_NOW);
		struct visit inner = {0};
		EQ(dl_iterate_phdr(counts, &inner), 0);
		EXCEPT(musl, "never unloads") EQ(inner.plugins, 1);
	}
	return counts(info, size, to);
}

static int closes(struct dl_phdr_info *info, size_t size, void *to)
{
	struct visit *visit = to;
	if (visit->files == 0)
		EQ(dlclose(visit->library), 0);
	/* The file is gone, but its headers and name are there until the visit ends. */
	if (strstr(info->dlpi_name, "/plugin.so") != NULL)
		EQ(info->dlpi_phdr->p_type == PT_PHDR || info->dlpi_phdr->p_type == PT_LOAD, 1);
	return counts(info, size, to);
}

TEST(the_callback_may_open_and_close)
{
	EXCEPT(glibc, "the list is as it is, without protection from the caller") {
		struct visit visit = {0}, after = {0};
		/* The visit is to what was there when it began. */
		EQ(dl_iterate_phdr(opens, &visit), 0);
		IS(visit.library != NULL);
		EXCEPT(musl, "never unloads, and goes on to new files") EQ(visit.plugins, 0);
		visit.files = visit.plugins = 0;
		EQ(dl_iterate_phdr(closes, &visit), 0);
		EXCEPT(musl, "never unloads") EQ(visit.plugins, 1);
		EQ(dl_iterate_phdr(counts, &after), 0);
		EXCEPT(musl, "never unloads") EQ(after.plugins, 0);
	}
}

static jmp_buf back;
static int leaves(struct dl_phdr_info *info, size_t size, void *to)
{
	(void)info, (void)size, (void)to;
	longjmp(back, 1);
}

static int stops(struct dl_phdr_info *info, size_t size, void *to)
{
	(void)info, (void)size;
	return ++*(int *)to;
}

TEST(the_callback_may_leave)
{
	char path[PATH_MAX];
	EXCEPT(glibc, "keeps its lock") {
		if (setjmp(back) == 0)
			dl_iterate_phdr(leaves, NULL);
		int count = 6;
		EQ(dl_iterate_phdr(stops, &count), 7);
		void *library = dlopen(beside(path, "plugin.so"), RTLD_NOW);
		IS(library != NULL);
		EQ(dlclose(library), 0);
	}
}

/* The number of a round while plugin_second.so is loaded; 0 else. */
static atomic_int is_there, visits, ended;

/* Waits until so many more visits have begun. */
static void wait_for_visits(int more)
{
	for (int first = visits; visits - first < more;)
		sched_yield();
}

/* One goes while two, which was loaded after it, stays. */
static void *comes_and_goes(void *paths)
{
	char **path = paths;
	for (int round = 1; round <= 100; round++) {
		void *one = dlopen(path[0], RTLD_NOW);
		void *two = dlopen(path[1], RTLD_NOW);
		IS(one != NULL && two != NULL);
		is_there = round;
		wait_for_visits(1);
		EQ(dlclose(one), 0);
		wait_for_visits(2);
		is_there = 0;
		EQ(dlclose(two), 0);
	}
	ended = 1;
	return NULL;
}

/* Reads what an unwinder would. */
static int looks(struct dl_phdr_info *info, size_t size, void *to)
{
	struct visit *visit = to;
	unsigned sum = 0;
	for (int at = 0; at < info->dlpi_phnum; at++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[at];
		const volatile unsigned char *bytes = (const unsigned char *)info->dlpi_addr + header->p_vaddr;
		if (header->p_type == PT_DYNAMIC || header->p_type == PT_GNU_EH_FRAME)
			sum += *bytes;
	}
	visit->seconds += strstr(info->dlpi_name, "/plugin_second.so") != NULL;
	/* Time for a file to go. */
	if (strstr(info->dlpi_name, "/plugin.so") != NULL)
		for (int at = 0; at < 5; at++)
			sched_yield();
	visit->sum += sum;
	return counts(info, size, visit);
}

TEST(a_visit_sees_the_files_of_one_moment)
{
	char one[PATH_MAX], two[PATH_MAX];
	char *paths[] = {one, two};
	pthread_t thread;
	struct visit before = {0};
	beside(one, "plugin.so"), beside(two, "plugin_second.so");
	dl_iterate_phdr(counts, &before);
	is_there = visits = ended = 0;
	EQ(pthread_create(&thread, NULL, comes_and_goes, paths), 0);
	while (!ended) {
		struct visit visit = {0};
		int there = is_there;
		visits++;
		EQ(dl_iterate_phdr(looks, &visit), 0);
		IS(visit.files >= before.files && visit.files <= before.files + 2);
		if (there != 0 && is_there == there)
			EQ(visit.seconds, 1);
	}
	EQ(pthread_join(thread, NULL), 0);
}
