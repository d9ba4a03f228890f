/* ELF: relocations, flags and other numbers of Alpha */

#define DT_ALPHA_NUM   1
#define DT_ALPHA_PLTRO 0x70000000

#define EF_ALPHA_32BIT    1
#define EF_ALPHA_CANRELAX 2

#define LITUSE_ALPHA_ADDR    0
#define LITUSE_ALPHA_BASE    1
#define LITUSE_ALPHA_BYTOFF  2
#define LITUSE_ALPHA_JSR     3
#define LITUSE_ALPHA_TLS_GD  4
#define LITUSE_ALPHA_TLS_LDM 5

#define R_ALPHA_NONE      0
#define R_ALPHA_REFLONG   1
#define R_ALPHA_REFQUAD   2
#define R_ALPHA_GPREL32   3
#define R_ALPHA_LITERAL   4
#define R_ALPHA_LITUSE    5
#define R_ALPHA_GPDISP    6
#define R_ALPHA_BRADDR    7
#define R_ALPHA_HINT      8
#define R_ALPHA_SREL16    9
#define R_ALPHA_SREL32    10
#define R_ALPHA_SREL64    11
#define R_ALPHA_GPRELHIGH 17
#define R_ALPHA_GPRELLOW  18
#define R_ALPHA_GPREL16   19
#define R_ALPHA_COPY      24
#define R_ALPHA_GLOB_DAT  25
#define R_ALPHA_JMP_SLOT  26
#define R_ALPHA_RELATIVE  27
#define R_ALPHA_TLS_GD_HI 28
#define R_ALPHA_TLSGD     29
#define R_ALPHA_TLS_LDM   30
#define R_ALPHA_DTPMOD64  31
#define R_ALPHA_GOTDTPREL 32
#define R_ALPHA_DTPREL64  33
#define R_ALPHA_DTPRELHI  34
#define R_ALPHA_DTPRELLO  35
#define R_ALPHA_DTPREL16  36
#define R_ALPHA_GOTTPREL  37
#define R_ALPHA_TPREL64   38
#define R_ALPHA_TPRELHI   39
#define R_ALPHA_TPRELLO   40
#define R_ALPHA_TPREL16   41
#define R_ALPHA_NUM       46

#define SHF_ALPHA_GPREL 0x10000000

#define SHT_ALPHA_DEBUG   0x70000001
#define SHT_ALPHA_REGINFO 0x70000002

#define STO_ALPHA_NOPV       0x80
#define STO_ALPHA_STD_GPLOAD 0x88
