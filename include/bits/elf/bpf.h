/* ELF: relocations, flags and other numbers of BPF */

#define R_BPF_NONE   0
#define R_BPF_MAP_FD 1
