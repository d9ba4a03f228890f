#define _GNU_SOURCE
#include "../check.h"
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

/* MAP_NORESERVE: far more than the machine has; only what is used takes memory. qemu keeps a record of each page. */
#define HUGE (ON_qemu ? (size_t)1 << 32 : (size_t)1 << 38)

enum { READ_WRITE = PROT_READ | PROT_WRITE, FLAGS = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, BLOCK = 65536 };

static sigjmp_buf back;
static volatile sig_atomic_t number, code;

static void leaves(int signal, siginfo_t *info, void *context)
{
	(void)context;
	number = signal;
	code = info->si_code;
	siglongjmp(back, 1);
}

/* The signal of an access, or 0. */
static int caught(volatile char *at, int writing)
{
	struct sigaction action = {.sa_sigaction = leaves, .sa_flags = SA_SIGINFO}, before;
	EQ(sigaction(SIGSEGV, &action, &before), 0);
	number = 0;
	if (sigsetjmp(back, 1) == 0) {
		if (writing)
			*at = 1;
		else
			(void)*at;
	}
	EQ(sigaction(SIGSEGV, &before, NULL), 0);
	return number;
}

TEST(pages_are_there_when_they_are_touched)
{
	char *memory = mmap(NULL, HUGE, READ_WRITE, FLAGS, -1, 0);
	IS(memory != MAP_FAILED);
	for (size_t at = 0; at < HUGE; at += HUGE / 64) {
		EQ(memory[at], 0);
		memory[at] = (char)(at / (HUGE / 64) + 1);
		memory[at + 3 * BLOCK / 2] = 77;
	}
	memory[HUGE - 1] = 99;
	for (size_t at = 0; at < HUGE; at += HUGE / 64)
		IS(memory[at] == (char)(at / (HUGE / 64) + 1) && memory[at + 1] == 0 && memory[at + 3 * BLOCK / 2] == 77);
	EQ(memory[HUGE - 1], 99);
	EQ(munmap(memory, HUGE), 0);
	EQ(caught(memory, 0), SIGSEGV);
}

TEST(protection_holds_for_what_was_never_touched)
{
	char *memory = mmap(NULL, HUGE, READ_WRITE, FLAGS, -1, 0);
	char *middle = memory + HUGE / 2;
	middle[BLOCK - 1] = 4;
	EQ(mprotect(middle, 2 * BLOCK, PROT_READ), 0);
	EQ(caught(middle, 0), 0);
	EQ(caught(middle + BLOCK + 5, 0), 0);
	EQ(caught(middle + BLOCK + 4096, 1), SIGSEGV);
	EQ(code, SEGV_ACCERR);
	EQ(middle[BLOCK - 1], 4);
	EQ(mprotect(middle, BLOCK, PROT_NONE), 0);
	EQ(caught(middle, 0), SIGSEGV);
	EQ(caught(middle + BLOCK - 1, 0), SIGSEGV);
	EQ(code, SEGV_ACCERR);
	EQ(caught(middle - 1, 1), 0);
	EQ(caught(middle + 2 * BLOCK, 1), 0);
	EQ(mprotect(memory, HUGE, READ_WRITE), 0);
	IS(middle[BLOCK - 1] == 4 && caught(middle, 1) == 0 && caught(middle + BLOCK + 4096, 1) == 0);
	EQ(munmap(memory, HUGE), 0);
}

TEST(a_part_goes)
{
	char *memory = mmap(NULL, HUGE, READ_WRITE, FLAGS, -1, 0);
	char *middle = memory + HUGE / 2;
	middle[-1] = 1;
	middle[0] = middle[BLOCK] = 2;
	EQ(munmap(middle, HUGE / 4), 0);
	EQ(caught(middle, 0), SIGSEGV);
	EQ(code, SEGV_MAPERR);
	EQ(caught(middle + HUGE / 8, 1), SIGSEGV);
	IS(middle[-1] == 1 && caught(middle - BLOCK, 1) == 0 && caught(middle + HUGE / 4, 1) == 0);
	EQ(mmap(middle + BLOCK, BLOCK, READ_WRITE, FLAGS | MAP_FIXED, -1, 0), middle + BLOCK);
	EQ(middle[BLOCK], 0);
	EQ(caught(middle + 2 * BLOCK, 0), SIGSEGV);
	EQ(munmap(memory, HUGE), 0);
	EQ(caught(middle + BLOCK, 0), SIGSEGV);
}

