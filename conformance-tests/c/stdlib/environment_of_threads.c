/* Any thread may read and change the environment while others do; peers ask the program to see to that. */
#define _GNU_SOURCE
#include "../child.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { WRITERS = 3, ROUNDS = 400 };
static atomic_int running, wrong;
/* Strings for putenv. A reader may hold one that was removed, so they outlive the thread that put them. */
static char put[WRITERS][8][64];

/* Variables of its own come and go before and between those that stay. */
static void *writes(void *number)
{
	int self = (int)(intptr_t)number;
	char name[32], value[64];
	for (int round = 0; round < ROUNDS; round++) {
		for (int at = 0; at < 8; at++) {
			snprintf(name, sizeof name, "OF_%c_%d", 'a' + self, at);
			snprintf(value, sizeof value, "%*d", 1 + (round + at) % 40, round % 10);
			if (at % 2) {
				wrong += setenv(name, value, 1) != 0;
			} else {
				snprintf(put[self][at], sizeof put[self][at], "%s=%s", name, value);
				wrong += putenv(put[self][at]) != 0;
			}
			const char *found = getenv(name);
			wrong += found == NULL || strcmp(found, value) != 0;
		}
		setenv("TZ", round % 2 ? "AAA-1" : "BBB-2BBBB", 1);
		for (int at = 0; at < 8; at++) {
			snprintf(name, sizeof name, "OF_%c_%d", 'a' + self, at);
			wrong += unsetenv(name) != 0 || getenv(name) != NULL;
		}
	}
	running--;
	return NULL;
}

/* A value is one that was set, whole; zones are of one rule or the other. */
static void *reads(void *unused)
{
	char zones[2][8] = {"", ""};
	(void)unused;
	while (running > 0) {
		const char *first = getenv("STAYS_1"), *last = getenv("STAYS_2"), *zone = getenv("TZ");
		wrong += first == NULL || strcmp(first, "first") != 0 || last == NULL || strcmp(last, "last") != 0;
		wrong += zone == NULL || (strcmp(zone, "AAA-1") != 0 && strcmp(zone, "BBB-2BBBB") != 0);
		time_t moment = 86400;
		struct tm tm;
		wrong += localtime_r(&moment, &tm) == NULL;
		strcpy(zones[0], tm.tm_zone);
		wrong += !(tm.tm_hour == 1 && strcmp(zones[0], "AAA") == 0) && !(tm.tm_hour == 2 && strcmp(zones[0], "BBB") == 0) &&
			!(tm.tm_hour == 3 && strcmp(zones[0], "BBBB") == 0);
		tzset();
		tm = (struct tm){.tm_year = 70, .tm_mon = 6, .tm_mday = 2};
		time_t back = mktime(&tm);
		long west = (long)back - 182 * 86400;
		wrong += west != -3600 && west != -7200 && west != -10800;
	}
	return NULL;
}

TEST(values_and_zones_stay_whole)
{
	OURS {
		pthread_t writers[WRITERS], readers[2];
		EQ(setenv("STAYS_1", "first", 1), 0);
		EQ(setenv("MOVES", "away", 1), 0);
		EQ(setenv("STAYS_2", "last", 1), 0);
		EQ(setenv("TZ", "AAA-1", 1), 0);
		EQ(unsetenv("MOVES"), 0);
		running = WRITERS;
		for (int at = 0; at < WRITERS; at++)
			EQ(pthread_create(&writers[at], NULL, writes, (void *)(intptr_t)at), 0);
		for (int at = 0; at < 2; at++)
			EQ(pthread_create(&readers[at], NULL, reads, NULL), 0);
		for (int at = 0; at < WRITERS; at++)
			EQ(pthread_join(writers[at], NULL), 0);
		for (int at = 0; at < 2; at++)
			EQ(pthread_join(readers[at], NULL), 0);
		EQ(wrong, 0);
		EQ(unsetenv("TZ"), 0);
		tzset();
	}
}

/* 7: both that stay are there; each name is there once. */
CHILD(sees_the_environment)
{
	int first = 0, last = 0, twice = 0;
	(void)argc, (void)argv;
	for (char **at = environ; *at != NULL; at++) {
		first += strcmp(*at, "STAYS_1=first") == 0;
		last += strcmp(*at, "STAYS_2=last") == 0;
		size_t name = strcspn(*at, "=") + 1;
		for (char **other = environ; other < at; other++)
			twice += strncmp(*at, *other, name) == 0;
	}
	return first == 1 && last == 1 && twice == 0 ? 7 : 8;
}

/* What stays lies behind what comes and goes, so it moves. */
static void *moves(void *unused)
{
	char name[32];
	(void)unused;
	while (running > 0)
		for (int at = 0; at < 50; at++) {
			snprintf(name, sizeof name, "BEFORE_%d", at % 10);
			unsetenv(name);
			setenv(name, "x", 1);
		}
	return NULL;
}

TEST(a_child_gets_the_environment_of_one_moment)
{
	OURS EXCEPT_ON(qemu, NO_CHILDREN) {
		pthread_t thread;
		int failed = 0;
		char name[32];
		for (int at = 0; at < 10; at++) {
			snprintf(name, sizeof name, "BEFORE_%d", at);
			EQ(setenv(name, "x", 1), 0);
		}
		EQ(unsetenv("STAYS_1"), 0);
		EQ(unsetenv("STAYS_2"), 0);
		EQ(setenv("STAYS_1", "first", 1), 0);
		EQ(setenv("STAYS_2", "last", 1), 0);
		running = 1;
		EQ(pthread_create(&thread, NULL, moves, NULL), 0);
		for (int round = 0; round < 15; round++)
			failed += !exits_with(child("sees_the_environment", NULL), 7);
		running = 0;
		EQ(pthread_join(thread, NULL), 0);
		EQ(failed, 0);
	}
}
