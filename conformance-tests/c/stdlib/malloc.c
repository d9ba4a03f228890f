#define _GNU_SOURCE
#include "../check.h"
#include <malloc.h>
#include <stdlib.h>

TEST(malloc)
{
	void *block = malloc(0);
	free(block);
	free(NULL);
	EQ_ERRNO(malloc(PTRDIFF_MAX), NULL, ENOMEM);
	EQ_ERRNO(malloc(SIZE_MAX), NULL, ENOMEM);
	for (size_t size = 1; size < 5000; size += 7) {
		char *bytes = malloc(size);
		IS(bytes != NULL && (uintptr_t)bytes % (size < 16 ? 8 : 16) == 0);
		IS(malloc_usable_size(bytes) >= size);
		memset(bytes, 1, size);
		errno = 5;
		free(bytes);
		/* POSIX.1-2024: free() keeps errno. */
		IS(errno == 5);
	}
	EQ(malloc_usable_size(NULL), 0u);
}

TEST(calloc)
{
	for (size_t size = 1; size < 300000; size = size * 5 / 2 + 1) {
		char *bytes = malloc(size);
		memset(bytes, 0xff, size);
		free(bytes);
		bytes = calloc(size, 1);
		IS(bytes != NULL);
		size_t set = 0;
		for (size_t at = 0; bytes && at < size; at++)
			set += bytes[at] != 0;
		EQ(set, 0u);
		free(bytes);
	}
	EQ_ERRNO(calloc(SIZE_MAX / 2 + 1, 2), NULL, ENOMEM);
	EQ_ERRNO(calloc(SIZE_MAX / 16, 32), NULL, ENOMEM);
}

TEST(realloc)
{
	char *bytes = realloc(NULL, 10);
	memcpy(bytes, "123456789", 10);
	for (size_t size = 20; size < 1000000; size *= 3) {
		bytes = realloc(bytes, size);
		TEXT(bytes, "123456789");
	}
	for (size_t size = 300000; size >= 10; size /= 4) {
		bytes = realloc(bytes, size);
		TEXT(bytes, "123456789");
	}
	/* What cannot grow stays. */
	EQ_ERRNO(realloc(bytes, PTRDIFF_MAX), NULL, ENOMEM);
	TEXT(bytes, "123456789");
	EQ_ERRNO(reallocarray(bytes, SIZE_MAX / 2, 4), NULL, ENOMEM);
	bytes = reallocarray(bytes, 10, 10);
	TEXT(bytes, "123456789");
	free(bytes);
}

TEST(aligned_alloc)
{
	for (size_t align = 16; align <= 1 << 20; align *= 2) {
		char *bytes = aligned_alloc(align, align);
		IS(bytes != NULL && (uintptr_t)bytes % align == 0);
		memset(bytes, 1, align);
		free(bytes);
		void *block = NULL;
		EQ(posix_memalign(&block, align, 100), 0);
		IS((uintptr_t)block % align == 0);
		free(block);
		block = memalign(align, 10);
		IS((uintptr_t)block % align == 0);
		free(block);
	}
	void *block = &block;
	EQ(posix_memalign(&block, 3, 1), EINVAL);
	EQ(posix_memalign(&block, 4, 1), EINVAL);
	IS(block == &block);
	/* An aligned block grows like any other. */
	char *bytes = aligned_alloc(4096, 4096);
	strcpy(bytes, "text");
	bytes = realloc(bytes, 100000);
	TEXT(bytes, "text");
	free(bytes);
}

/* Blocks of many sizes live at once: none overlaps another. */
TEST(blocks_do_not_overlap)
{
	enum { COUNT = 500 };
	static unsigned char *blocks[COUNT];
	static size_t sizes[COUNT];
	unsigned int state = 3;
	for (int round = 0; round < 20000; round++) {
		state = state * 1103515245 + 12345;
		unsigned int at = (state >> 8) % COUNT;
		if (blocks[at] != NULL) {
			size_t wrong = 0;
			for (size_t byte = 0; byte < sizes[at]; byte++)
				wrong += blocks[at][byte] != (unsigned char)at;
			EQ(wrong, 0u);
			free(blocks[at]);
		}
		sizes[at] = (state >> 4) % ((state & 15) == 0 ? 40000 : 300);
		blocks[at] = malloc(sizes[at]);
		memset(blocks[at], (int)(unsigned char)at, sizes[at]);
	}
	for (int at = 0; at < COUNT; at++)
		free(blocks[at]);
}

/* Large blocks grow and shrink in turn, and go and come: each keeps what it holds, a number per page. */
TEST(large_blocks_change_size)
{
	enum { COUNT = 4, PAGE = 4096, LIMIT = 1500 };
	static unsigned int *blocks[COUNT];
	static size_t pages[COUNT];
	unsigned int state = 5;
	for (unsigned int round = 0; round < 400; round++) {
		state = state * 1103515245 + 12345;
		unsigned int at = (state >> 8) % COUNT;
		size_t new = (state >> 16 & 7) == 0 ? 0 : pages[at] + pages[at] / 8 + 20;
		if (new > LIMIT)
			new = (state >> 20) % LIMIT + 1;
		unsigned int *block = blocks[at];
		if (new == 0)
			free(block), block = NULL;
		else
			block = realloc(block, new * PAGE);
		size_t wrong = 0;
		for (size_t page = 0; page < new; page++) {
			unsigned int *number = block + page * (PAGE / sizeof *block);
			if (page < pages[at])
				wrong += *number != at * LIMIT + page;
			*number = (unsigned int)(at * LIMIT + page);
		}
		EQ(wrong, 0u);
		blocks[at] = block;
		pages[at] = new;
	}
	for (int at = 0; at < COUNT; at++)
		free(blocks[at]);
}
