#define _GNU_SOURCE
#include "../check.h"
#include "../beside.h"
#include <link.h>
#include <pthread.h>
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

static atomic_int ended;

static void *comes_and_goes(void *path)
{
	for (int round = 0; round < 300; round++) {
		void *library = dlopen(path, RTLD_NOW);
		IS(library != NULL);
		EQ(dlclose(library), 0);
	}
	ended++;
	return NULL;
}

/* The files that stay are there in each visit, once; headers of those that go can be read. */
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
	sum += *(const volatile char *)info->dlpi_name;
	(void)sum;
	return counts(info, size, visit);
}

TEST(a_visit_sees_the_files_of_one_moment)
{
	enum { THREADS = 2 };
	char one[PATH_MAX], two[PATH_MAX];
	pthread_t threads[THREADS];
	char *paths[THREADS] = {one, two};
	struct visit before = {0};
	beside(one, "plugin.so"), beside(two, "plugin_second.so");
	dl_iterate_phdr(counts, &before);
	ended = 0;
	for (int at = 0; at < THREADS; at++)
		EQ(pthread_create(&threads[at], NULL, comes_and_goes, paths[at]), 0);
	while (ended < THREADS) {
		struct visit visit = {0};
		EQ(dl_iterate_phdr(looks, &visit), 0);
		IS(visit.files >= before.files && visit.files <= before.files + THREADS);
	}
	for (int at = 0; at < THREADS; at++)
		EQ(pthread_join(threads[at], NULL), 0);
}