TEST(advice_and_moves)
{
	enum { SIZE = 64 * BLOCK };
	char *memory = mmap(NULL, SIZE, READ_WRITE, FLAGS, -1, 0);
	memory[0] = memory[9 * BLOCK] = 5;
	EQ(madvise(memory, SIZE, MADV_DONTNEED), 0);
	EQ(memory[0] + memory[9 * BLOCK], 0);
	memory[0] = 6;
	memory[SIZE - 1] = 7;
	EQ(mprotect(memory, SIZE, PROT_NONE), 0);
	char *moved = mremap(memory, SIZE, HUGE, MREMAP_MAYMOVE);
	IS(moved != MAP_FAILED);
	EQ(caught(moved, 0), SIGSEGV);
	EQ(mprotect(moved, HUGE, READ_WRITE), 0);
	IS(moved[0] == 6 && moved[SIZE - 1] == 7 && moved[BLOCK] == 0 && moved[SIZE] == 0 && moved[HUGE - 1] == 0);
	moved[HUGE - 1] = 8;
	IS(mremap(moved, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, moved + SIZE / 2) == MAP_FAILED && errno == EINVAL);
	EQ(moved[SIZE - 1], 7);
	EQ(mremap(moved, HUGE, SIZE, 0), moved);
	EQ(caught(moved + SIZE, 0), SIGSEGV);
	EQ(moved[0], 6);
	EQ(msync(moved, SIZE, MS_SYNC), 0);
	EQ(munmap(moved, SIZE), 0);
}

/* The system itself writes to pages and reads from pages that were never touched. */
TEST(buffers_of_requests)
{
	enum { SIZE = 5 * BLOCK, USED = 3 * BLOCK + 100 };
	char *memory = mmap(NULL, HUGE, READ_WRITE, FLAGS, -1, 0), *other = memory + HUGE / 2 + 4000;
	int fd = open("noreserve", O_CREAT | O_RDWR | O_TRUNC, 0644), ends[2];
	EQ(write(fd, memory + 10, SIZE), SIZE);
	EQ(pwrite(fd, "end", 3, USED - 3), 3);
	EQ(lseek(fd, 0, SEEK_SET), 0);
	EQ(read(fd, other, USED), USED);
	IS(other[0] == 0 && memcmp(other + USED - 3, "end", 3) == 0);
	EQ(pread(fd, other + HUGE / 4, 3, USED - 3), 3);
	IS(memcmp(other + HUGE / 4, "end", 3) == 0);
	EQ(pwrite(fd, memory + HUGE - 2 * BLOCK, 2 * BLOCK, 7), 2 * BLOCK);
	EQ(pipe(ends), 0);
	EQ(write(ends[1], memory + HUGE / 3, 300), 300);
	EQ(read(ends[0], memory + HUGE / 5, BLOCK), 300);
	EQ(memory[HUGE / 5], 0);
	/* A buffer that may not be used so is still refused. */
	EQ(mprotect(memory, BLOCK, PROT_READ), 0);
	EQ(lseek(fd, 0, SEEK_SET), 0);
	EQ_ERRNO(read(fd, memory, 10), -1, EFAULT);
	EQ(mprotect(memory, BLOCK, PROT_NONE), 0);
	EQ_ERRNO(write(fd, memory, 10), -1, EFAULT);
	EQ(close(ends[0]), 0);
	EQ(close(ends[1]), 0);
	EQ(getentropy(memory + HUGE / 6, 200), 0);
	IS(getcwd(memory + HUGE / 7, 4096) == memory + HUGE / 7);
	strcpy(memory + HUGE / 8 - 3, "noreserve");
	EQ(access(memory + HUGE / 8 - 3, F_OK), 0);
	EQ(close(fd), 0);
	EQ(unlink(memory + HUGE / 8 - 3), 0);
	EQ(munmap(memory, HUGE), 0);
}

static char *shared;
static pthread_barrier_t barrier;

