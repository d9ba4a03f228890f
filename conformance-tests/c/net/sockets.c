#define _GNU_SOURCE
#include "loopback.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>

TEST(socket_makes_a_descriptor)
{
	if (!has_sockets()) {
		return;
	}
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat status;
	EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	EQ(fcntl(fd, F_GETFL), O_RDWR | O_NONBLOCK);
	EQ(fstat(fd, &status), 0);
	IS(S_ISSOCK(status.st_mode));
	EQ_ERRNO(lseek(fd, 0, SEEK_SET), -1, ESPIPE);
	EQ(close(fd), 0);
	EQ_ERRNO(socket(9999, SOCK_STREAM, 0), -1, EAFNOSUPPORT);
	EQ_ERRNO(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), -1, EPROTONOSUPPORT);
	struct sockaddr_in address = {.sin_family = AF_INET};
	EQ_ERRNO(bind(-1, (struct sockaddr *)&address, sizeof address), -1, EBADF);
}

TEST(what_is_no_socket)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof address;
	int ends[2], value = 0;
	char byte;
	EQ(pipe(ends), 0);
	EQ_ERRNO(listen(ends[0], 1), -1, ENOTSOCK);
	EQ_ERRNO(bind(ends[0], (struct sockaddr *)&address, length), -1, ENOTSOCK);
	EQ_ERRNO(connect(ends[0], (struct sockaddr *)&address, length), -1, ENOTSOCK);
	EQ_ERRNO(accept(ends[0], NULL, NULL), -1, ENOTSOCK);
	EQ_ERRNO(send(ends[1], "x", 1, 0), -1, ENOTSOCK);
	EQ_ERRNO(recv(ends[0], &byte, 1, 0), -1, ENOTSOCK);
	EQ_ERRNO(shutdown(ends[0], SHUT_RD), -1, ENOTSOCK);
	EQ_ERRNO(getsockname(ends[0], (struct sockaddr *)&address, &length), -1, ENOTSOCK);
	EQ_ERRNO(getpeername(-1, (struct sockaddr *)&address, &length), -1, EBADF);
	length = sizeof value;
	EQ_ERRNO(getsockopt(ends[0], SOL_SOCKET, SO_TYPE, &value, &length), -1, ENOTSOCK);
	EQ_ERRNO(setsockopt(-1, SOL_SOCKET, SO_KEEPALIVE, &value, length), -1, EBADF);
	EQ(close(ends[0]), 0);
	EQ(close(ends[1]), 0);
}

