#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

static volatile sig_atomic_t seen, count;

static void notes(int number)
{
	seen = number;
	count++;
}

TEST(signal_and_raise)
{
	IS(signal(SIGUSR1, notes) == SIG_DFL);
	seen = count = 0;
	EQ(raise(SIGUSR1), 0);
	IS(seen == SIGUSR1 && count == 1);
	/* As BSD has it: the handler stays. */
	EQ(raise(SIGUSR1), 0);
	EQ(count, 2);
	IS(signal(SIGUSR1, SIG_IGN) == notes);
	EQ(raise(SIGUSR1), 0);
	EQ(count, 2);
	IS(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
	IS(signal(SIGKILL, notes) == SIG_ERR && errno == EINVAL);
	IS(signal(0, notes) == SIG_ERR && errno == EINVAL);
	IS(signal(9999, notes) == SIG_ERR && errno == EINVAL);
	GIVES(raise(9999) != 0, 1);
}

TEST(sets)
{
	sigset_t set;
	EQ(sigemptyset(&set), 0);
	EQ(sigismember(&set, SIGINT), 0);
	EQ(sigaddset(&set, SIGINT), 0);
	EQ(sigaddset(&set, SIGRTMAX), 0);
	EQ(sigismember(&set, SIGINT), 1);
	EQ(sigismember(&set, SIGRTMAX), 1);
	EQ(sigdelset(&set, SIGINT), 0);
	EQ(sigismember(&set, SIGINT), 0);
	EQ(sigfillset(&set), 0);
	EQ(sigismember(&set, SIGTERM), 1);
	EQ_ERRNO(sigaddset(&set, 0), -1, EINVAL);
	EQ_ERRNO(sigaddset(&set, 999), -1, EINVAL);
	EXCEPT(musl, "answers 0") EQ_ERRNO(sigismember(&set, 0), -1, EINVAL);
	IS(SIGRTMIN > 31 && SIGRTMAX > SIGRTMIN && SIGRTMAX <= 64);
}

TEST(a_blocked_signal_waits)
{
	sigset_t set, before, now;
	signal(SIGUSR1, notes);
	seen = count = 0;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	EQ(sigprocmask(SIG_BLOCK, &set, &before), 0);
	EQ(sigismember(&before, SIGUSR1), 0);
	EQ(raise(SIGUSR1), 0);
	EQ(raise(SIGUSR1), 0);
	EQ(count, 0);
	EQ(sigprocmask(SIG_BLOCK, NULL, &now), 0);
	EQ(sigismember(&now, SIGUSR1), 1);
	/* It comes before the call that lets it returns, once: POSIX.1-2024 sigprocmask. */
	EQ(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
	EQ(count, 1);
	EQ_ERRNO(sigprocmask(77, &set, NULL), -1, EINVAL);
	EQ(pthread_sigmask(77, &set, NULL), EINVAL);
	EQ(sigprocmask(SIG_SETMASK, &before, NULL), 0);
	signal(SIGUSR1, SIG_DFL);
}

static volatile int code, inner, was_blocked;

static void informs(int number, siginfo_t *info, void *context)
{
	sigset_t now;
	sigprocmask(SIG_BLOCK, NULL, &now);
	was_blocked = sigismember(&now, number) * 2 + sigismember(&now, SIGUSR2);
	code = info->si_signo == number && context != NULL;
	inner = count;
	raise(SIGUSR2);
	inner = count - inner;
}

TEST(sigaction_flags)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO}, before;
	action.sa_sigaction = informs;
	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGUSR2);
	EQ(sigaction(SIGUSR1, &action, &before), 0);
	IS(before.sa_handler == SIG_DFL);
	signal(SIGUSR2, notes);
	count = code = 0;
	EQ(raise(SIGUSR1), 0);
	/* sa_mask and the signal itself are blocked while the handler runs. */
	IS(code == 1 && was_blocked == 3 && inner == 0 && count == 1);
	EQ(sigaction(SIGUSR1, NULL, &before), 0);
	IS(before.sa_sigaction == informs && (before.sa_flags & SA_SIGINFO) && sigismember(&before.sa_mask, SIGUSR2) == 1);
	action.sa_handler = notes;
	action.sa_flags = SA_RESETHAND | SA_NODEFER;
	sigemptyset(&action.sa_mask);
	EQ(sigaction(SIGUSR1, &action, NULL), 0);
	count = 0;
	EQ(raise(SIGUSR1), 0);
	EQ(count, 1);
	EQ(sigaction(SIGUSR1, NULL, &before), 0);
	IS(before.sa_handler == SIG_DFL);
	/* The flags are those that were set. */
	static const int flags[] = {0, SA_RESTART, SA_SIGINFO, SA_SIGINFO | SA_NODEFER, SA_ONSTACK};
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		action.sa_flags = flags[i];
		EQ(sigaction(SIGUSR1, &action, NULL), 0);
		EQ(sigaction(SIGUSR1, NULL, &before), 0);
		EQ(before.sa_flags & (SA_RESTART | SA_SIGINFO | SA_NODEFER | SA_ONSTACK), flags[i]);
	}
	signal(SIGUSR1, notes);
	EQ(sigaction(SIGUSR1, NULL, &before), 0);
	EQ(before.sa_flags & SA_SIGINFO, 0);
	signal(SIGUSR1, SIG_DFL);
	EQ_ERRNO(sigaction(SIGKILL, &action, NULL), -1, EINVAL);
	EQ_ERRNO(sigaction(0, NULL, &before), -1, EINVAL);
	signal(SIGUSR2, SIG_DFL);
}