static void *touches(void *argument)
{
	size_t wrong = 0, own = (size_t)(uintptr_t)argument;
	for (size_t at = 0; at < 200; at++) {
		if (at % 20 == 0)
			pthread_barrier_wait(&barrier);
		wrong += __atomic_fetch_add((int *)(shared + at * BLOCK), 1, __ATOMIC_SEQ_CST) >= 4;
		wrong += shared[at * BLOCK + 8 + own] != 0;
		shared[at * BLOCK + 8 + own] = 1;
	}
	return (void *)(uintptr_t)wrong;
}

TEST(threads_touch_a_page_at_once)
{
	pthread_t threads[4];
	shared = mmap(NULL, HUGE, READ_WRITE, FLAGS, -1, 0);
	EQ(pthread_barrier_init(&barrier, NULL, 4), 0);
	for (size_t at = 0; at < 4; at++)
		EQ(pthread_create(&threads[at], NULL, touches, (void *)(uintptr_t)at), 0);
	for (size_t at = 0; at < 4; at++) {
		void *wrong;
		EQ(pthread_join(threads[at], &wrong), 0);
		IS(wrong == NULL);
	}
	for (size_t at = 0; at < 200; at++)
		EQ(*(int *)(shared + at * BLOCK), 4);
	EQ(pthread_barrier_destroy(&barrier), 0);
	EQ(munmap(shared, HUGE), 0);
}

/* Words that threads wait for, and locks, in memory that nobody has touched. */
TEST(locks_in_untouched_memory)
{
	char *memory = mmap(NULL, HUGE, READ_WRITE, FLAGS, -1, 0);
	pthread_mutex_t *mutex = (pthread_mutex_t *)(memory + HUGE / 2);
	pthread_cond_t *condition = (pthread_cond_t *)(memory + HUGE / 4);
	struct timespec now;
	EQ(clock_gettime(CLOCK_REALTIME, &now), 0);
	EQ(pthread_mutex_lock(mutex), 0);
	EQ(pthread_cond_timedwait(condition, mutex, &now), ETIMEDOUT);
	EQ(pthread_mutex_unlock(mutex), 0);
	EQ(munmap(memory, HUGE), 0);
}

TEST(code_on_demand)
{
#if defined __x86_64__
	static const unsigned char seven[] = {0xb8, 7, 0, 0, 0, 0xc3};
#else
	static const unsigned int seven[] = {0x528000e0, 0xd65f03c0};
#endif
	char *memory = mmap(NULL, HUGE, READ_WRITE, FLAGS, -1, 0), *place = memory + HUGE / 2;
	memcpy(place, seven, sizeof seven);
	EQ(mprotect(place, BLOCK, PROT_READ | PROT_EXEC), 0);
	__builtin___clear_cache(place, place + sizeof seven);
	int (*function)(void);
	memcpy(&function, &place, sizeof function);
	EQ(function(), 7);
	EQ(munmap(memory, HUGE), 0);
}

/* A reservation that is opened piece by piece. */
TEST(reservation)
{
	size_t size = HUGE * 4;
	char *memory = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	IS(memory != MAP_FAILED);
	EQ(caught(memory + size / 2, 0), SIGSEGV);
	EQ(mprotect(memory + size / 2, 4 * BLOCK, READ_WRITE), 0);
	EQ(caught(memory + size / 2 + 4 * BLOCK - 1, 1), 0);
	EQ(caught(memory + size / 2 + 4 * BLOCK, 1), SIGSEGV);
	EQ(mprotect(memory + size / 2, BLOCK, PROT_NONE), 0);
	EQ(caught(memory + size / 2, 0), SIGSEGV);
	EQ(munmap(memory, size), 0);
	memory = mmap(NULL, size, PROT_NONE, FLAGS, -1, 0);
	EQ(mprotect(memory + BLOCK, HUGE, READ_WRITE), 0);
	EQ(caught(memory, 1), SIGSEGV);
	EQ(caught(memory + BLOCK, 1), 0);
	EQ(caught(memory + HUGE, 1), 0);
	EQ(caught(memory + HUGE + BLOCK, 1), SIGSEGV);
	EQ(munmap(memory, size), 0);
}
