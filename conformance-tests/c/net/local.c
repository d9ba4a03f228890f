/* AF_UNIX */
#define _GNU_SOURCE
#include "loopback.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>

TEST(sockets_with_names)
{
	if (!has_sockets()) {
		return;
	}
	char folder[] = "/tmp/socket-XXXXXX";
	struct sockaddr_un address = {.sun_family = AF_UNIX}, own;
	socklen_t length = sizeof own;
	struct stat status;
	IS(mkdtemp(folder) != NULL);
	snprintf(address.sun_path, sizeof address.sun_path, "%s/name", folder);
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
	EQ_ERRNO(connect(client, (struct sockaddr *)&address, sizeof address), -1, ENOENT);
	EQ(bind(listener, (struct sockaddr *)&address, SUN_LEN(&address)), 0);
	EQ(stat(address.sun_path, &status), 0);
	IS(S_ISSOCK(status.st_mode));
	EQ_ERRNO(connect(client, (struct sockaddr *)&address, sizeof address), -1, ECONNREFUSED);
	EQ(listen(listener, 1), 0);
	EQ(connect(client, (struct sockaddr *)&address, sizeof address), 0);
	int server = accept(listener, NULL, NULL);
	EQ(getpeername(client, (struct sockaddr *)&own, &length), 0);
	IS(strcmp(own.sun_path, address.sun_path) == 0);
	struct ucred peer;
	length = sizeof peer;
	EQ(getsockopt(server, SOL_SOCKET, SO_PEERCRED, &peer, &length), 0);
	IS(peer.pid == getpid() && peer.uid == getuid());
	int other = socket(AF_UNIX, SOCK_STREAM, 0);
	EQ_ERRNO(bind(other, (struct sockaddr *)&address, sizeof address), -1, EADDRINUSE);
	EQ(close(other), 0);
	EQ(close(server), 0);
	EQ(close(client), 0);
	EQ(close(listener), 0);
	EQ(unlink(address.sun_path), 0);
	EQ(rmdir(folder), 0);
}

TEST(pairs)
{
	if (!has_sockets()) {
		return;
	}
	int ends[2];
	char buffer[8];
	EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	EQ(write(ends[0], "one", 3), 3);
	EQ(write(ends[0], "two", 3), 3);
	EQ(read(ends[1], buffer, sizeof buffer), 3);
	EQ(read(ends[1], buffer, sizeof buffer), 3);
	EQ(close(ends[0]), 0);
	EQ(read(ends[1], buffer, sizeof buffer), 0);
	EQ(close(ends[1]), 0);
	EQ_ERRNO(socketpair(AF_INET, SOCK_STREAM, 0, ends), -1, EOPNOTSUPP);
}
