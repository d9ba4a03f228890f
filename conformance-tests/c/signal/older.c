#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile int seen;

static void note(int number)
{
	seen = number;
}

static int is_blocked(int number)
{
	sigset_t now;
	sigprocmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, number);
}

TEST(sets_are_joined)
{
	sigset_t one, other, joined;
	sigemptyset(&one);
	sigemptyset(&other);
	sigaddset(&one, SIGHUP);
	sigaddset(&one, SIGRTMAX);
	sigaddset(&other, SIGHUP);
	sigaddset(&other, SIGINT);
	EQ(sigandset(&joined, &one, &other), 0);
	IS(sigismember(&joined, SIGHUP) && !sigismember(&joined, SIGRTMAX) && !sigismember(&joined, SIGINT));
	EQ(sigorset(&joined, &one, &other), 0);
	IS(sigismember(&joined, SIGHUP) && sigismember(&joined, SIGRTMAX) && sigismember(&joined, SIGINT));
	IS(!sigismember(&joined, SIGTERM));
	EQ(sigandset(&one, &one, &other), 0);
	IS(sigismember(&one, SIGHUP) && !sigismember(&one, SIGRTMAX));
}

TEST(hold_and_release)
{
	signal(SIGUSR1, note);
	seen = 0;
	EQ(sighold(SIGUSR1), 0);
	EQ(is_blocked(SIGUSR1), 1);
	raise(SIGUSR1);
	EQ(seen, 0);
	EQ(sigrelse(SIGUSR1), 0);
	EQ(seen, SIGUSR1);
	EQ(is_blocked(SIGUSR1), 0);
	EQ(sigignore(SIGUSR1), 0);
	seen = 0;
	raise(SIGUSR1);
	EQ(seen, 0);
	IS(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
	for (int number = 0; number < 2; number++) {
		EQ_ERRNO(sighold(number ? 65 : 0), -1, EINVAL);
		EQ_ERRNO(sigrelse(number ? 65 : -1), -1, EINVAL);
		EQ_ERRNO(sigignore(number ? SIGKILL : 0), -1, EINVAL);
	}
}

TEST(sigset_sets_and_unblocks)
{
	IS(sigset(SIGUSR1, note) == SIG_DFL);
	IS(sigset(SIGUSR1, SIG_HOLD) == note);
	EQ(is_blocked(SIGUSR1), 1);
	IS(sigset(SIGUSR1, SIG_HOLD) == SIG_HOLD);
	seen = 0;
	raise(SIGUSR1);
	EQ(seen, 0);
	IS(sigset(SIGUSR1, note) == SIG_HOLD);
	EQ(seen, SIGUSR1);
	EQ(is_blocked(SIGUSR1), 0);
	IS(sigset(SIGUSR1, SIG_DFL) == note);
	EQ_ERRNO(sigset(SIGKILL, note) == SIG_ERR, 1, EINVAL);
	EQ_ERRNO(sigset(0, SIG_IGN) == SIG_ERR, 1, EINVAL);
}

TEST(siginterrupt_changes_a_flag)
{
	struct sigaction action;
	signal(SIGUSR2, note);
	EQ(siginterrupt(SIGUSR2, 1), 0);
	EQ(sigaction(SIGUSR2, NULL, &action), 0);
	IS(action.sa_handler == note && (action.sa_flags & SA_RESTART) == 0);
	EQ(siginterrupt(SIGUSR2, 0), 0);
	EQ(sigaction(SIGUSR2, NULL, &action), 0);
	IS(action.sa_handler == note && (action.sa_flags & SA_RESTART) != 0);
	EQ_ERRNO(siginterrupt(0, 1), -1, EINVAL);
	EQ_ERRNO(siginterrupt(65, 0), -1, EINVAL);
	signal(SIGUSR2, SIG_DFL);
}

TEST(killpg_wants_a_group)
{
	EQ_ERRNO(killpg(-1, 0), -1, EINVAL);
	EQ_ERRNO(killpg(getpid() == 1 ? 2 : 0x3ffffff, 0), -1, ESRCH);
}

TEST(names_of_signals)
{
#if HOST == HOST_xlibc
	char text[SIG2STR_MAX];
	int number;
	EQ(sig2str(SIGHUP, text), 0);
	TEXT(text, "HUP");
	EQ(sig2str(SIGRTMIN + 3, text), 0);
	TEXT(text, "RTMIN+3");
	EQ(sig2str(SIGRTMAX - 12, text), 0);
	TEXT(text, "RTMAX-12");
	EQ(str2sig("VTALRM", &number), 0);
	EQ(number, SIGVTALRM);
	EQ(str2sig("RTMAX-1", &number), 0);
	EQ(number, SIGRTMAX - 1);
	EQ(str2sig("15", &number), 0);
	EQ(number, SIGTERM);
	EQ(str2sig("SIGHUP", &number), -1);
	EQ(str2sig("33", &number), -1);
	EQ(sig2str(0, text), -1);
	EQ(sig2str(65, text), -1);
	EQ(number, SIGTERM);
#endif
}

/* What a function writes on standard error. */
static const char *said(void (*function)(void))
{
	static char text[200];
	int ends[2], old = dup(2);
	memset(text, 0, sizeof text);
	if (old < 0 || pipe(ends) != 0)
		return "no pipe";
	dup2(ends[1], 2);
	function();
	dup2(old, 2);
	close(ends[1]);
	close(old);
	if (read(ends[0], text, sizeof text - 1) < 0)
		return "nothing";
	close(ends[0]);
	return text;
}

static int kept;

static void says(void)
{
	errno = 77;
	psignal(SIGUSR1, "one");
	kept = errno;
	psignal(SIGUSR1, NULL);
	psignal(SIGUSR1, "");
}

static void says_information(void)
{
	siginfo_t info = {.si_signo = SIGUSR1};
	psiginfo(&info, "two");
}

TEST(psignal_names_a_signal)
{
	char whole[200];
	snprintf(whole, sizeof whole, "one: %s\n%s\n%s\n", strsignal(SIGUSR1), strsignal(SIGUSR1), strsignal(SIGUSR1));
	EXCEPT(musl, "prints a colon without a text") IS(strcmp(said(says), whole) == 0);
	EXCEPT(musl, "calls psignal with no text") EQ(kept, 77);
	snprintf(whole, sizeof whole, "two: %s\n", strsignal(SIGUSR1));
	EXCEPT(glibc, "tells more than the name") IS(strcmp(said(says_information), whole) == 0);
}
