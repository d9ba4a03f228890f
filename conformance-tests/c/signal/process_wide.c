/* A signal for the process goes to a thread that does not block it, also when the one that was chosen blocks it just then. */
#include "../check.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int taken, round_of_blocker, ended, left;

static void takes(int signal)
{
	(void)signal;
	taken++;
}

static void mask(int how)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(how, &set, NULL);
}

/* Open for a moment in each round, then blocked until the signal was taken. */
static void *opens_and_blocks(void *unused)
{
	(void)unused;
	for (int round = 1; !ended; round++) {
		mask(SIG_UNBLOCK);
		round_of_blocker = round;
		for (volatile int at = 0; at < round % 64 * 8;)
			at++;
		mask(SIG_BLOCK);
		while (!ended && taken < round)
			usleep(100);
	}
	return NULL;
}

static void *stays_open(void *unused)
{
	mask(SIG_UNBLOCK);
	/* Nothing but a signal ends the wait. */
	while (!ended)
		sleep(100);
	left = 1;
	return unused;
}

TEST(a_signal_that_the_chosen_thread_blocks_goes_to_another)
{
	enum { ROUNDS = 500 };
	struct sigaction action = {.sa_handler = takes}, before;
	pthread_t blocker, open;
	EQ(sigaction(SIGUSR1, &action, &before), 0);
	mask(SIG_BLOCK);
	taken = round_of_blocker = ended = left = 0;
	EQ(pthread_create(&blocker, NULL, opens_and_blocks, NULL), 0);
	EQ(pthread_create(&open, NULL, stays_open, NULL), 0);
	int lost = 0;
	for (int round = 1; round <= ROUNDS && !lost; round++) {
		while (round_of_blocker < round)
			;
		EQ(kill(getpid(), SIGUSR1), 0);
		int waits = 0;
		while (taken < round && ++waits < 10000)
			usleep(1000);
		lost = taken != round;
	}
	EQ(lost, 0);
	ended = 1;
	EQ(pthread_join(blocker, NULL), 0);
	/* It may have taken the last one, and sleep again or be gone. */
	for (; !left; usleep(1000))
		EQ(pthread_kill(open, SIGUSR1), 0);
	EQ(pthread_join(open, NULL), 0);
	EQ(sigaction(SIGUSR1, &before, NULL), 0);
	mask(SIG_UNBLOCK);
}
