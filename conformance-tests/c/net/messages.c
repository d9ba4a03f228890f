#define _GNU_SOURCE
#include "loopback.h"
#include <sys/stat.h>
#include <sys/uio.h>

#define COUNT(list) (int)(sizeof(list) / sizeof *(list))

TEST(messages_have_pieces)
{
	if (!has_sockets()) {
		return;
	}
	struct sockaddr_in one, two, from;
	int a = bound(SOCK_DGRAM, &one), b = bound(SOCK_DGRAM, &two);
	char first[4] = "", second[16] = "";
	struct iovec out[] = {{"ab", 2}, {NULL, 0}, {"cdef", 4}}, in[] = {{first, 3}, {NULL, 0}, {second, sizeof second}};
	struct msghdr message = {.msg_name = &two, .msg_namelen = sizeof two, .msg_iov = out, .msg_iovlen = COUNT(out)};
	EQ(sendmsg(a, &message, 0), 6);
	struct msghdr got = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = in, .msg_iovlen = COUNT(in)};
	EQ(recvmsg(b, &got, 0), 6);
	IS(memcmp(first, "abc", 4) == 0 && memcmp(second, "def", 4) == 0);
	IS(got.msg_namelen == sizeof from && from.sin_port == one.sin_port && got.msg_flags == 0);
	/* More than there is room for */
	EQ(sendmsg(a, &message, 0), 6);
	got.msg_iovlen = 1;
	EQ(recvmsg(b, &got, 0), 3);
	IS(got.msg_flags == MSG_TRUNC);
	/* No pieces at all */
	message.msg_iovlen = 0;
	EQ(sendmsg(a, &message, 0), 0);
	got.msg_iovlen = COUNT(in);
	EQ(recvmsg(b, &got, 0), 0);
	message.msg_iovlen = 1025;
	EQ_ERRNO(sendmsg(a, &message, 0), -1, EMSGSIZE);
	EQ(close(a), 0);
	EQ(close(b), 0);
}

TEST(descriptors_travel)
{
	if (!has_sockets()) {
		return;
	}
	int pair[2], ends[2];
	EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	EQ(pipe(ends), 0);
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	memset(&control, 0xff, sizeof control);
	struct iovec piece = {"x", 1};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	head->cmsg_len = CMSG_LEN(sizeof(int));
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(head), &ends[1], sizeof(int));
	EQ(sendmsg(pair[0], &message, 0), 1);
	EQ(close(ends[1]), 0);

	char byte = 0;
	struct iovec place = {&byte, 1};
	memset(&control, 0xff, sizeof control);
	struct msghdr got = {.msg_iov = &place, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	EQ(recvmsg(pair[1], &got, MSG_CMSG_CLOEXEC), 1);
	head = CMSG_FIRSTHDR(&got);
	IS(head != NULL && head->cmsg_len == CMSG_LEN(sizeof(int)) && head->cmsg_type == SCM_RIGHTS);
	IS(CMSG_NXTHDR(&got, head) == NULL);
	int travelled = -1;
	memcpy(&travelled, CMSG_DATA(head), sizeof travelled);
	EQ(write(travelled, "sent", 4), 4);
	EQ(close(travelled), 0);
	char text[8];
	EQ(read(ends[0], text, sizeof text), 4);
	EQ(read(ends[0], text, sizeof text), 0);
	EQ(close(ends[0]), 0);
	EQ(close(pair[0]), 0);
	EQ(close(pair[1]), 0);
}

TEST(several_messages_at_once)
{
	if (!has_sockets()) {
		return;
	}
	int pair[2];
	EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	struct iovec out[] = {{"one", 3}, {"three", 5}};
	char room[3][8];
	struct iovec in[] = {{room[0], 8}, {room[1], 8}, {room[2], 8}};
	struct mmsghdr send[2], got[3];
	memset(send, 0, sizeof send);
	memset(got, 0, sizeof got);
	for (int at = 0; at < 3; at++) {
		if (at < 2) {
			send[at].msg_hdr.msg_iov = &out[at];
			send[at].msg_hdr.msg_iovlen = 1;
		}
		got[at].msg_hdr.msg_iov = &in[at];
		got[at].msg_hdr.msg_iovlen = 1;
	}
	EQ(sendmmsg(pair[0], send, 2, 0), 2);
	IS(send[0].msg_len == 3 && send[1].msg_len == 5);
	EQ(recvmmsg(pair[1], got, 3, MSG_WAITFORONE, NULL), 2);
	IS(got[0].msg_len == 3 && got[1].msg_len == 5 && memcmp(room[1], "three", 5) == 0);
	EQ_ERRNO(recvmmsg(pair[1], got, 3, MSG_DONTWAIT, NULL), -1, EAGAIN);
	EQ_ERRNO(sendmmsg(-1, send, 2, 0), -1, EBADF);
	/* The time is looked at after a message. */
	struct timespec none = {0, 0}, wrong = {-1, 0};
	EQ(sendmmsg(pair[0], send, 2, 0), 2);
	EQ(recvmmsg(pair[1], got, 3, 0, &none), 1);
	EQ_ERRNO(recvmmsg(pair[1], got, 3, 0, &wrong), -1, EINVAL);
	EQ(close(pair[0]), 0);
	EQ(close(pair[1]), 0);
}
