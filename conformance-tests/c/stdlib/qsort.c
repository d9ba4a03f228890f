#define _GNU_SOURCE
#include "../check.h"
#include <stdlib.h>

static int by_value(const void *one, const void *two)
{
	int first = *(const int *)one, second = *(const int *)two;
	return (first > second) - (first < second);
}

static int by_context(const void *one, const void *two, void *context)
{
	++*(int *)context;
	return -by_value(one, two);
}

static unsigned int state = 1;
static unsigned int next(void)
{
	return (state = state * 1103515245 + 12345) >> 8;
}

TEST(qsort)
{
	static int values[3000];
	static unsigned int seen[3000];
	/* Random, few values, sorted, reversed, a saw: each stays a permutation. */
	for (int kind = 0; kind < 5; kind++)
		for (size_t count = 0; count <= 3000; count = count < 20 ? count + 1 : count * 3) {
			size_t length = count > 3000 ? 3000 : count;
			for (size_t at = 0; at < length; at++) {
				int value[] = {(int)(next() % 3000), (int)(next() % 3), (int)at, (int)(length - at - 1), (int)(at % 50)};
				values[at] = value[kind];
			}
			memset(seen, 0, sizeof seen);
			for (size_t at = 0; at < length; at++)
				seen[values[at]]++;
			qsort(values, length, sizeof *values, by_value);
			for (size_t at = 0; at < length; at++) {
				IS(at == 0 || values[at - 1] <= values[at]);
				seen[values[at]]--;
			}
			for (size_t at = 0; at < 3000; at++)
				IS(seen[at] == 0);
		}
	qsort(NULL, 0, 4, by_value);
}

/* Elements of each size, compared by the first byte, with a check byte at the end. */
static int by_byte(const void *one, const void *two)
{
	return *(const unsigned char *)one - *(const unsigned char *)two;
}

TEST(qsort_sizes)
{
	static unsigned char bytes[100 * 70];
	for (size_t size = 1; size <= 70; size++) {
		unsigned char *elements = fence(100 * size);
		for (size_t at = 0; at < 100; at++) {
			memset(elements + at * size, 0, size);
			elements[at * size] = (unsigned char)next();
			elements[at * size + size - 1] |= size > 1 ? (unsigned char)~elements[at * size] : 0;
		}
		memcpy(bytes, elements, 100 * size);
		qsort(elements, 100, size, by_byte);
		for (size_t at = 0; at < 100; at++) {
			unsigned char *element = elements + at * size;
			IS(at == 0 || element[-(long)size] <= element[0]);
			IS(size == 1 || element[size - 1] == (unsigned char)~element[0]);
		}
	}
}

TEST(qsort_r)
{
	int values[] = {3, 1, 2}, calls = 0;
	qsort_r(values, 3, sizeof *values, by_context, &calls);
	IS(values[0] == 3 && values[1] == 2 && values[2] == 1);
	IS(calls >= 2);
}

TEST(bsearch)
{
	int values[100];
	for (int at = 0; at < 100; at++)
		values[at] = at * 2;
	for (int count = 0; count <= 100; count++)
		for (int key = -1; key <= 2 * count; key++) {
			void *want = key >= 0 && key % 2 == 0 && key < 2 * count ? &values[key / 2] : NULL;
			EQ(bsearch(&key, values, (size_t)count, sizeof *values, by_value), want);
		}
}
