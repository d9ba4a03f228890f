#ifndef _ARPA_INET_H
#define _ARPA_INET_H

/* POSIX.1-2024 <arpa/inet.h> */

#include <features.h>
#include <netinet/in.h>

_XLIBC_BEGIN

in_addr_t inet_addr(const char *);
char *inet_ntoa(struct in_addr);
int inet_pton(int, const char *__restrict, void *__restrict);
const char *inet_ntop(int, const void *__restrict, char *__restrict, socklen_t);
int inet_aton(const char *, struct in_addr *);

in_addr_t inet_network(const char *);
struct in_addr inet_makeaddr(in_addr_t, in_addr_t);
in_addr_t inet_lnaof(struct in_addr);
in_addr_t inet_netof(struct in_addr);

_XLIBC_END

#endif
