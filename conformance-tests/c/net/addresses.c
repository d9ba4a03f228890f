#include "check.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

TEST(byte_order)
{
	EQ(htonl(0x01020304), 0x04030201U);
	EQ(ntohl(0x01020304), 0x04030201U);
	EQ(htons(0x0102), 0x0201);
	EQ(ntohs(0x0102), 0x0201);
}

TEST(inet_aton_takes_one_to_four_numbers)
{
	static const struct {
		const char *text;
		unsigned address;
	} good[] = {{"1.2.3.4", 0x01020304}, {"1.2.772", 0x01020304}, {"1.131844", 0x01020304}, {"16909060", 0x01020304},
		{"0x1.02.0X3.4", 0x01020304}, {"255.255.255.255", 0xffffffff}, {"0", 0}};
	struct in_addr address;
	for (size_t at = 0; at < sizeof good / sizeof *good; at++) {
		EQ(inet_aton(good[at].text, &address), 1);
		EQ(ntohl(address.s_addr), good[at].address);
		EQ(ntohl(inet_addr(good[at].text)), good[at].address);
	}
	static const char *const wrong[] = {"1.2.3.256", "256.1", "1.2.65536", "1.16777216", "1.2.3.4.5", "1.2.3.", "x", ""};
	for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
		EXCEPT(musl, "takes an empty text for 0, and numbers that are too large") {
			EQ(inet_aton(wrong[at], &address), 0);
			EQ(inet_addr(wrong[at]), INADDR_NONE);
		}
	}
	address.s_addr = htonl(0xc0a80001);
	TEXT(inet_ntoa(address), "192.168.0.1");
}

TEST(inet_pton_and_back)
{
	unsigned char address[16];
	char text[INET6_ADDRSTRLEN];
	static const char *const v6[] = {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1::4:5:0:0:8", "1:0:0:4::8", "::ffff:1.2.3.4",
		"fe80::1:0:0:1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
	for (size_t at = 0; at < sizeof v6 / sizeof *v6; at++) {
		EQ(inet_pton(AF_INET6, v6[at], address), 1);
		TEXT(inet_ntop(AF_INET6, address, text, sizeof text), v6[at]);
	}
	EQ(inet_pton(AF_INET6, "2001:DB8::192.0.2.1", address), 1);
	TEXT(inet_ntop(AF_INET6, address, text, sizeof text), "2001:db8::c000:201");
	static const char *const wrong[] = {"", ":", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::1%lo", "g::"};
	for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
		EQ(inet_pton(AF_INET6, wrong[at], address), 0);
	}
	EQ(inet_pton(AF_INET, "127.0.0.1", address), 1);
	IS(memcmp(address, "\x7f\0\0\1", 4) == 0);
	TEXT(inet_ntop(AF_INET, address, text, 10), "127.0.0.1");
	EQ_ERRNO(inet_ntop(AF_INET, address, text, 9), NULL, ENOSPC);
	EQ(inet_pton(AF_INET, "127.1", address), 0);
	EQ(inet_pton(AF_INET, "127.0.0.256", address), 0);
	EQ_ERRNO(inet_pton(AF_UNIX, "127.0.0.1", address), -1, EAFNOSUPPORT);
	EQ_ERRNO(inet_ntop(AF_UNIX, address, text, sizeof text), NULL, EAFNOSUPPORT);
	IS(memcmp(&in6addr_any, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16) == 0);
	IS(IN6_IS_ADDR_LOOPBACK(&in6addr_loopback) && !IN6_IS_ADDR_LOOPBACK(&in6addr_any));
}

TEST(classes)
{
	EXCEPT(musl, "reads a network as an address, and has the host's bytes in another order") {
		EQ(inet_network("10"), 10U);
		EQ(inet_network("10.1"), 0x0a01U);
		EQ(inet_network("1.2.3.4"), 0x01020304U);
		EQ(ntohl(inet_makeaddr(10, 5).s_addr), 0x0a000005U);
		EQ(ntohl(inet_makeaddr(0x8001, 5).s_addr), 0x80010005U);
		EQ(ntohl(inet_makeaddr(0xc00001, 5).s_addr), 0xc0000105U);
		struct in_addr a = {htonl(0x0a010203)}, b = {htonl(0x80010203)}, c = {htonl(0xc0010203)};
		EQ(inet_netof(a), 10U);
		EQ(inet_lnaof(a), 0x010203U);
		EQ(inet_netof(b), 0x8001U);
		EQ(inet_lnaof(b), 0x0203U);
		EQ(inet_netof(c), 0xc00102U);
		EQ(inet_lnaof(c), 0x03U);
	}
}
