/* poll, ppoll, select, pselect, pause, sigsuspend. */
#define _GNU_SOURCE
#include "check.h"
#include <poll.h>
#include <signal.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

TEST(poll_tells_what_is_there)
{
	int end[2];
	EQ(pipe(end), 0);
	struct pollfd items[] = {{end[0], POLLIN, 99}, {end[1], POLLOUT, 99}, {-1, POLLIN, 99}};
	EQ(poll(items, 3, -1), 1);
	EQ(items[0].revents, 0);
	EQ(items[1].revents, POLLOUT);
	EQ(items[2].revents, 0);
	EQ(poll(items, 1, 20), 0);
	EQ(write(end[1], "x", 1), 1);
	EQ(poll(items, 1, 0), 1);
	EQ(items[0].revents, POLLIN);
	EQ(close(end[1]), 0);
	char byte;
	EQ(read(end[0], &byte, 1), 1);
	EQ(poll(items, 1, -1), 1);
	EQ(items[0].revents & POLLHUP, POLLHUP);
	EQ(close(end[0]), 0);
	EQ(poll(items, 1, -1), 1);
	EQ(items[0].revents, POLLNVAL);
}

TEST(waits_last_as_long_as_they_should)
{
	struct timespec begin, end, length = {0, 30000000}, wrong = {0, 1000000000};
	struct timeval short_time = {0, 30000}, below_zero = {0, -1};
	EQ(clock_gettime(CLOCK_MONOTONIC, &begin), 0);
	EQ(poll(NULL, 0, 30), 0);
	EQ(ppoll(NULL, 0, &length, NULL), 0);
	EQ(pselect(0, NULL, NULL, NULL, &length, NULL), 0);
	EQ(select(0, NULL, NULL, NULL, &short_time), 0);
	EQ(clock_gettime(CLOCK_MONOTONIC, &end), 0);
	IS((end.tv_sec - begin.tv_sec) * 1000000000 + end.tv_nsec - begin.tv_nsec >= 120000000);
	EQ_ERRNO(ppoll(NULL, 0, &wrong, NULL), -1, EINVAL);
	EQ_ERRNO(pselect(0, NULL, NULL, NULL, &wrong, NULL), -1, EINVAL);
	EQ_ERRNO(select(0, NULL, NULL, NULL, &below_zero), -1, EINVAL);
	EQ_ERRNO(select(-1, NULL, NULL, NULL, NULL), -1, EINVAL);
}

TEST(select_keeps_what_is_ready)
{
	int end[2];
	EQ(pipe(end), 0);
	fd_set input, output;
	FD_ZERO(&input);
	FD_ZERO(&output);
	FD_SET(end[0], &input);
	FD_SET(end[0], &output);
	FD_SET(end[1], &output);
	FD_CLR(end[0], &output);
	IS(FD_ISSET(end[0], &input) && !FD_ISSET(end[0], &output) && FD_ISSET(end[1], &output));
	EQ(select(end[1] + 1, &input, &output, NULL, NULL), 1);
	IS(!FD_ISSET(end[0], &input) && FD_ISSET(end[1], &output));
	EQ(write(end[1], "x", 1), 1);
	FD_SET(end[0], &input);
	EQ(select(end[1] + 1, &input, &output, NULL, NULL), 2);
	IS(FD_ISSET(end[0], &input) && FD_ISSET(end[1], &output));
	EQ(close(end[0]), 0);
	EQ_ERRNO(select(end[1] + 1, &input, NULL, NULL, NULL), -1, EBADF);
	IS(FD_ISSET(end[0], &input));
	EQ(close(end[1]), 0);
}

static volatile sig_atomic_t handled;

static void note(int number)
{
	handled += number;
}

TEST(a_mask_lets_a_signal_through_during_the_wait_only)
{
	sigset_t blocked, before, none, now;
	struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART}, old;
	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	EQ(sigaction(SIGUSR1, &action, &old), 0);
	EQ(sigprocmask(SIG_BLOCK, &blocked, &before), 0);
	handled = 0;
	EQ(raise(SIGUSR1), 0);
	EQ(poll(NULL, 0, 10), 0);
	EQ(handled, 0);
	EQ_ERRNO(ppoll(NULL, 0, NULL, &none), -1, EINTR);
	EQ(handled, SIGUSR1);
	EQ(raise(SIGUSR1), 0);
	EQ_ERRNO(pselect(0, NULL, NULL, NULL, NULL, &none), -1, EINTR);
	EQ(handled, 2 * SIGUSR1);
	EQ(raise(SIGUSR1), 0);
	EQ_ERRNO(sigsuspend(&none), -1, EINTR);
	EQ(handled, 3 * SIGUSR1);
	EQ(sigprocmask(SIG_SETMASK, &before, &now), 0);
	EQ(sigismember(&now, SIGUSR1), 1);
	EQ(sigaction(SIGUSR1, &old, NULL), 0);
}
