#define _GNU_SOURCE
#include "../check.h"
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf back;

static void leaves(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

static int can(char *at, int writing)
{
	void (*segv)(int) = signal(SIGSEGV, leaves), (*bus)(int) = signal(SIGBUS, leaves);
	volatile int could = 0;
	if (sigsetjmp(back, 1) == 0) {
		if (writing)
			*(volatile char *)at = 1;
		else
			(void)*(volatile char *)at;
		could = 1;
	}
	signal(SIGSEGV, segv);
	signal(SIGBUS, bus);
	return could;
}

enum { SIZE = 4 * 65536 };

TEST(anonymous)
{
	char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	IS(memory != MAP_FAILED && (uintptr_t)memory % (size_t)sysconf(_SC_PAGESIZE) == 0);
	int zeros = 1;
	for (int at = 0; at < SIZE; at += 512)
		zeros &= memory[at] == 0;
	IS(zeros);
	memory[SIZE - 1] = 5;
	EQ(mprotect(memory + 65536, 65536, PROT_READ), 0);
	IS(can(memory + 65536, 0) && !can(memory + 65536, 1) && can(memory + 65535, 1) && can(memory + 131072, 1));
	EQ(mprotect(memory + 65536, 65536, PROT_NONE), 0);
	IS(!can(memory + 65536, 0));
	EQ(mprotect(memory, SIZE, PROT_READ | PROT_WRITE), 0);
	IS(can(memory + 65536, 1) && memory[SIZE - 1] == 5);
	EQ(munmap(memory, SIZE), 0);
	IS(!can(memory, 0));
	EQ_ERRNO(munmap(memory + 1, SIZE), -1, EINVAL);
	EQ_ERRNO(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MAP_FAILED, EINVAL);
	EQ_ERRNO(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 99, 0), MAP_FAILED, EBADF);
	EQ_ERRNO(mmap(NULL, (size_t)1 << 62, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MAP_FAILED, ENOMEM);
}

TEST(parts_are_unmapped)
{
	char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memory[0] = 1;
	memory[SIZE - 1] = 2;
	EQ(munmap(memory + 65536, 65536), 0);
	IS(!can(memory + 65536, 0) && memory[0] == 1 && memory[SIZE - 1] == 2 && can(memory + 131072, 1));
	EQ(munmap(memory, 65536), 0);
	IS(!can(memory, 0) && can(memory + 131072, 0));
	EQ(munmap(memory, SIZE), 0);
	IS(!can(memory + 131072, 0));
}

TEST(fixed)
{
	char *memory = mmap(NULL, SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *inside = mmap(memory + 65536, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	EQ(inside, memory + 65536);
	IS(can(inside, 1) && !can(memory, 0) && !can(inside + 65536, 0));
	EQ(munmap(memory, SIZE), 0);
}

TEST(private_file)
{
	int fd = open("mapped", O_CREAT | O_RDWR | O_TRUNC, 0644);
	char text[8] = "";
	EQ(write(fd, "contents", 8), 8);
	char *memory = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	IS(memory != MAP_FAILED && memcmp(memory, "contents\0\0", 10) == 0);
	memory[0] = 'X';
	EQ(pread(fd, text, 1, 0), 1);
	EQ(text[0], 'c');
	EQ(munmap(memory, 8), 0);
	EQ_ERRNO(mmap(NULL, 8, PROT_READ, MAP_PRIVATE, fd, 1), MAP_FAILED, EINVAL);
	close(fd);
	EQ(unlink("mapped"), 0);
}

TEST(shared_file)
{
	int fd = open("mapped", O_CREAT | O_RDWR | O_TRUNC, 0644);
	char text[8] = "";
	EQ(ftruncate(fd, 3 * 65536), 0);
	char *memory = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 65536);
	char *other = mmap(NULL, 65536, PROT_READ, MAP_SHARED, fd, 65536);
	IS(memory != MAP_FAILED && other != MAP_FAILED);
	strcpy(memory + 100, "seen");
	TEXT(other + 100, "seen");
	EQ(msync(memory, 65536, MS_SYNC), 0);
	EQ(close(fd), 0);
	EQ(munmap(memory, 65536), 0);
	EQ(munmap(other, 65536), 0);
	fd = open("mapped", O_RDONLY);
	EQ(pread(fd, text, 4, 65536 + 100), 4);
	TEXT(text, "seen");
	EQ_ERRNO(mmap(NULL, 8, PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED, EACCES);
	close(fd);
	EQ(unlink("mapped"), 0);
}

TEST(code)
{
#if defined __x86_64__
	static const unsigned char seven[] = {0xb8, 7, 0, 0, 0, 0xc3};
#else
	static const unsigned int seven[] = {0x528000e0, 0xd65f03c0};
#endif
	char *memory = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(memory, seven, sizeof seven);
	EQ(mprotect(memory, 65536, PROT_READ | PROT_EXEC), 0);
	__builtin___clear_cache(memory, memory + sizeof seven);
	int (*function)(void);
	memcpy(&function, &memory, sizeof function);
	EQ(function(), 7);
	munmap(memory, 65536);
}

TEST(advice)
{
	char *memory = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memory[0] = 1;
	/* posix_madvise never destroys; madvise MADV_DONTNEED gives zeros. */
	EQ(posix_madvise(memory, 65536, POSIX_MADV_WILLNEED), 0);
	EQ(memory[0], 1);
	EQ(madvise(memory, 65536, MADV_DONTNEED), 0);
	EQ(memory[0], 0);
	EQ(munmap(memory, 65536), 0);
}

/* The addresses of Windows' functions that the loader calls. */
TEST(imports_of_the_loader_are_read_only)
{
	if (ON_windows) {
#if defined __x86_64__
		char *block, *image;
		uint32_t headers, table, size;
		/* The process environment block has the image's base, the image a directory of tables: number 12 is this one. */
		__asm__("mov %%gs:0x60, %0" : "=r"(block));
		memcpy(&image, block + 16, sizeof image);
		memcpy(&headers, image + 60, 4);
		memcpy(&table, image + headers + 24 + 112 + 12 * 8, 4);
		memcpy(&size, image + headers + 24 + 112 + 12 * 8 + 4, 4);
		IS(memcmp(image + headers, "PE", 3) == 0 && table != 0 && size > 100);
		for (uint32_t at = 0; at < size; at += 8)
			IS(can(image + table + at, 0) && !can(image + table + at, 1));
#endif
	}
}
