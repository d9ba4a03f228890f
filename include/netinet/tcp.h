#ifndef _NETINET_TCP_H
#define _NETINET_TCP_H

/* POSIX.1-2024 <netinet/tcp.h> */

#include <features.h>

/* Options of IPPROTO_TCP */
#define TCP_NODELAY 1
#define TCP_MAXSEG               2
#define TCP_CORK                 3
#define TCP_KEEPIDLE             4
#define TCP_KEEPINTVL            5
#define TCP_KEEPCNT              6
#define TCP_SYNCNT               7
#define TCP_LINGER2              8
#define TCP_DEFER_ACCEPT         9
#define TCP_WINDOW_CLAMP         10
#define TCP_INFO                 11
#define TCP_QUICKACK             12
#define TCP_CONGESTION           13
#define TCP_MD5SIG               14
#define TCP_THIN_LINEAR_TIMEOUTS 16
#define TCP_THIN_DUPACK          17
#define TCP_USER_TIMEOUT         18
#define TCP_REPAIR               19
#define TCP_REPAIR_QUEUE         20
#define TCP_QUEUE_SEQ            21
#define TCP_REPAIR_OPTIONS       22
#define TCP_FASTOPEN             23
#define TCP_TIMESTAMP            24
#define TCP_NOTSENT_LOWAT        25
#define TCP_CC_INFO              26
#define TCP_SAVE_SYN             27
#define TCP_SAVED_SYN            28
#define TCP_REPAIR_WINDOW        29
#define TCP_FASTOPEN_CONNECT     30
#define TCP_ULP                  31
#define TCP_MD5SIG_EXT           32
#define TCP_FASTOPEN_KEY         33
#define TCP_FASTOPEN_NO_COOKIE   34
#define TCP_ZEROCOPY_RECEIVE     35
#define TCP_CM_INQ               36
#define TCP_INQ                  36
#define TCP_TX_DELAY             37

/* States of a connection */
#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT    2
#define TCP_SYN_RECV    3
#define TCP_FIN_WAIT1   4
#define TCP_FIN_WAIT2   5
#define TCP_TIME_WAIT   6
#define TCP_CLOSE       7
#define TCP_CLOSE_WAIT  8
#define TCP_LAST_ACK    9
#define TCP_LISTEN      10
#define TCP_CLOSING     11

/* Attributes of timestamps' statistics */
#define TCP_NLA_PAD                   0
#define TCP_NLA_BUSY                  1
#define TCP_NLA_RWND_LIMITED          2
#define TCP_NLA_SNDBUF_LIMITED        3
#define TCP_NLA_DATA_SEGS_OUT         4
#define TCP_NLA_TOTAL_RETRANS         5
#define TCP_NLA_PACING_RATE           6
#define TCP_NLA_DELIVERY_RATE         7
#define TCP_NLA_SND_CWND              8
#define TCP_NLA_REORDERING            9
#define TCP_NLA_MIN_RTT               10
#define TCP_NLA_RECUR_RETRANS         11
#define TCP_NLA_DELIVERY_RATE_APP_LMT 12
#define TCP_NLA_SNDQ_SIZE             13
#define TCP_NLA_CA_STATE              14
#define TCP_NLA_SND_SSTHRESH          15
#define TCP_NLA_DELIVERED             16
#define TCP_NLA_DELIVERED_CE          17
#define TCP_NLA_BYTES_SENT            18
#define TCP_NLA_BYTES_RETRANS         19
#define TCP_NLA_DSACK_DUPS            20
#define TCP_NLA_REORD_SEEN            21
#define TCP_NLA_SRTT                  22
#define TCP_NLA_TIMEOUT_REHASH        23
#define TCP_NLA_BYTES_NOTSENT         24
#define TCP_NLA_EDT                   25
#define TCP_NLA_TTL                   26

#if _XLIBC_GNU
#define TCPI_OPT_TIMESTAMPS 1
#define TCPI_OPT_SACK       2
#define TCPI_OPT_WSCALE     4
#define TCPI_OPT_ECN        8
#define TCP_CA_Open     0
#define TCP_CA_Disorder 1
#define TCP_CA_CWR      2
#define TCP_CA_Recovery 3
#define TCP_CA_Loss     4
#define TCP_REPAIR_OFF       0
#define TCP_REPAIR_ON        1
#define TCP_REPAIR_OFF_NO_WP (-1)
#define TCP_MD5SIG_FLAG_PREFIX  1
#define TCP_MD5SIG_FLAG_IFINDEX 2
#define TCP_MD5SIG_MAXKEYLEN    80
#define TCP_RECEIVE_ZEROCOPY_FLAG_TLB_CLEAN_HINT 1
#endif

/* Why an attempt of TCP_FASTOPEN failed */
#define TFO_STATUS_UNSPEC      0
#define TFO_COOKIE_UNAVAILABLE 1
#define TFO_DATA_NOT_ACKED     2
#define TFO_SYN_RETRANSMITTED  3

#if _XLIBC_BSD
#define TCPOPT_EOL            0
#define TCPOPT_NOP            1
#define TCPOPT_MAXSEG         2
#define TCPOPT_WINDOW         3
#define TCPOPT_SACK_PERMITTED 4
#define TCPOPT_SACK           5
#define TCPOPT_TIMESTAMP      8
#define TCPOLEN_SACK_PERMITTED 2
#define TCPOLEN_WINDOW         3
#define TCPOLEN_MAXSEG         4
#define TCPOLEN_TIMESTAMP      10
#define SOL_TCP 6

