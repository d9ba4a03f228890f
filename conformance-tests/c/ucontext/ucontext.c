#include "../check.h"
/* musl has no contexts. */
#if HOST != HOST_musl
#include "../on_thread.h"
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>

enum { STACK = 65536 };

static ucontext_t main_context, context;

static char *begin(ucontext_t *new, ucontext_t *link)
{
	char *stack = malloc(STACK);
	IS(stack != NULL);
	EQ(getcontext(new), 0);
	new->uc_stack.ss_sp = stack;
	new->uc_stack.ss_size = STACK;
	new->uc_link = link;
	return stack;
}

TEST(a_context_goes_on_where_it_was_noted)
{
	volatile int rounds = 0;
	volatile double kept = 1.5;
	EQ(getcontext(&context), 0);
	rounds++;
	if (rounds < 4)
		setcontext(&context);
	EQ(rounds, 4);
	IS(kept == 1.5);
}

static volatile int yielded;

static void counts(void)
{
	for (int number = 1; number <= 10; number++) {
		/* Numbers live in registers and on the stack meanwhile. */
		char text[40];
		double half = number / 2.0;
		snprintf(text, sizeof text, "%d %.1f", number, half);
		yielded = number;
		swapcontext(&context, &main_context);
		char now[40];
		snprintf(now, sizeof now, "%d %.1f", number, half);
		TEXT(text, now);
	}
	yielded = -1;
}

TEST(a_generator_yields_and_ends)
{
	char *stack = begin(&context, &main_context);
	makecontext(&context, counts, 0);
	for (int number = 1; number <= 10; number++) {
		EQ(swapcontext(&main_context, &context), 0);
		EQ(yielded, number);
	}
	/* The function returns, and uc_link is this one. */
	EQ(swapcontext(&main_context, &context), 0);
	EQ(yielded, -1);
	free(stack);
}

static volatile int sums;

static void takes_ten(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j)
{
	IS(a == 1 && b == -2 && c == 3 && d == -4 && e == 5 && f == -6 && g == 7 && h == -8 && i == 9 && j == -10);
	IS((uintptr_t)__builtin_frame_address(0) % 16 == 0);
	sums += a + b + c + d + e + f + g + h + i + j;
}

static void takes_pointers(char *one, size_t two, char *three, size_t four, char *five, size_t six, char *seven)
{
	IS(strcmp(one, "one") == 0 && strcmp(three, "three") == 0 && strcmp(five, "five") == 0 && strcmp(seven, "seven") == 0);
	IS(two == SIZE_MAX && four == SIZE_MAX - 1 && six == 6);
	sums++;
}

static void takes_one(int one)
{
	sums += one;
}

TEST(arguments_arrive_in_registers_and_on_the_stack)
{
	char *stack = begin(&context, &main_context);
	sums = 0;
	makecontext(&context, (void (*)(void))takes_ten, 10, 1, -2, 3, -4, 5, -6, 7, -8, 9, -10);
	EQ(swapcontext(&main_context, &context), 0);
	EQ(sums, -5);
	EQ(getcontext(&context), 0);
	makecontext(&context, (void (*)(void))takes_one, 1, 105);
	EQ(swapcontext(&main_context, &context), 0);
	EQ(sums, 100);
	EQ(getcontext(&context), 0);
	makecontext(&context, (void (*)(void))takes_pointers, 7, "one", SIZE_MAX, "three", SIZE_MAX - 1, "five", (size_t)6, "seven");
	EQ(swapcontext(&main_context, &context), 0);
	EQ(sums, 101);
	free(stack);
}

enum { MANY = 1000 };
static ucontext_t many[MANY];
static int turns[MANY];

static void takes_turns(int own)
{
	for (int turn = 0; turn < 3; turn++) {
		turns[own]++;
		swapcontext(&many[own], &main_context);
	}
	turns[own] += 100;
}

