#ifndef _POLL_H
#define _POLL_H

/* POSIX.1-2024 <poll.h> */

#include <features.h>

#if _XLIBC_BSD || _XLIBC_POSIX >= 202405L
#define __NEED_time_t
#define __NEED_struct_timespec
#define __NEED_sigset_t
#include <bits/alltypes.h>
#endif

_XLIBC_BEGIN

#define POLLIN     0x001
#define POLLPRI    0x002
#define POLLOUT    0x004
#define POLLERR    0x008
#define POLLHUP    0x010
#define POLLNVAL   0x020
#define POLLRDNORM 0x040
#define POLLRDBAND 0x080
#define POLLWRNORM 0x100
#define POLLWRBAND 0x200
#define POLLMSG    0x400
#define POLLRDHUP  0x2000

typedef unsigned long nfds_t;

struct pollfd {
	int fd;
	short events;
	short revents;
};

int poll(struct pollfd *, nfds_t, int);
#if _XLIBC_BSD || _XLIBC_POSIX >= 202405L
int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);
#endif

_XLIBC_END

#endif