#include <sys/types.h>
#include <sys/socket.h>
#include <stdint.h>

#define TH_FIN  0x1
#define TH_SYN  0x2
#define TH_RST  0x4
#define TH_PUSH 0x8
#define TH_ACK  0x10
#define TH_URG  0x20

typedef uint32_t tcp_seq;
#endif

#if _XLIBC_GNU
/* Both sets of names for one header: BSD's and Linux's. */
struct tcphdr {
	__extension__ union {
		struct {
			uint16_t th_sport;
			uint16_t th_dport;
			tcp_seq th_seq;
			tcp_seq th_ack;
			uint8_t th_x2 : 4, th_off : 4;
			uint8_t th_flags;
			uint16_t th_win;
			uint16_t th_sum;
			uint16_t th_urp;
		};
		struct {
			uint16_t source;
			uint16_t dest;
			uint32_t seq;
			uint32_t ack_seq;
			uint16_t res1 : 4, doff : 4, fin : 1, syn : 1, rst : 1, psh : 1, ack : 1, urg : 1, res2 : 2;
			uint16_t window;
			uint16_t check;
			uint16_t urg_ptr;
		};
	};
};
#elif _XLIBC_BSD
struct tcphdr {
	uint16_t th_sport;
	uint16_t th_dport;
	tcp_seq th_seq;
	tcp_seq th_ack;
	uint8_t th_x2 : 4, th_off : 4;
	uint8_t th_flags;
	uint16_t th_win;
	uint16_t th_sum;
	uint16_t th_urp;
};
#endif

#if _XLIBC_GNU
struct tcp_info {
	uint8_t tcpi_state;
	uint8_t tcpi_ca_state;
	uint8_t tcpi_retransmits;
	uint8_t tcpi_probes;
	uint8_t tcpi_backoff;
	uint8_t tcpi_options;
	uint8_t tcpi_snd_wscale : 4, tcpi_rcv_wscale : 4;
	uint8_t tcpi_delivery_rate_app_limited : 1, tcpi_fastopen_client_fail : 2;
	uint32_t tcpi_rto;
	uint32_t tcpi_ato;
	uint32_t tcpi_snd_mss;
	uint32_t tcpi_rcv_mss;
	uint32_t tcpi_unacked;
	uint32_t tcpi_sacked;
	uint32_t tcpi_lost;
	uint32_t tcpi_retrans;
	uint32_t tcpi_fackets;
	uint32_t tcpi_last_data_sent;
	uint32_t tcpi_last_ack_sent;
	uint32_t tcpi_last_data_recv;
	uint32_t tcpi_last_ack_recv;
	uint32_t tcpi_pmtu;
	uint32_t tcpi_rcv_ssthresh;
	uint32_t tcpi_rtt;
	uint32_t tcpi_rttvar;
	uint32_t tcpi_snd_ssthresh;
	uint32_t tcpi_snd_cwnd;
	uint32_t tcpi_advmss;
	uint32_t tcpi_reordering;
	uint32_t tcpi_rcv_rtt;
	uint32_t tcpi_rcv_space;
	uint32_t tcpi_total_retrans;
	uint64_t tcpi_pacing_rate;
	uint64_t tcpi_max_pacing_rate;
	uint64_t tcpi_bytes_acked;
	uint64_t tcpi_bytes_received;
	uint32_t tcpi_segs_out;
	uint32_t tcpi_segs_in;
	uint32_t tcpi_notsent_bytes;
	uint32_t tcpi_min_rtt;
	uint32_t tcpi_data_segs_in;
	uint32_t tcpi_data_segs_out;
	uint64_t tcpi_delivery_rate;
	uint64_t tcpi_busy_time;
	uint64_t tcpi_rwnd_limited;
	uint64_t tcpi_sndbuf_limited;
	uint32_t tcpi_delivered;
	uint32_t tcpi_delivered_ce;
	uint64_t tcpi_bytes_sent;
	uint64_t tcpi_bytes_retrans;
	uint32_t tcpi_dsack_dups;
	uint32_t tcpi_reord_seen;
	uint32_t tcpi_rcv_ooopack;
	uint32_t tcpi_snd_wnd;
};

struct tcp_md5sig {
	struct sockaddr_storage tcpm_addr;
	uint8_t tcpm_flags;
	uint8_t tcpm_prefixlen;
	uint16_t tcpm_keylen;
	int tcpm_ifindex;
	uint8_t tcpm_key[TCP_MD5SIG_MAXKEYLEN];
};

struct tcp_diag_md5sig {
	uint8_t tcpm_family;
	uint8_t tcpm_prefixlen;
	uint16_t tcpm_keylen;
	uint32_t tcpm_addr[4];
	uint8_t tcpm_key[TCP_MD5SIG_MAXKEYLEN];
};

struct tcp_repair_window {
	uint32_t snd_wl1;
	uint32_t snd_wnd;
	uint32_t max_window;
	uint32_t rcv_wnd;
	uint32_t rcv_wup;
};

struct tcp_zerocopy_receive {
	uint64_t address;
	uint32_t length;
	uint32_t recv_skip_hint;
	uint32_t inq;
	int32_t err;
	uint64_t copybuf_address;
	int32_t copybuf_len;
	uint32_t flags;
	uint64_t msg_control;
	uint64_t msg_controllen;
	uint32_t msg_flags;
	uint32_t reserved;
};
#endif

#endif
