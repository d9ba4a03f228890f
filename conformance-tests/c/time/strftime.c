#define _GNU_SOURCE
#include "../check.h"
#include <stdlib.h>
#include <time.h>
#include <wchar.h>

static char out[200];
static const char *text(const char *format, time_t seconds)
{
	struct tm time;
	gmtime_r(&seconds, &time);
	strcpy(out, "?");
	strftime(out, sizeof out, format, &time);
	errno = 0;
	return out;
}

TEST(strftime)
{
	time_t moment = 1234567890;
	TEXT(text("%a %A %b %B %h", moment), "Fri Friday Feb February Feb");
	TEXT(text("%c", moment), "Fri Feb 13 23:31:30 2009");
	TEXT(text("%C|%d|%D|%e|%F", moment), "20|13|02/13/09|13|2009-02-13");
	TEXT(text("%g %G %H %I %j %m %M", moment), "09 2009 23 11 044 02 31");
	TEXT(text("%p %r %R %S %T %u", moment), "PM 11:31:30 PM 23:31 30 23:31:30 5");
	TEXT(text("%U %V %w %W %x %X %y %Y", moment), "06 07 5 06 02/13/09 23:31:30 09 2009");
	TEXT(text("[%n%t%%]", moment), "[\n\t%]");
	TEXT(text("%G-W%V-%u", 1104537600), "2004-W53-6");
	TEXT(text("%I %p %e", 0), "12 AM  1");
	TEXT(text("%z %Ey %OM", 0), "+0000 70 00");
	EXCEPT(glibc, "it has no + flag") {
		TEXT(text("%+5Y %+4Y %05Y", moment), "+2009 2009 02009");
	}
	struct tm time = {.tm_mday = 1, .tm_year = 109};
	IS(strftime(out, 5, "%Y", &time) == 4);
	IS(strftime(out, 4, "%Y", &time) == 0);
	wchar_t wide[20];
	IS(wcsftime(wide, 20, L"<%Y>\u00e9", &time) == 7);
	EQ(wcscmp(wide, L"<2009>\u00e9"), 0);
}

TEST(strptime)
{
	struct tm time = {0};
	const char *all = "2024-02-29 23:59:60 rest";
	EQ(strptime(all, "%Y-%m-%d %H:%M:%S", &time), (char *)all + 19);
	IS(time.tm_year == 124 && time.tm_mon == 1 && time.tm_mday == 29);
	IS(time.tm_hour == 23 && time.tm_min == 59 && time.tm_sec == 60);
	IS(strptime("12 AM", "%I %p", &time) && time.tm_hour == 0);
	IS(strptime("68", "%y", &time) && time.tm_year == 168);
	IS(strptime("69", "%y", &time) && time.tm_year == 69);
	IS(strptime(" SEPtember", " %b", &time) && time.tm_mon == 8);
	EQ(strptime("13", "%m", &time), NULL);
	EQ(strptime("Foo", "%a", &time), NULL);
	EQ(strptime("2", "3", &time), NULL);
}

TEST(asctime)
{
	time_t zero = 0;
	TEXT(asctime(gmtime(&zero)), "Thu Jan  1 00:00:00 1970\n");
	setenv("TZ", "XYZ-1", 1);
	IS(strcmp(ctime(&zero), "Thu Jan  1 01:00:00 1970\n") == 0);
}

/* C23 7.29.3.5: the members as they are, also where they are not those of one day. */
TEST(strftime_week_of_contradicting_days)
{
	static const struct { int year, day, weekday; const char *text; } cases[] = {
		{2024, 0, 1, "2024 24 01"}, {2024, 0, 4, "2024 24 01"}, {2024, 0, 5, "2023 23 53"}, {2023, 0, 5, "2022 22 53"},
		{2025, 0, 5, "2024 24 53"}, {2025, 0, 6, "2024 24 53"}, {2024, 0, 6, "2023 23 52"}, {2024, 0, 0, "2023 23 52"}, {2023, 364, 4, "2023 23 53"}, {2023, 364, 3, "2024 24 01"},
		{2023, 364, 1, "2024 24 01"}, {2024, 365, 5, "2024 24 53"}, {2024, 365, 4, "2024 24 53"}, {2024, 365, 3, "2025 25 01"}, {2000, 365, 6, "2000 00 52"},
	};
	for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
		struct tm time = {.tm_year = cases[at].year - 1900, .tm_yday = cases[at].day, .tm_wday = cases[at].weekday, .tm_mday = 1};
		char text[40];
		wchar_t wide[40];
		GIVES(strftime(text, sizeof text, "%G %g %V", &time), 10u);
		TEXT(text, cases[at].text);
		GIVES(wcsftime(wide, 40, L"%G %g %V", &time), 10u);
		for (int i = 0; i < 10; i++)
			EQ(wide[i], (wchar_t)cases[at].text[i]);
	}
}
