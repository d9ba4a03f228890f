#define _GNU_SOURCE
#include "../check.h"

/* Every length and pair of alignments, with guards on both sides of the target. */
static void copies(void *(*copy)(void *restrict, const void *restrict, size_t), size_t past)
{
	static unsigned char from[400], to[400];
	for (size_t at = 0; at < sizeof from; at++)
		from[at] = (unsigned char)(at * 7 + 1);
	for (size_t length = 0; length < 160; length++)
		for (size_t align = 0; align < 16; align++) {
			unsigned char *target = to + 32 + align;
			const unsigned char *source = from + (align * 5) % 16;
			memset(to, 0xee, sizeof to);
			EQ(copy(target, source, length), (void *)(target + past * length));
			for (size_t at = 0; at < length; at++)
				IS(target[at] == source[at]);
			IS(target[-1] == 0xee && target[length] == 0xee);
		}
	for (size_t length = 0; length < 300; length++) {
		unsigned char *source = fence(length);
		memset(source, 0x33, length);
		copy(to, source, length);
		IS(length == 0 || to[length - 1] == 0x33);
		copy(source, from, length);
		IS(length == 0 || source[length - 1] == from[length - 1]);
	}
}

TEST(memcpy)
{
	copies(memcpy, 0);
}

static void *mempcpy_of(void *restrict to, const void *restrict from, size_t length)
{
	return mempcpy(to, from, length);
}

TEST(mempcpy)
{
	copies(mempcpy_of, 1);
}
