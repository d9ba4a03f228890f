#define _GNU_SOURCE
#include "../check.h"
#include <limits.h>
#include <stdlib.h>
#include <time.h>

static struct tm moment(int year, int month, int day, int hour, int minute, int second)
{
	struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute,
		.tm_sec = second, .tm_isdst = -1};
	return tm;
}

static void zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

TEST(gmtime_in_calendar)
{
	static const struct { time_t at; int year, month, day, hour, minute, second, week, of_year; } rows[] = {
		{0, 1970, 1, 1, 0, 0, 0, 4, 0},
		{-1, 1969, 12, 31, 23, 59, 59, 3, 364},
		{951782400, 2000, 2, 29, 0, 0, 0, 2, 59},
		{2147483647, 2038, 1, 19, 3, 14, 7, 2, 18},
		{2147483648, 2038, 1, 19, 3, 14, 8, 2, 18},
		{-2208988800, 1900, 1, 1, 0, 0, 0, 1, 0},
		{4107542400, 2100, 3, 1, 0, 0, 0, 1, 59},
		{253402300799, 9999, 12, 31, 23, 59, 59, 5, 364},
		{-62167219200, 0, 1, 1, 0, 0, 0, 6, 0},
		{-62135596801, 0, 12, 31, 23, 59, 59, 0, 365},
	};
	for (size_t at = 0; at < sizeof rows / sizeof *rows; at++) {
		struct tm tm;
		IS(gmtime_r(&rows[at].at, &tm) == &tm);
		int right = tm.tm_year + 1900 == rows[at].year && tm.tm_mon + 1 == rows[at].month && tm.tm_mday == rows[at].day
			&& tm.tm_hour == rows[at].hour && tm.tm_min == rows[at].minute && tm.tm_sec == rows[at].second
			&& tm.tm_wday == rows[at].week && tm.tm_yday == rows[at].of_year && tm.tm_isdst == 0 && tm.tm_gmtoff == 0;
		if (!right) {
			fail(__FILE__, __LINE__, "gmtime");
			fprintf(stderr, " row %zu\n", at);
		}
		EQ(timegm(&tm), rows[at].at);
	}
	time_t far = LLONG_MAX;
	EQ_ERRNO(gmtime(&far), NULL, EOVERFLOW);
}

TEST(mktime_normalises)
{
	zone("UTC0");
	struct tm tm = moment(2023, 14, 35, 25, 61, 61);
	EQ(mktime(&tm), 1709776921);
	IS(tm.tm_year == 124 && tm.tm_mon == 2 && tm.tm_mday == 7 && tm.tm_hour == 2 && tm.tm_min == 2 && tm.tm_sec == 1
		&& tm.tm_wday == 4 && tm.tm_yday == 66);
	tm = moment(2024, 3, 0, 0, 0, 0);
	EQ(mktime(&tm), 1709164800);
	IS(tm.tm_mon == 1 && tm.tm_mday == 29);
	tm = moment(2024, 1, 1, 0, 0, -1);
	EQ(mktime(&tm), 1704067199);
	/* -1 is a time as well: tm_wday tells it from a failure. */
	tm = moment(1969, 12, 31, 23, 59, 59);
	tm.tm_wday = 9;
	EQ(mktime(&tm), -1);
	EQ(tm.tm_wday, 3);
	tm = moment(2024, 1, 1, 0, 0, 0);
	tm.tm_year = INT_MAX;
	tm.tm_mon = INT_MAX;
	EQ_ERRNO(mktime(&tm), -1, EOVERFLOW);
}

