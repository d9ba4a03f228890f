/*
 * Wrong uses of the heap, one a run: the argument is its name; without one, the names are printed. Each must end the process.
 * Who comes to the end says "silent", and "taken over" where malloc gave what an attacker chose.
 */
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIDDLE = 5000, LARGE = 100000, MAPPED = 3 << 20, MANY = 1000 };

/* What an attacker wants to get from malloc. */
static _Alignas(16) uint64_t victim[64];

/* A block that the compiler knows nothing about. */
static void *get(size_t size)
{
	void *volatile block = malloc(size);
	return block;
}

static void *aligned(size_t align, size_t size)
{
	void *volatile block = aligned_alloc(align, size);
	return block;
}

static void *again(void *volatile block)
{
	return block;
}

static void twice(void *block)
{
	free(again(block));
	free(again(block));
}

/* Uses the heap so that free blocks of the size are looked at: all that a thread keeps, and what it gave back. */
static void use(size_t size)
{
	static void *blocks[MANY];
	for (int at = 0; at < MANY; at++) {
		blocks[at] = get(size);
		if ((uintptr_t)blocks[at] - (uintptr_t)victim < sizeof victim)
			puts("taken over");
	}
	for (int at = 0; at < MANY; at++)
		free(blocks[at]);
}

/* Two blocks of which the second lies right behind the first, whose size has no room to spare. */
static char *with_neighbour(size_t size, size_t slot, char **neighbour)
{
	char *blocks[MANY];
	for (int at = 0; at < MANY; at++)
		blocks[at] = get(size);
	for (int at = 0; at < MANY; at++)
		for (int other = 0; other < MANY; other++)
			/* The first byte of what lies between is not what the overflow writes. */
			if (blocks[other] == blocks[at] + slot && blocks[at][size] != 0) {
				*neighbour = blocks[other];
				return blocks[at];
			}
	puts("no neighbours");
	exit(1);
}

static void double_free_small(void) { twice(get(40)); }
static void double_free_middle(void) { twice(get(MIDDLE)); }
static void double_free_large(void) { twice(get(LARGE)); }
static void double_free_mapped(void) { twice(get(MAPPED)); }
static void double_free_unmapped(void) { twice(get(100 << 20)); }
static void double_free_of_nothing(void) { twice(get(0)); }
static void double_free_aligned_small(void) { twice(aligned(64, 100)); }
static void double_free_aligned_middle(void) { twice(aligned(4096, 40000)); }
static void double_free_aligned_large(void) { twice(aligned(1 << 16, 300000)); }
static void double_free_aligned_mapped(void) { twice(aligned(1 << 20, 2 << 20)); }

static void double_free_after_others(void)
{
	void *blocks[] = {get(40), get(40), get(40)};
	for (int at = 0; at < 3; at++)
		free(blocks[at]);
	free(again(blocks[0]));
}

static void double_free_after_many(void)
{
	static void *blocks[MANY];
	for (int at = 0; at < MANY; at++)
		blocks[at] = get(40);
	for (int at = 0; at < MANY; at++)
		free(blocks[at]);
	free(again(blocks[0]));
}

static void *free_it(void *block)
{
	free(block);
	return NULL;
}

static void on_another_thread(void *block)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, free_it, block) == 0)
		pthread_join(thread, NULL);
}

static void double_free_by_threads(void)
{
	void *block = get(40);
	free(again(block));
	on_another_thread(again(block));
}

static void double_free_after_a_thread(void)
{
	void *block = get(40), *next = get(40);
	on_another_thread(again(block));
	free(again(block));
	free(next);
}

static void free_after_realloc(void)
{
	void *block = get(40);
	void *volatile moved = realloc(again(block), LARGE);
	free(again(block));
	free(moved);
}

static void free_after_realloc_of_large(void)
{
	void *block = get(LARGE), *next = get(LARGE);
	void *volatile moved = realloc(again(block), 900000);
	free(again(block));
	free(moved);
	free(next);
}

static void realloc_of_freed(void)
{
	void *block = get(40);
	free(again(block));
	void *volatile moved = realloc(again(block), 100);
	(void)moved;
}

static void realloc_of_freed_large(void)
{
	void *block = get(LARGE);
	free(again(block));
	void *volatile moved = realloc(again(block), 100);
	(void)moved;
}