TEST(a_thousand_contexts_take_turns)
{
	static char *stacks[MANY];
	for (int at = 0; at < MANY; at++) {
		stacks[at] = begin(&many[at], &main_context);
		makecontext(&many[at], (void (*)(void))takes_turns, 1, at);
	}
	for (int turn = 0; turn < 4; turn++)
		for (int at = 0; at < MANY; at++)
			GIVES(swapcontext(&main_context, &many[at]), 0);
	for (int at = 0; at < MANY; at++) {
		EQ(turns[at], 103);
		free(stacks[at]);
	}
}

static int order[8], orders;

static void first_of_chain(void)
{
	order[orders++] = 1;
}

static void second_of_chain(void)
{
	order[orders++] = 2;
}

TEST(uc_link_chains_contexts)
{
	ucontext_t second;
	char *stack = begin(&context, &second), *other = begin(&second, &main_context);
	makecontext(&second, second_of_chain, 0);
	makecontext(&context, first_of_chain, 0);
	EQ(swapcontext(&main_context, &context), 0);
	EQ(orders, 2);
	IS(order[0] == 1 && order[1] == 2);
	free(stack);
	free(other);
}

static void blocks(void)
{
	sigset_t now, set;
	sigprocmask(SIG_BLOCK, NULL, &now);
	EQ(sigismember(&now, SIGUSR1), 1);
	EQ(sigismember(&now, SIGUSR2), 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_SETMASK, &set, NULL);
	swapcontext(&context, &main_context);
	sigprocmask(SIG_BLOCK, NULL, &now);
	EQ(sigismember(&now, SIGUSR2), 1);
}

TEST(each_context_has_its_signal_mask)
{
	sigset_t set, now;
	char *stack = begin(&context, &main_context);
	sigemptyset(&context.uc_sigmask);
	sigaddset(&context.uc_sigmask, SIGUSR1);
	makecontext(&context, blocks, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_SETMASK, &set, NULL);
	for (int turn = 0; turn < 2; turn++) {
		EQ(swapcontext(&main_context, &context), 0);
		sigprocmask(SIG_BLOCK, NULL, &now);
		IS(sigismember(&now, SIGWINCH) == 1 && sigismember(&now, SIGUSR1) == 0 && sigismember(&now, SIGUSR2) == 0);
	}
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	free(stack);
}

static volatile double one = 1, three = 3;

static void rounds_up(void)
{
	fesetround(FE_UPWARD);
	double up = one / three;
	swapcontext(&context, &main_context);
	EQ(fegetround(), FE_UPWARD);
	IS(one / three == up);
}

TEST(each_context_has_its_floating_point_environment)
{
	char *stack = begin(&context, &main_context);
	makecontext(&context, rounds_up, 0);
	feclearexcept(FE_ALL_EXCEPT);
	double nearest = one / three;
	feclearexcept(FE_ALL_EXCEPT);
	EQ(swapcontext(&main_context, &context), 0);
	EQ(fegetround(), FE_TONEAREST);
	IS(one / three == nearest);
	feclearexcept(FE_ALL_EXCEPT);
	feraiseexcept(FE_OVERFLOW);
	EQ(swapcontext(&main_context, &context), 0);
	EQ(fegetround(), FE_TONEAREST);
	EXCEPT(glibc, "what SSE has seen stays where it was seen")
		EQ(fetestexcept(FE_ALL_EXCEPT), FE_OVERFLOW);
	feclearexcept(FE_ALL_EXCEPT);
	free(stack);
}

static sigjmp_buf back;
static volatile int faults;

static void leaves(int number)
{
	(void)number;
	faults++;
	siglongjmp(back, 1);
}

/* Work of the host, faults and large frames on a stack of the program's own, and again on the thread's. */
static void works(void)
{
	for (volatile int round = 0; round < 3; round++) {
		char large[20000], path[] = "/tmp/xlibc-context-XXXXXX";
		memset(large, round, sizeof large);
		int file = mkstemp(path);
		IS(file >= 0);
		GIVES(write(file, large, sizeof large), (ssize_t)sizeof large);
		GIVES(lseek(file, 0, SEEK_END), (off_t)sizeof large);
		EQ(close(file), 0);
		EQ(unlink(path), 0);
		if (sigsetjmp(back, 1) == 0)
			*(volatile int *)(uintptr_t)(16 + round) = 1;
		swapcontext(&context, &main_context);
	}
}

