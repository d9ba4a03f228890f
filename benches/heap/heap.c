/* Times of heap operations, the least of some repeats by the process's own clock: a line of name and nanoseconds each. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REPEATS = 7, BATCH = 1000, LIVE = 5000 };

static uint64_t state = 88172645463325252u;

static size_t below(size_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

static double now_ns(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void *volatile last;

static void pair(size_t size)
{
	last = malloc(size);
	*(volatile char *)last = 1;
	free(last);
}

static void touched(size_t size)
{
	for (size_t at = 0; at < size; at += 4096)
		((volatile char *)last)[at] = 1;
	free(last);
}

static void pair_touched(size_t size)
{
	last = malloc(size);
	touched(size);
}

static void zeroed_touched(size_t size)
{
	last = calloc(1, size);
	touched(size);
}

static void aligned(size_t size)
{
	last = aligned_alloc(64, size);
	free(last);
}

static void batch(size_t size)
{
	void *blocks[BATCH];
	for (int at = 0; at < BATCH; at++)
		blocks[at] = malloc(size);
	for (int at = 0; at < BATCH; at++)
		free(blocks[at]);
}

static void live(size_t size)
{
	static void *blocks[LIVE];
	void **block = &blocks[below(LIVE)];
	free(*block);
	*block = malloc(1 + below(size));
	*(volatile char *)*block = 1;
}

static void mix(size_t size)
{
	static void *blocks[5];
	static unsigned int turn;
	void **block = &blocks[turn++ % 5];
	free(*block);
	*block = malloc(size << turn % 5);
	*(volatile char *)*block = 1;
}

static void grow(size_t size)
{
	char *block = NULL;
	for (size_t at = 16; at <= size; at += at / 8 + 16) {
		block = realloc(block, at);
		((volatile char *)block)[at - 1] = 1;
	}
	free(block);
}

/* Grows from a first size to 16 MiB; only where it is told to, each new page is touched. */
static void grow_from(size_t from, size_t numerator, size_t denominator, int is_touched)
{
	char *block = malloc(from);
	size_t old = 0;
	for (size_t at = from; at <= 16 << 20; at += at / denominator * numerator) {
		block = realloc(block, at);
		for (; is_touched && old < at; old += 4096)
			((volatile char *)block)[old] = 1;
		((volatile char *)block)[at - 1] = 1;
	}
	free(block);
}

static void grow_large(size_t from)
{
	grow_from(from, 1, 8, 0);
}

static void grow_large_touched(size_t from)
{
	grow_from(from, 1, 8, 1);
}

static void grow_double(size_t from)
{
	grow_from(from, 1, 1, 0);
}

static void grow_by_pages(size_t from)
{
	char *block = malloc(from);
	for (size_t page = 1; page <= 1000; page++) {
		block = realloc(block, from + page * 4096);
		((volatile char *)block)[from + page * 4096 - 1] = 1;
	}
	free(block);
}

static void shrink_and_grow(size_t size)
{
	last = malloc(size);
	for (int turn = 0; turn < 4; turn++) {
		last = realloc(last, size / 8);
		((volatile char *)last)[size / 8 - 1] = 1;
		last = realloc(last, size);
		((volatile char *)last)[size - 1] = 1;
	}
	touched(size);
}

static void grow_two(size_t from)
{
	char *blocks[2] = {malloc(from), malloc(from)};
	for (size_t at = from; at <= 16 << 20; at += at / 8)
		for (int which = 0; which < 2; which++) {
			blocks[which] = realloc(blocks[which], at);
			((volatile char *)blocks[which])[at - 1] = 1;
		}
	free(blocks[0]);
	free(blocks[1]);
}

static void *churn(void *unused)
{
	for (int at = 0; at < 200; at++)
		batch(32);
	return unused;
}

static void threads(size_t count)
{
	pthread_t ids[8];
	for (size_t at = 0; at < count; at++)
		if (pthread_create(&ids[at], NULL, churn, NULL) != 0)
			exit(1);
	for (size_t at = 0; at < count; at++)
		pthread_join(ids[at], NULL);
}

static const struct { const char *name; void (*run)(size_t); size_t size; long times; } cases[] = {
	{"pair 16", pair, 16, 1000000}, {"pair 1 KiB", pair, 1024, 1000000}, {"pair 64 KiB", pair, 65536, 300000},
	{"pair 2 MiB", pair, 2 << 20, 20000}, {"mix 256 KiB to 4 MiB", mix, 256 << 10, 20000},
	{"pair 1 MiB, touched", pair_touched, 1 << 20, 300}, {"calloc 1 MiB, touched", zeroed_touched, 1 << 20, 300},
	{"aligned 64, 256", aligned, 256, 500000}, {"batch 1000 of 48", batch, 48, 1000}, {"live 5000 below 1 KiB", live, 1024, 500000},
	{"realloc by 1/8 to 64 KiB", grow, 64 << 10, 2000}, {"realloc by 1/8 to 16 MiB", grow, 16 << 20, 20},
	{"64 KiB by 1/8 to 16 MiB", grow_large, 64 << 10, 20},
	{"64 KiB by 1/8, touched", grow_large_touched, 64 << 10, 20},
	{"64 KiB doubled to 16 MiB", grow_double, 64 << 10, 20}, {"1 MiB by 1000 pages", grow_by_pages, 1 << 20, 20},
	{"8 MiB shrunk and grown", shrink_and_grow, 8 << 20, 20}, {"two by 1/8 to 16 MiB", grow_two, 64 << 10, 20},
	{"batches of 2 threads", threads, 2, 1}, {"batches of 8 threads", threads, 8, 1},
};

int main(void)
{
	for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
		double least = 1e30;
		for (int repeat = 0; repeat < REPEATS; repeat++) {
			double start = now_ns();
			for (long time = 0; time < cases[at].times; time++)
				cases[at].run(cases[at].size);
			double each = (now_ns() - start) / (double)cases[at].times;
			least = each < least ? each : least;
		}
		printf("%s\t%.1f\n", cases[at].name, least);
	}
	return 0;
}