static void size_of_freed(void)
{
	void *block = get(40);
	free(again(block));
	volatile size_t size = malloc_usable_size(again(block));
	(void)size;
}

static void free_of_interior(void) { free(again((char *)get(MIDDLE) + 64)); }

static void free_of_interior_large(void)
{
	char *block = get(LARGE);
	memset(block, 0, LARGE);
	free(again(block + 4096));
}

static void free_of_interior_of_aligned(void)
{
	char *block = aligned(4096, 10000);
	memset(block, 0, 10000);
	free(again(block + 16));
}

static void realloc_of_interior(void)
{
	void *volatile moved = realloc(again((char *)get(MIDDLE) + 64), 10);
	(void)moved;
}

static void free_of_stack(void)
{
	_Alignas(16) char room[256];
	memset(room, 0x41, sizeof room);
	free(again(room + 128));
}

static void free_of_static(void) { free(again(victim + 2)); }
static void free_of_misaligned(void) { free(again((char *)get(40) + 1)); }
static void free_of_text(void) { free(again((void *)((uintptr_t)free_of_text & ~(uintptr_t)15))); }

static void free_of_a_copy(void)
{
	memcpy(victim, (char *)get(40) - 16, 64);
	free(again(victim + 2));
}

/* One NUL behind the end. */
static void nul_behind(size_t size)
{
	char *block = get(size);
	block[size] = 0;
	free(again(block));
}

static void nul_behind_small(void) { nul_behind(20); }
static void nul_behind_middle(void) { nul_behind(MIDDLE); }
static void nul_behind_large(void) { nul_behind(LARGE); }
static void nul_behind_mapped(void) { nul_behind(MAPPED); }

static void nul_behind_aligned(void)
{
	char *block = aligned(64, 100);
	block[100] = 0;
	free(again(block));
}

static void nul_behind_seen_by_realloc(void)
{
	char *block = get(20);
	block[20] = 0;
	void *volatile moved = realloc(again(block), 21);
	(void)moved;
}

static void nul_behind_after_realloc(void)
{
	char *volatile block = realloc(get(20), 22);
	block[22] = 0;
	free(block);
}

static void nul_behind_full(void)
{
	char *neighbour, *block = with_neighbour(24, 32, &neighbour);
	block[24] = 0;
	free(neighbour);
}

static void behind(size_t count)
{
	char *neighbour, *block = with_neighbour(24, 32, &neighbour);
	memset(again(block + 24), 0x41, count);
	free(neighbour);
}

static void four_behind(void) { behind(4); }
static void eight_behind(void) { behind(8); }

static void sixteen_behind_free(void)
{
	char *neighbour, *block = with_neighbour(24, 32, &neighbour);
	free(neighbour);
	memset(again(block + 24), 0x41, 16);
	use(24);
}

static void one_before(void)
{
	char *block = get(40);
	((char *)again(block))[-1] ^= 1;
	free(block);
}

static void eight_before(void)
{
	char *block = get(40);
	memset(again(block - 8), 0, 8);
	free(block);
}

static void many_before_mapped(void)
{
	char *block = get(MAPPED);
	memset(again(block - 64), 0x41, 48);
	free(block);
}

static void header_byte(int byte)
{
	char *block = get(40);
	((char *)again(block))[byte - 8] ^= 4;
	free(block);
}

static void forged_distance(void) { header_byte(0); }
static void forged_class(void) { header_byte(2); }
static void forged_state(void) { header_byte(6); }

static void free_with_old_distance(void)
{
	/* The lower half of another block's header. */
	char *block = get(40), *other = get(40);
	memcpy(again(block - 8), other - 8, 4);
	free(block);
}

/* The first bytes of a free block, where its link is. */
static void link_with(const void *bytes, size_t count)
{
	char *block = get(40), *other = get(40);
	free(again(other));
	free(again(block));
	memcpy(again(block), bytes, count);
	use(40);
}

static void link_to_victim(void)
{
	void *target = victim + 2;
	link_with(&target, sizeof target);
}

static void link_to_null(void)
{
	void *target = NULL;
	link_with(&target, sizeof target);
}

static void link_to_live(void)
{
	void *target = get(40);
	link_with(&target, sizeof target);
}

/* What such a link might have been in another process. */
static void link_of_another_run(void) { link_with("\x16\x6b\x42\x97\x5e\x01\xf3\x2c", 8); }