TEST(the_host_works_on_every_stack)
{
	enum { LARGE = 262144 };
	struct sigaction action = {.sa_handler = leaves}, before;
	EQ(sigaction(SIGSEGV, &action, &before), 0);
	char *stack = mmap(NULL, LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	IS(stack != MAP_FAILED);
	EQ(getcontext(&context), 0);
	context.uc_stack.ss_sp = stack;
	context.uc_stack.ss_size = LARGE;
	context.uc_link = &main_context;
	faults = 0;
	makecontext(&context, works, 0);
	for (volatile int round = 0; round < 3; round++) {
		EQ(swapcontext(&main_context, &context), 0);
		if (sigsetjmp(back, 1) == 0)
			*(volatile int *)(uintptr_t)16 = 1;
		char large[50000];
		memset(large, 1, sizeof large);
		IS(large[round] == 1);
		EQ_ERRNO(access("/nowhere", F_OK), -1, ENOENT);
		errno = 0;
	}
	EQ(swapcontext(&main_context, &context), 0);
	EQ(faults, 6);
	sigaction(SIGSEGV, &before, NULL);
	munmap(stack, LARGE);
}

static ucontext_t preempted;
static volatile int in_handler, spins;

static void yields(int number)
{
	(void)number;
	in_handler++;
	swapcontext(&preempted, &main_context);
	in_handler--;
}

static void raises(void)
{
	for (int round = 0; round < 5; round++) {
		raise(SIGUSR1);
		spins++;
	}
}

TEST(a_handler_switches_away_and_is_returned_to)
{
	struct sigaction action = {.sa_handler = yields}, before;
	EQ(sigaction(SIGUSR1, &action, &before), 0);
	char *stack = begin(&context, &main_context);
	makecontext(&context, raises, 0);
	EQ(swapcontext(&main_context, &context), 0);
	for (int round = 0; round < 5; round++) {
		EQ(in_handler, 1);
		EQ(spins, round);
		EQ(swapcontext(&main_context, &preempted), 0);
	}
	EQ(spins, 5);
	EQ(in_handler, 0);
	sigaction(SIGUSR1, &before, NULL);
	free(stack);
}

static void *on_own_thread(void *result)
{
	ucontext_t here, there;
	char *stack = begin(&there, &here);
	sums = 0;
	makecontext(&there, (void (*)(void))takes_one, 1, 7);
	EQ(swapcontext(&here, &there), 0);
	free(stack);
	*(int *)result = sums;
	return result;
}

/* Without uc_link the thread ends where the function returns. */
static void *ends_in_a_context(void *stack)
{
	ucontext_t there;
	EQ(getcontext(&there), 0);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = STACK;
	there.uc_link = NULL;
	makecontext(&there, (void (*)(void))takes_one, 1, 1);
	setcontext(&there);
	return stack;
}

static void exits_thread(void)
{
	pthread_exit((void *)&sums);
}

static void *exits_in_a_context(void *stack)
{
	ucontext_t there;
	EQ(getcontext(&there), 0);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = STACK;
	there.uc_link = NULL;
	makecontext(&there, exits_thread, 0);
	setcontext(&there);
	return stack;
}

TEST(threads_have_contexts_and_end_in_them)
{
	int result = 0;
	IS(in_thread(on_own_thread, &result) == &result);
	EQ(result, 7);
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	IS(stack != MAP_FAILED);
	for (int round = 0; round < 20; round++) {
		IS(in_thread(exits_in_a_context, stack) == (void *)&sums);
		EXCEPT(glibc, "the process ends there")
			IS(in_thread(ends_in_a_context, stack) == NULL);
		/* The memory is the program's still. */
		memset(stack, 0, STACK);
	}
	EQ(munmap(stack, STACK), 0);
}

TEST(a_context_that_was_never_noted_is_refused)
{
	ucontext_t never;
	memset(&never, 0, sizeof never);
	OURS {
		EQ_ERRNO(setcontext(&never), -1, EINVAL);
		EQ_ERRNO(swapcontext(&context, &never), -1, EINVAL);
	}
}
#endif