TEST(zone_rules)
{
	zone("CET-1CEST,M3.5.0,M10.5.0/3");
	TEXT(tzname[0], "CET");
	TEXT(tzname[1], "CEST");
	IS(timezone == -3600 && daylight == 1);
	time_t winter = 1705320000, summer = 1721044800;
	struct tm tm;
	IS(localtime_r(&winter, &tm) && tm.tm_hour == 13 && tm.tm_isdst == 0 && tm.tm_gmtoff == 3600);
	TEXT(tm.tm_zone, "CET");
	IS(localtime_r(&summer, &tm) && tm.tm_hour == 14 && tm.tm_isdst == 1 && tm.tm_gmtoff == 7200);
	TEXT(tm.tm_zone, "CEST");
	/* The seconds around the changes of 2024: 31 March 01:00 UTC, 27 October 01:00 UTC. */
	time_t before = 1711846799, after = 1711846800;
	IS(localtime_r(&before, &tm) && tm.tm_hour == 1 && tm.tm_isdst == 0);
	IS(localtime_r(&after, &tm) && tm.tm_hour == 3 && tm.tm_isdst == 1);
	before = 1729990799, after = 1729990800;
	IS(localtime_r(&before, &tm) && tm.tm_hour == 2 && tm.tm_isdst == 1);
	IS(localtime_r(&after, &tm) && tm.tm_hour == 2 && tm.tm_isdst == 0);
	/* The hour that is there twice: tm_isdst chooses. */
	tm = moment(2024, 10, 27, 2, 30, 0);
	tm.tm_isdst = 1;
	EQ(mktime(&tm), 1729989000);
	tm = moment(2024, 10, 27, 2, 30, 0);
	tm.tm_isdst = 0;
	EQ(mktime(&tm), 1729992600);
	tm = moment(2024, 7, 15, 14, 0, 0);
	EQ(mktime(&tm), summer);
	EQ(tm.tm_isdst, 1);
	/* A summer time in winter is an hour earlier by the zone's own clock. */
	tm = moment(2024, 1, 15, 13, 0, 0);
	tm.tm_isdst = 1;
	EQ(mktime(&tm), winter - 3600);
	IS(tm.tm_hour == 12 && tm.tm_isdst == 0);
}

TEST(zone_rules_of_the_south_and_odd_ones)
{
	struct tm tm;
	time_t january = 1705320000, july = 1721044800;
	zone("AEST-10AEDT,M10.1.0,M4.1.0/3");
	IS(localtime_r(&january, &tm) && tm.tm_isdst == 1 && tm.tm_gmtoff == 39600);
	IS(localtime_r(&july, &tm) && tm.tm_isdst == 0 && tm.tm_gmtoff == 36000);
	zone("<-0330>+3:30<-0230>,J60/0,J300/4:30:15");
	IS(localtime_r(&january, &tm) && tm.tm_isdst == 0 && tm.tm_gmtoff == -12600);
	TEXT(tm.tm_zone, "-0330");
	IS(localtime_r(&july, &tm) && tm.tm_isdst == 1 && tm.tm_gmtoff == -9000);
	zone("XYZ5:30:10");
	IS(localtime_r(&july, &tm) && tm.tm_gmtoff == -19810 && tm.tm_isdst == 0);
	EQ(daylight, 0);
	zone("EST5EDT,0/0,364/25");
	IS(localtime_r(&january, &tm) && tm.tm_isdst == 1);
	zone("");
	IS(localtime_r(&january, &tm) && tm.tm_gmtoff == 0);
	zone("UTC0");
}

