#include "../check.h"

TEST(memmove)
{
	static unsigned char bytes[1024], want[1024];
	for (size_t length = 0; length < 300; length += length < 70 ? 1 : 13)
		for (int distance = -80; distance <= 80; distance += distance > -20 && distance < 20 ? 1 : 7) {
			for (size_t at = 0; at < sizeof bytes; at++)
				want[at] = bytes[at] = (unsigned char)(at * 11 + at / 256);
			unsigned char *from = bytes + 400;
			for (size_t at = 0; at < length; at++)
				want[400 + distance + (long)at] = from[at];
			EQ(memmove(from + distance, from, length), (void *)(from + distance));
			IS(memcmp(bytes, want, sizeof bytes) == 0);
		}
	static unsigned char large[200000];
	for (size_t at = 0; at < sizeof large; at++)
		large[at] = (unsigned char)(at ^ at >> 8);
	memmove(large + 1, large, sizeof large - 1);
	int wrong = 0;
	for (size_t at = 1; at < sizeof large; at++)
		wrong += large[at] != (unsigned char)((at - 1) ^ (at - 1) >> 8);
	EQ(wrong, 0);
}