TEST(streams)
{
	if (!has_sockets()) {
		return;
	}
	struct sockaddr_in address, peer, own;
	socklen_t length = sizeof peer;
	int listener = bound(SOCK_STREAM, &address), client = socket(AF_INET, SOCK_STREAM, 0), value = 0;
	EQ(listen(listener, 4), 0);
	EQ(connect(client, (struct sockaddr *)&address, sizeof address), 0);
	EQ_ERRNO(connect(client, (struct sockaddr *)&address, sizeof address), -1, EISCONN);
	int server = accept4(listener, (struct sockaddr *)&peer, &length, SOCK_CLOEXEC);
	EQ(fcntl(server, F_GETFD), FD_CLOEXEC);
	IS(length == sizeof peer);
	length = sizeof own;
	EQ(getsockname(client, (struct sockaddr *)&own, &length), 0);
	IS(memcmp(&own, &peer, sizeof own) == 0);
	/* An address is cut off where there is less room, and its whole length told. */
	length = 4;
	EQ(getpeername(client, (struct sockaddr *)&own, &length), 0);
	IS(length == sizeof own && own.sin_port == address.sin_port);

	char buffer[16] = "";
	int bytes = -1;
	EQ(write(client, "one", 3), 3);
	EQ(send(client, "two", 3, MSG_NOSIGNAL), 3);
	EQ(recv(server, buffer, 3, MSG_PEEK | MSG_WAITALL), 3);
	EQ(recv(server, buffer, 6, MSG_WAITALL), 6);
	IS(memcmp(buffer, "onetwo", 6) == 0);
	EQ_ERRNO(recv(server, buffer, 1, MSG_DONTWAIT), -1, EAGAIN);
	EQ(send(server, "bytes", 5, 0), 5);
	EQ(recv(client, buffer, 1, MSG_PEEK), 1);
	EQ(ioctl(client, FIONREAD, &bytes), 0);
	EQ(bytes, 5);
	EQ(sockatmark(client), 0);
	EQ(ioctl(client, SIOCATMARK, &bytes), 0);
	EQ(bytes, 0);

	length = sizeof value;
	EQ(getsockopt(client, SOL_SOCKET, SO_TYPE, &value, &length), 0);
	IS(value == SOCK_STREAM && length == sizeof value);
	EQ(getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &value, &length), 0);
	EQ(value, 1);
	EQ_ERRNO(getsockopt(client, SOL_SOCKET, 9999, &value, &length), -1, ENOPROTOOPT);
	EQ_ERRNO(setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &value, 1), -1, EINVAL);
	EQ(setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &value, sizeof value), 0);

	EQ(shutdown(client, SHUT_WR), 0);
	EQ(read(server, buffer, sizeof buffer), 0);
	EQ_ERRNO(send(client, "x", 1, MSG_NOSIGNAL), -1, EPIPE);
	EQ(recv(client, buffer, sizeof buffer, 0), 5);
	EQ_ERRNO(shutdown(client, 9), -1, EINVAL);
	EQ(close(server), 0);
	EQ(close(client), 0);
	EQ(close(listener), 0);
	client = socket(AF_INET, SOCK_STREAM, 0);
	EQ_ERRNO(connect(client, (struct sockaddr *)&address, sizeof address), -1, ECONNREFUSED);
	EQ_ERRNO(getpeername(client, (struct sockaddr *)&own, &length), -1, ENOTCONN);
	EQ(close(client), 0);
}

static volatile sig_atomic_t pipes;
static void count(int signal) { pipes += signal == SIGPIPE; }

TEST(writing_to_a_closed_end_is_a_signal)
{
	if (!has_sockets()) {
		return;
	}
	int ends[2];
	struct sigaction action = {.sa_handler = count}, before;
	sigaction(SIGPIPE, &action, &before);
	EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	EQ(close(ends[1]), 0);
	EQ_ERRNO(send(ends[0], "x", 1, MSG_NOSIGNAL), -1, EPIPE);
	IS(pipes == 0);
	EQ_ERRNO(write(ends[0], "x", 1), -1, EPIPE);
	IS(pipes == 1);
	EQ(close(ends[0]), 0);
	sigaction(SIGPIPE, &before, NULL);
}

TEST(datagrams_keep_their_ends)
{
	if (!has_sockets()) {
		return;
	}
	struct sockaddr_in one, two, from;
	socklen_t length = sizeof from;
	int a = bound(SOCK_DGRAM, &one), b = bound(SOCK_DGRAM, &two);
	char buffer[8];
	EQ_ERRNO(send(a, "x", 1, 0), -1, EDESTADDRREQ);
	EQ(sendto(a, "long datagram", 13, 0, (struct sockaddr *)&two, sizeof two), 13);
	EQ(sendto(a, "", 0, 0, (struct sockaddr *)&two, sizeof two), 0);
	EQ(recvfrom(b, buffer, 4, MSG_PEEK | MSG_TRUNC, (struct sockaddr *)&from, &length), 13);
	IS(length == sizeof from && memcmp(&from, &one, sizeof one) == 0);
	EQ(recv(b, buffer, 4, 0), 4);
	EQ(recv(b, buffer, sizeof buffer, 0), 0);
	EQ_ERRNO(recv(b, buffer, sizeof buffer, MSG_DONTWAIT), -1, EAGAIN);
	struct timeval timeout = {.tv_usec = 1000};
	EQ(setsockopt(b, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout), 0);
	EQ_ERRNO(recv(b, buffer, sizeof buffer, 0), -1, EAGAIN);
	EQ_ERRNO(bind(b, (struct sockaddr *)&one, sizeof one), -1, EINVAL);
	EQ(close(a), 0);
	EQ(close(b), 0);
}
