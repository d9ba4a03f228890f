#ifndef _NETINET_ETHER_H
#define _NETINET_ETHER_H

#include <features.h>
#include <netinet/if_ether.h>

_XLIBC_BEGIN

char *ether_ntoa(const struct ether_addr *);
struct ether_addr *ether_aton(const char *);
char *ether_ntoa_r(const struct ether_addr *, char *);
struct ether_addr *ether_aton_r(const char *, struct ether_addr *);
int ether_line(const char *, struct ether_addr *, char *);
int ether_ntohost(char *, const struct ether_addr *);
int ether_hostton(const char *, struct ether_addr *);

_XLIBC_END

#endif
