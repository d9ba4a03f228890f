#include "check.h"
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sys/socket.h>

TEST(names_and_numbers)
{
	char name[IF_NAMESIZE];
	struct if_nameindex *list = if_nameindex();
	IS(list != NULL);
	for (struct if_nameindex *one = list; one->if_index != 0; one++) {
		EQ(if_nametoindex(one->if_name), one->if_index);
		TEXT(if_indextoname(one->if_index, name), one->if_name);
	}
	IS(ON_windows || list[0].if_index != 0);
	if_freenameindex(list);
	EQ_ERRNO(if_nametoindex("no such name"), 0U, ENODEV);
	EQ_ERRNO(if_indextoname(999999, name), NULL, ENXIO);
}

TEST(getifaddrs_has_the_loopback)
{
	struct ifaddrs *list = NULL;
	int v4 = 0, link = 0;
	EQ(getifaddrs(&list), 0);
	for (struct ifaddrs *one = list; one != NULL; one = one->ifa_next) {
		if (one->ifa_addr == NULL) {
			continue;
		}
		unsigned index = if_nametoindex(one->ifa_name);
		if (one->ifa_addr->sa_family == AF_PACKET) {
			link++;
			IS((unsigned)((struct sockaddr_ll *)one->ifa_addr)->sll_ifindex == index);
		}
		if (one->ifa_addr->sa_family == AF_INET) {
			struct sockaddr_in *address = (struct sockaddr_in *)one->ifa_addr;
			struct sockaddr_in *mask = (struct sockaddr_in *)one->ifa_netmask;
			if (address->sin_addr.s_addr == htonl(INADDR_LOOPBACK)) {
				v4++;
				IS(mask->sin_addr.s_addr == htonl(0xff000000));
				IS((one->ifa_flags & (IFF_UP | IFF_LOOPBACK)) == (IFF_UP | IFF_LOOPBACK));
			}
		}
	}
	freeifaddrs(list);
	IS(ON_windows || (v4 == 1 && link > 0));
}
