#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <stdlib.h>
#include <time.h>

static void zone(const char *value)
{
	setenv("TZ", value, 1);
	tzset();
}

static time_t make(int year, int month, int day, int hour, int minute, int isdst)
{
	struct tm time = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute,
		.tm_isdst = isdst};
	return mktime(&time);
}

TEST(mktime)
{
	zone("EST5EDT,M3.2.0,M11.1.0");
	EQ(make(2024, 1, 1, 12, 0, -1), 1704128400);
	EQ(make(2024, 7, 1, 12, 0, -1), 1719849600);
	EQ(make(2024, 11, 3, 1, 30, 1), 1730611800);
	EQ(make(2024, 11, 3, 1, 30, 0), 1730615400);
	struct tm time = {.tm_year = 124, .tm_mon = 13, .tm_mday = -3, .tm_hour = 25, .tm_isdst = -1};
	EQ(mktime(&time), 1738130400);
	IS(time.tm_year == 125 && time.tm_mon == 0 && time.tm_mday == 29 && time.tm_hour == 1 && time.tm_isdst == 0);
	IS(time.tm_wday == 3 && time.tm_yday == 28 && time.tm_gmtoff == -18000 && strcmp(time.tm_zone, "EST") == 0);
	time.tm_year = INT_MAX;
	time.tm_mon = 12;
	EQ_ERRNO(mktime(&time), -1, EOVERFLOW);
}

TEST(localtime)
{
	time_t changes[] = {1711846799, 1711846800, 1729990799, 1729990800};
	int hours[] = {1, 3, 2, 2}, flags[] = {0, 1, 1, 0};
	zone("CET-1CEST,M3.5.0,M10.5.0/3");
	for (int i = 0; i < 4; i++) {
		struct tm *time = localtime(&changes[i]);
		EQ(time->tm_hour, hours[i]);
		EQ(time->tm_isdst, flags[i]);
		EQ(time->tm_gmtoff, flags[i] ? 7200L : 3600L);
	}
	TEXT(tzname[0], "CET");
	TEXT(tzname[1], "CEST");
	IS(timezone == -3600 && daylight == 1);
	zone("<-0330>3:30");
	TEXT(tzname[0], "-0330");
	IS(timezone == 12600 && daylight == 0);
	zone("Europe/Paris");
	time_t summer = 1720000000, war = -900000000;
	EQ(localtime(&summer)->tm_hour, 11);
	TEXT(localtime(&summer)->tm_zone, "CEST");
	EQ(localtime(&war)->tm_gmtoff, 7200L);
	zone("UTC0");
}

TEST(gmtime)
{
	struct tm time;
	time_t late = 67768036191676799, early = -67768040609740800, before = -1;
	IS(gmtime_r(&late, &time) && time.tm_year == INT_MAX && time.tm_mon == 11 && time.tm_sec == 59);
	IS(gmtime_r(&early, &time) && time.tm_year == INT_MIN && time.tm_mon == 0);
	late++;
	EQ_ERRNO((void *)gmtime_r(&late, &time), NULL, EOVERFLOW);
	IS(gmtime_r(&before, &time) && time.tm_year == 69 && time.tm_yday == 364 && time.tm_wday == 3);
	EQ(timegm(&time), -1);
	EXCEPT(musl, "it subtracts before it converts") {
		EQ(difftime(LONG_MAX, -1), 0x1p63);
	}
}

TEST(clock_gettime)
{
	struct timespec one, two, wrong = {0, 1000000000}, moment = {0, 5000000};
	EQ(clock_gettime(CLOCK_MONOTONIC, &one), 0);
	EQ(nanosleep(&moment, NULL), 0);
	EQ(clock_gettime(CLOCK_MONOTONIC, &two), 0);
	IS((two.tv_sec - one.tv_sec) * 1000000000 + two.tv_nsec - one.tv_nsec >= 5000000);
	EQ_ERRNO(clock_gettime(99, &one), -1, EINVAL);
	EQ_ERRNO(nanosleep(&wrong, NULL), -1, EINVAL);
	EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &one, NULL), 0);
	EQ(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &moment, NULL), EINVAL);
	EQ(clock_getres(CLOCK_REALTIME, &one), 0);
	time_t now = time(NULL), same;
	IS(time(&same) - now <= 1 && same - now <= 1);
	IS(clock() >= 0);
}
