#define _GNU_SOURCE
#include "../child.h"
#include <stdlib.h>

TEST(rand)
{
	srand(1);
	int first[16];
	for (int at = 0; at < 16; at++) {
		first[at] = rand();
		IS(first[at] >= 0 && first[at] <= RAND_MAX);
	}
	srand(1);
	int same = 0;
	for (int at = 0; at < 16; at++)
		same += rand() == first[at];
	EQ(same, 16);
	srand(2);
	same = 0;
	for (int at = 0; at < 16; at++)
		same += rand() == first[at];
	IS(same < 3);
	unsigned int seed = 5, again = 5;
	EQ(rand_r(&seed), rand_r(&again));
}

TEST(random)
{
	srandom(7);
	long first = random(), second = random();
	srandom(7);
	EQ(random(), first);
	EQ(random(), second);
	static char state[256];
	char *before = initstate(7, state, sizeof state);
	IS(before != NULL);
	IS(random() >= 0);
	EQ(setstate(before), state);
}

/* POSIX.1-2024 drand48(): X(n+1) = (0x5DEECE66D X(n) + 0xB) mod 2^48. */
TEST(drand48)
{
	unsigned long long x = 0x330eULL | 1234ULL << 16;
	srand48(1234);
	for (int at = 0; at < 100; at++) {
		x = (x * 0x5deece66dULL + 0xb) & 0xffffffffffffULL;
		if (at % 3 == 0)
			EQ(lrand48(), (long)(x >> 17));
		else if (at % 3 == 1)
			EQ(mrand48(), (long)(int)(x >> 16));
		else
			EQ(drand48(), (double)x / 0x1p48);
	}
	unsigned short own[3] = {0x330e, 1234, 0};
	srand48(1234);
	long first = lrand48();
	EQ(nrand48(own), first);
	IS(own[0] != 0x330e);
	unsigned short twin[3] = {own[0], own[1], own[2]};
	IS(erand48(own) == (double)((unsigned)jrand48(twin) & 0xffffffffu) / 0x1p32 + (double)twin[0] / 0x1p48);
	unsigned short seed[3] = {1, 2, 3};
	unsigned short *old = seed48(seed);
	IS(old != NULL);
	unsigned short parameters[7] = {1, 2, 3, 0xe66d, 0xdeec, 5, 0xb};
	long after = lrand48();
	lcong48(parameters);
	EQ(lrand48(), after);
}

CHILD(unseeded)
{
	/* POSIX leaves it open; programs that forgot to seed have seen 0 everywhere. */
	return lrand48() == 0 && lrand48() == 2116118 && drand48() > 0.04 ? 5 : 1;
}

TEST(drand48_unseeded)
{
	EXCEPT_ON(qemu, NO_CHILDREN) IS(exits_with(child("unseeded", ""), 5));
}