TEST(strftime_in_calendar)
{
	char text[128];
	zone("CET-1CEST,M3.5.0,M10.5.0/3");
	struct tm tm = moment(2024, 2, 3, 4, 5, 6);
	mktime(&tm);
	static const struct { const char *format, *expected; } rows[] = {
		{"%Y-%m-%d %H:%M:%S", "2024-02-03 04:05:06"}, {"%a %A %b %B %h", "Sat Saturday Feb February Feb"},
		{"%C %y %e %j %u %w", "20 24  3 034 6 6"}, {"%I %l %p %P %k %M", "04  4 AM am  4 05"},
		{"%D|%F|%R|%T|%r", "02/03/24|2024-02-03|04:05|04:05:06|04:05:06 AM"}, {"%c|%x|%X", "Sat Feb  3 04:05:06 2024|02/03/24|04:05:06"},
		{"%G %g %V %U %W", "2024 24 05 04 05"}, {"%z %Z %s", "+0100 CET 1706929506"}, {"%%%n%t", "%\n\t"},
		{"%Ey %Od %EC", "24 03 20"}, {"", ""},
	};
	for (size_t at = 0; at < sizeof rows / sizeof *rows; at++) {
		if (HOST == HOST_musl && (strstr(rows[at].format, "%l") || strstr(rows[at].format, "%k")))
			continue; /* musl 1.2.3 has none of %l %k */
		size_t length = strftime(text, sizeof text, rows[at].format, &tm);
		if (length != strlen(rows[at].expected) || strcmp(text, rows[at].expected) != 0) {
			fail(__FILE__, __LINE__, rows[at].format);
			fprintf(stderr, " is \"%s\", not \"%s\"\n", text, rows[at].expected);
		}
	}
	GIVES(strftime(text, 5, "%Y", &tm), 4u);
	GIVES(strftime(text, 4, "%Y", &tm), 0u);
	/* Weeks of ISO 8601 at the turn of years. */
	static const struct { int year, month, day; const char *expected; } weeks[] = {
		{2020, 12, 31, "2020-53"}, {2021, 1, 3, "2020-53"}, {2021, 1, 4, "2021-01"}, {2024, 12, 30, "2025-01"}, {2027, 1, 1, "2026-53"},
	};
	for (size_t at = 0; at < sizeof weeks / sizeof *weeks; at++) {
		tm = moment(weeks[at].year, weeks[at].month, weeks[at].day, 12, 0, 0);
		mktime(&tm);
		strftime(text, sizeof text, "%G-%V", &tm);
		TEXT(text, weeks[at].expected);
	}
	zone("UTC0");
}

TEST(strptime_in_calendar)
{
	struct tm tm;
	memset(&tm, 0, sizeof tm);
	TEXT(strptime("2024-02-03 04:05:06 rest", "%Y-%m-%d %H:%M:%S", &tm), " rest");
	IS(tm.tm_year == 124 && tm.tm_mon == 1 && tm.tm_mday == 3 && tm.tm_hour == 4 && tm.tm_min == 5 && tm.tm_sec == 6);
	TEXT(strptime("Sat, 03 february 99", "%a, %d %B %y", &tm), "");
	IS(tm.tm_wday == 6 && tm.tm_mday == 3 && tm.tm_mon == 1 && tm.tm_year == 99);
	TEXT(strptime("12:30 AM", "%I:%M %p", &tm), "");
	IS(tm.tm_hour == 0 && tm.tm_min == 30);
	TEXT(strptime("01:05 pm", "%I:%M %p", &tm), "");
	EQ(tm.tm_hour, 13);
	TEXT(strptime("068", "%j", &tm), "");
	EQ(tm.tm_yday, 67);
	TEXT(strptime("68", "%y", &tm), "");
	EQ(tm.tm_year, 168);
	TEXT(strptime("5 % x", "%e %% x", &tm), "");
	EQ(tm.tm_mday, 5);
	TEXT(strptime("11/12/13 10:11", "%D %R", &tm), "");
	IS(tm.tm_mon == 10 && tm.tm_mday == 12 && tm.tm_year == 113 && tm.tm_hour == 10 && tm.tm_min == 11);
	EQ(strptime("13", "%m", &tm), NULL);
	EQ(strptime("32", "%d", &tm), NULL);
	EQ(strptime("Xyz", "%b", &tm), NULL);
	EQ(strptime("ab", "ac", &tm), NULL);
}

TEST(asctime_and_ctime)
{
	char text[32];
	struct tm tm = moment(2024, 2, 3, 4, 5, 6);
	tm.tm_wday = 6;
	TEXT(asctime_r(&tm, text), "Sat Feb  3 04:05:06 2024\n");
	TEXT(asctime(&tm), "Sat Feb  3 04:05:06 2024\n");
	time_t at = 0;
	zone("UTC0");
	TEXT(ctime_r(&at, text), "Thu Jan  1 00:00:00 1970\n");
	TEXT(ctime(&at), "Thu Jan  1 00:00:00 1970\n");
	IS(difftime(10, 7) == 3.0 && difftime(7, 10) == -3.0);
}
