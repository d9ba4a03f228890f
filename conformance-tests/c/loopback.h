/* Sockets on this machine's own address. */
#ifndef LOOPBACK_H
#define LOOPBACK_H

#include "check.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* True where the host has sockets; else checks how their absence shows. */
static inline int has_sockets(void)
{
	if (!ON_windows) {
		return 1;
	}
	EQ_ERRNO(socket(AF_INET, SOCK_STREAM, 0), -1, EAFNOSUPPORT);
	EQ_ERRNO(listen(1, 1), -1, ENOTSOCK);
	EQ_ERRNO(listen(-1, 1), -1, EBADF);
	return 0;
}

/* A socket on a free port, and its address. */
static inline int bound(int kind, struct sockaddr_in *address)
{
	int fd = socket(AF_INET, kind, 0);
	socklen_t length = sizeof *address;
	memset(address, 0, sizeof *address);
	address->sin_family = AF_INET;
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	EQ(bind(fd, (struct sockaddr *)address, sizeof *address), 0);
	EQ(getsockname(fd, (struct sockaddr *)address, &length), 0);
	IS(length == sizeof *address && address->sin_port != 0);
	return fd;
}

/* Two connected ends. */
static inline void connected(int ends[2])
{
	struct sockaddr_in address;
	int listener = bound(SOCK_STREAM, &address);
	EQ(listen(listener, 1), 0);
	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	EQ(connect(ends[0], (struct sockaddr *)&address, sizeof address), 0);
	ends[1] = accept(listener, NULL, NULL);
	IS(ends[1] >= 0);
	EQ(close(listener), 0);
}

#endif
