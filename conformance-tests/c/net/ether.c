#include "check.h"
#include <netinet/ether.h>

TEST(ethernet_addresses)
{
	struct ether_addr address, *got = ether_aton("0:1a:FF:0:10:9");
	char text[18];
	IS(got != NULL && memcmp(got, "\0\x1a\xff\0\x10\x09", 6) == 0);
	IS(ether_aton_r("01:02:03:04:05:06", &address) == &address && memcmp(&address, "\1\2\3\4\5\6", 6) == 0);
	EXCEPT(musl, "writes capitals and leading zeros") {
		TEXT(ether_ntoa_r(&address, text), "1:2:3:4:5:6");
		TEXT(ether_ntoa(got), "0:1a:ff:0:10:9");
	}
	IS(ether_aton("1:2:3:4:5") == NULL && ether_aton("") == NULL);
}

TEST(lines_of_ethers)
{
	struct ether_addr address;
	char name[32] = "";
	EXCEPT(musl, "reads no lines") {
		EQ(ether_line("1:2:3:4:5:6 host # comment", &address, name), 0);
		IS(memcmp(&address, "\1\2\3\4\5\6", 6) == 0 && strcmp(name, "host") == 0);
		EQ(ether_line("no address", &address, name), -1);
	}
	IS(ether_hostton("no such host of ours", &address) != 0);
	memset(&address, 0xa5, sizeof address);
	IS(ether_ntohost(name, &address) != 0);
}
