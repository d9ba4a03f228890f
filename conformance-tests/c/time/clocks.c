#define _GNU_SOURCE
#include "../check.h"
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long long now(clockid_t clock)
{
	struct timespec at = {-1, -1};
	EQ(clock_gettime(clock, &at), 0);
	IS(at.tv_nsec >= 0 && at.tv_nsec < 1000000000);
	return at.tv_sec * 1000000000LL + at.tv_nsec;
}

TEST(clocks_advance)
{
	long long last = now(CLOCK_MONOTONIC);
	for (int at = 0; at < 1000; at++) {
		long long next = now(CLOCK_MONOTONIC);
		IS(next >= last);
		last = next;
	}
	struct timespec tick, base;
	struct timeval day;
	EQ(clock_getres(CLOCK_MONOTONIC, &tick), 0);
	IS(tick.tv_sec == 0 && tick.tv_nsec > 0);
	EQ(clock_getres(CLOCK_REALTIME, NULL), 0);
	EQ_ERRNO(clock_gettime(999, &tick), -1, EINVAL);
	/* Later than when this was written. */
	time_t seconds = 0, answer = time(&seconds);
	IS(answer == seconds && answer > 1700000000);
	EQ(gettimeofday(&day, NULL), 0);
	IS(day.tv_sec - answer <= 2 && day.tv_usec >= 0 && day.tv_usec < 1000000);
	EQ(timespec_get(&base, TIME_UTC), TIME_UTC);
	IS(base.tv_sec - answer <= 2);
	EQ(timespec_get(&base, 77), 0);
	IS(now(CLOCK_PROCESS_CPUTIME_ID) >= 0 && now(CLOCK_THREAD_CPUTIME_ID) >= 0);
	IS(clock() >= 0);
}

TEST(sleeps)
{
	long long begun = now(CLOCK_MONOTONIC);
	struct timespec span = {0, 20000000}, wrong = {0, 1000000000}, negative = {-1, 0};
	EQ(nanosleep(&span, NULL), 0);
	IS(now(CLOCK_MONOTONIC) - begun >= 19000000);
	EQ_ERRNO(nanosleep(&wrong, NULL), -1, EINVAL);
	EQ_ERRNO(nanosleep(&negative, NULL), -1, EINVAL);
	begun = now(CLOCK_MONOTONIC);
	long long until = begun + 15000000;
	struct timespec at = {until / 1000000000, until % 1000000000};
	EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL), 0);
	IS(now(CLOCK_MONOTONIC) >= until);
	/* The past is no wait; errors are the result. */
	EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL), 0);
	EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &wrong, NULL), EINVAL);
	begun = now(CLOCK_MONOTONIC);
	EQ(usleep(5000), 0);
	EQ(sleep(0), 0u);
	IS(now(CLOCK_MONOTONIC) - begun >= 4000000);
}