static sigjmp_buf back;
static void *volatile fault;

static void leaves(int number, siginfo_t *info, void *context)
{
	(void)context;
	seen = number;
	fault = info->si_addr;
	siglongjmp(back, 1);
}

TEST(a_fault_is_left_by_siglongjmp)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO}, before, bus;
	action.sa_sigaction = leaves;
	sigemptyset(&action.sa_mask);
	EQ(sigaction(SIGSEGV, &action, &before), 0);
	EQ(sigaction(SIGBUS, &action, &bus), 0);
	char *page = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	IS(page != MAP_FAILED);
	for (int round = 0; round < 20; round++) {
		volatile int sum = round;
		seen = 0;
		if (sigsetjmp(back, 1) == 0) {
			((volatile char *)page)[100 + round] = 1;
			fail(__FILE__, __LINE__, "wrote where nothing may be written\n");
		}
		EQ(seen, SIGSEGV);
		EQ((void *)fault, (void *)(page + 100 + round));
		EQ(sum, round);
	}
	/* The mask that was saved is back: the signal is not blocked. */
	sigset_t now;
	EQ(sigprocmask(SIG_BLOCK, NULL, &now), 0);
	EQ(sigismember(&now, SIGSEGV), 0);
	sigaction(SIGSEGV, &before, NULL);
	sigaction(SIGBUS, &bus, NULL);
	munmap(page, 65536);
}

static char *repaired;

static void repairs(int number)
{
	(void)number;
	mprotect(repaired, 65536, PROT_READ | PROT_WRITE);
	count++;
}

TEST(a_fault_is_repaired_and_tried_again)
{
	repaired = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	count = 0;
	/* Registers survive the handler: 128 bytes below the stack too, where a red zone might be. */
	double in_register = 1.25;
	void (*before)(int) = signal(SIGSEGV, repairs);
	*(volatile char *)repaired = 5;
	signal(SIGSEGV, before);
	IS(count == 1 && *repaired == 5 && in_register == 1.25);
	munmap(repaired, 65536);
}

static void arithmetic(int number)
{
	seen = number;
	siglongjmp(back, 1);
}

TEST(division_by_zero)
{
#if defined __x86_64__
	void (*before)(int) = signal(SIGFPE, arithmetic);
	volatile int zero = 0, one = 1;
	seen = 0;
	if (sigsetjmp(back, 1) == 0)
		one = one / zero;
	EQ(seen, SIGFPE);
	signal(SIGFPE, before);
#else
	(void)arithmetic; /* Arm divides by zero without a fault. */
#endif
}

TEST(illegal_instruction)
{
	void (*before)(int) = signal(SIGILL, arithmetic);
	seen = 0;
	if (sigsetjmp(back, 1) == 0) {
#if defined __x86_64__
		__asm__ volatile("ud2");
#else
		__asm__ volatile("udf #0");
#endif
	}
	EQ(seen, SIGILL);
	signal(SIGILL, before);
}

static void *faults(void *page)
{
	static _Thread_local sigjmp_buf own;
	(void)own;
	for (int at = 0; at < 5; at++)
		raise(SIGUSR1);
	return page;
}

TEST(signals_on_threads)
{
	pthread_t thread;
	signal(SIGUSR1, notes);
	count = 0;
	EQ(pthread_create(&thread, NULL, faults, NULL), 0);
	EQ(pthread_join(thread, NULL), 0);
	EQ(count, 5);
	EQ(pthread_kill(pthread_self(), SIGUSR1), 0);
	EQ(count, 6);
	EQ(pthread_kill(pthread_self(), 0), 0);
	EQ(pthread_kill(pthread_self(), 999), EINVAL);
	EQ(kill(getpid(), SIGUSR1), 0);
	EQ(count, 7);
	EQ(kill(getpid(), 0), 0);
	signal(SIGUSR1, SIG_DFL);
}

CHILD(dies)
{
	raise(atoi(argv[1]));
	return 1;
}

CHILD(aborts)
{
	signal(SIGABRT, notes);
	abort();
}

TEST(how_a_process_dies)
{
	EXCEPT_ON(qemu, NO_CHILDREN) {
		int status = child("dies", "15");
		IS(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
		status = child("dies", "6");
		IS(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
		/* abort comes through a handler that returns. */
		status = child("aborts", NULL);
		IS(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
		status = child("dies", "17");
		IS(exits_with(status, 1));
	}
}