static void link_by_one_byte(void)
{
	char *block = get(40);
	free(again(block));
	((char *)again(block))[0] ^= 0x10;
	use(40);
}

static void link_copied(void)
{
	char *one = get(40), *two = get(40), *three = get(40);
	free(again(one));
	free(again(two));
	free(again(three));
	memcpy(again(three), again(two), 8);
	use(40);
}

static void write_after_free(void)
{
	char *block = get(200);
	free(again(block));
	memset(again(block), 0x41, 200);
	use(200);
}

static void write_after_free_given_back(void)
{
	static char *blocks[MANY];
	for (int at = 0; at < MANY; at++)
		blocks[at] = get(200);
	for (int at = 0; at < MANY; at++)
		free(blocks[at]);
	memset(again(blocks[0]), 0x41, 200);
	use(200);
}

static void write_after_free_mapped(void)
{
	char *block = get(MAPPED);
	free(again(block));
	memset(again(block), 0x41, MAPPED);
	void *volatile next = get(MAPPED);
	(void)next;
}

/* The list of free spans: the descriptor is where the header says. */
static void list_mismatch(void)
{
	static uint64_t fake[8];
	char *blocks[] = {get(LARGE), get(LARGE), get(LARGE), get(LARGE)};
	uint64_t header;
	memcpy(&header, blocks[2] - 8, sizeof header);
	uint64_t **descriptor = (uint64_t **)(blocks[2] - ((header & 0x3ffff) << 4));
	free(blocks[0]);
	free(again(blocks[2]));
	*descriptor = fake;
	void *volatile next = get(LARGE);
	(void)next;
}

#define MISUSE(name) {#name, name}
static const struct misuse { const char *name; void (*run)(void); } misuses[] = {
	MISUSE(double_free_small), MISUSE(double_free_middle), MISUSE(double_free_large), MISUSE(double_free_mapped),
	MISUSE(double_free_unmapped), MISUSE(double_free_of_nothing), MISUSE(double_free_aligned_small),
	MISUSE(double_free_aligned_middle), MISUSE(double_free_aligned_large), MISUSE(double_free_aligned_mapped),
	MISUSE(double_free_after_others), MISUSE(double_free_after_many), MISUSE(double_free_by_threads),
	MISUSE(double_free_after_a_thread), MISUSE(free_after_realloc), MISUSE(free_after_realloc_of_large),
	MISUSE(realloc_of_freed), MISUSE(realloc_of_freed_large), MISUSE(size_of_freed), MISUSE(free_of_interior),
	MISUSE(free_of_interior_large), MISUSE(free_of_interior_of_aligned), MISUSE(realloc_of_interior), MISUSE(free_of_stack),
	MISUSE(free_of_static), MISUSE(free_of_misaligned), MISUSE(free_of_text), MISUSE(free_of_a_copy),
	MISUSE(nul_behind_small), MISUSE(nul_behind_middle), MISUSE(nul_behind_large), MISUSE(nul_behind_mapped),
	MISUSE(nul_behind_aligned), MISUSE(nul_behind_seen_by_realloc), MISUSE(nul_behind_after_realloc),
	MISUSE(nul_behind_full), MISUSE(four_behind), MISUSE(eight_behind), MISUSE(sixteen_behind_free), MISUSE(one_before),
	MISUSE(eight_before), MISUSE(many_before_mapped), MISUSE(forged_distance), MISUSE(forged_class), MISUSE(forged_state),
	MISUSE(free_with_old_distance), MISUSE(link_to_victim), MISUSE(link_to_null), MISUSE(link_to_live),
	MISUSE(link_of_another_run), MISUSE(link_by_one_byte), MISUSE(link_copied), MISUSE(write_after_free),
	MISUSE(write_after_free_given_back), MISUSE(write_after_free_mapped), MISUSE(list_mismatch),
};

int main(int argc, char **argv)
{
	for (size_t at = 0; at < sizeof misuses / sizeof *misuses; at++) {
		if (argc < 2) {
			puts(misuses[at].name);
		} else if (strcmp(argv[1], misuses[at].name) == 0) {
			/* A heap in use, as programs have it. */
			use(40);
			misuses[at].run();
			puts("silent");
			return 0;
		}
	}
	return argc < 2 ? 0 : 99;
}
