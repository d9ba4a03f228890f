#ifndef _SIGNAL_H
#define _SIGNAL_H

/* C23 7.14, POSIX.1-2024 <signal.h> */

#include <features.h>

_XLIBC_BEGIN

#include <bits/signum.h>

#define SIG_ERR ((void (*)(int))-1)
#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)

typedef int sig_atomic_t;

void (*signal(int, void (*)(int)))(int);
int raise(int);

#if _XLIBC_POSIX

#define __NEED_size_t
#define __NEED_pid_t
#define __NEED_uid_t
#define __NEED_struct_timespec
#define __NEED_pthread_t
#define __NEED_pthread_attr_t
#define __NEED_time_t
#define __NEED_clock_t
#define __NEED_sigset_t
#include <bits/alltypes.h>

#define SIG_HOLD ((void (*)(int))2)

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

#define SIGRTMIN (__libc_current_sigrtmin())
#define SIGRTMAX (__libc_current_sigrtmax())
int __libc_current_sigrtmin(void);
int __libc_current_sigrtmax(void);

#define SA_NOCLDSTOP      0x1
#define SA_NOCLDWAIT      0x2
#define SA_SIGINFO        0x4
#define SA_UNSUPPORTED    0x400
#define SA_EXPOSE_TAGBITS 0x800
#define SA_RESTORER       0x4000000
#define SA_ONSTACK        0x8000000
#define SA_RESTART        0x10000000
#define SA_NODEFER        0x40000000
#define SA_RESETHAND      0x80000000

#include <bits/siginfo.h>

struct sigaction {
	union {
		void (*sa_handler)(int);
		void (*sa_sigaction)(int, siginfo_t *, void *);
	} __sa_handler;
	sigset_t sa_mask;
	int sa_flags;
	void (*sa_restorer)(void);
};
#define sa_handler __sa_handler.sa_handler
#define sa_sigaction __sa_handler.sa_sigaction

int kill(pid_t, int);
int sigemptyset(sigset_t *);
int sigfillset(sigset_t *);
int sigaddset(sigset_t *, int);
int sigdelset(sigset_t *, int);
int sigismember(const sigset_t *, int);
int sigsuspend(const sigset_t *);
int sigprocmask(int, const sigset_t *__restrict, sigset_t *__restrict);
int sigaction(int, const struct sigaction *__restrict, struct sigaction *__restrict);
int pthread_sigmask(int, const sigset_t *__restrict, sigset_t *__restrict);
int pthread_kill(pthread_t, int);
void psiginfo(const siginfo_t *, const char *);
void psignal(int, const char *);

typedef struct sigaltstack {
	void *ss_sp;
	int ss_flags;
	size_t ss_size;
} stack_t;

#include <bits/ucontext.h>

#endif

#if _XLIBC_POSIX >= 202405L || _XLIBC_GNU
#define SIG2STR_MAX 16
int sig2str(int, char *);
int str2sig(const char *__restrict, int *__restrict);
#endif

#if _XLIBC_XSI
int killpg(pid_t, int);
int sighold(int);
int sigignore(int);
int siginterrupt(int, int);
int sigrelse(int);
void (*sigset(int, void (*)(int)))(int);
#endif

#if _XLIBC_BSD
#define NSIG _NSIG
typedef void (*sig_t)(int);
#define SYS_SECCOMP       1
#define SYS_USER_DISPATCH 2
#endif

#if _XLIBC_GNU
typedef void (*sighandler_t)(int);
#define SA_NOMASK SA_NODEFER
#define SA_ONESHOT SA_RESETHAND

void (*bsd_signal(int, void (*)(int)))(int);
int sigandset(sigset_t *, const sigset_t *, const sigset_t *);
int sigisemptyset(const sigset_t *);
int sigorset(sigset_t *, const sigset_t *, const sigset_t *);
#endif

_XLIBC_END

#endif
