/* ELF: numbers that every machine shares */

/* Places in e_ident */
#define EI_MAG0       0
#define EI_MAG1       1
#define EI_MAG2       2
#define EI_MAG3       3
#define EI_CLASS      4
#define EI_DATA       5
#define EI_VERSION    6
#define EI_OSABI      7
#define EI_ABIVERSION 8
#define EI_PAD        9

#define ELFMAG1 69
#define ELFMAG3 70
#define ELFMAG2 76
#define ELFMAG0 127
#define ELFMAG "\177ELF"

#define SELFMAG 4

#define ELFCLASSNONE 0
#define ELFCLASS32   1
#define ELFCLASS64   2
#define ELFCLASSNUM  3

#define ELFDATANONE 0
#define ELFDATA2LSB 1
#define ELFDATA2MSB 2
#define ELFDATANUM  3

#define ELFOSABI_NONE       0
#define ELFOSABI_SYSV       0
#define ELFOSABI_HPUX       1
#define ELFOSABI_NETBSD     2
#define ELFOSABI_GNU        3
#define ELFOSABI_LINUX      3
#define ELFOSABI_SOLARIS    6
#define ELFOSABI_AIX        7
#define ELFOSABI_FREEBSD    9
#define ELFOSABI_TRU64      10
#define ELFOSABI_MODESTO    11
#define ELFOSABI_OPENBSD    12
#define ELFOSABI_ARM        97
#define ELFOSABI_STANDALONE 255

/* e_type */
#define ET_NONE   0
#define ET_REL    1
#define ET_EXEC   2
#define ET_DYN    3
#define ET_CORE   4
#define ET_NUM    5
#define ET_LOOS   0xfe00
#define ET_HIOS   0xfeff
#define ET_LOPROC 0xff00
#define ET_HIPROC 0xffff

/* e_machine */
#define EM_NONE          0
#define EM_M32           1
#define EM_SPARC         2
#define EM_386           3
#define EM_68K           4
#define EM_88K           5
#define EM_860           7
#define EM_MIPS          8
#define EM_S370          9
#define EM_MIPS_RS3_LE   10
#define EM_PARISC        15
#define EM_VPP500        17
#define EM_SPARC32PLUS   18
#define EM_960           19
#define EM_PPC           20
#define EM_PPC64         21
#define EM_S390          22
#define EM_V800          36
#define EM_FR20          37
#define EM_RH32          38
#define EM_RCE           39
#define EM_ARM           40
#define EM_FAKE_ALPHA    41
#define EM_SH            42
#define EM_SPARCV9       43
#define EM_TRICORE       44
#define EM_ARC           45
#define EM_H8_300        46
#define EM_H8_300H       47
#define EM_H8S           48
#define EM_H8_500        49
#define EM_IA_64         50
#define EM_MIPS_X        51
#define EM_COLDFIRE      52
#define EM_68HC12        53
#define EM_MMA           54
#define EM_PCP           55
#define EM_NCPU          56
#define EM_NDR1          57
#define EM_STARCORE      58
#define EM_ME16          59
#define EM_ST100         60
#define EM_TINYJ         61
#define EM_X86_64        62
#define EM_PDSP          63
#define EM_FX66          66
#define EM_ST9PLUS       67
#define EM_ST7           68
#define EM_68HC16        69
#define EM_68HC11        70
#define EM_68HC08        71
#define EM_68HC05        72
#define EM_SVX           73
#define EM_ST19          74
#define EM_VAX           75
#define EM_CRIS          76
#define EM_JAVELIN       77
#define EM_FIREPATH      78
#define EM_ZSP           79
#define EM_MMIX          80
#define EM_HUANY         81
#define EM_PRISM         82
#define EM_AVR           83
#define EM_FR30          84
#define EM_D10V          85
#define EM_D30V          86
#define EM_V850          87
#define EM_M32R          88
#define EM_MN10300       89
#define EM_MN10200       90
#define EM_PJ            91
#define EM_OPENRISC      92
#define EM_OR1K          92
#define EM_ARC_A5        93
#define EM_ARC_COMPACT   93
#define EM_XTENSA        94
#define EM_VIDEOCORE     95
#define EM_TMM_GPP       96
#define EM_NS32K         97
#define EM_TPC           98
#define EM_SNP1K         99
#define EM_ST200         100
#define EM_IP2K          101
#define EM_MAX           102
#define EM_CR            103
#define EM_F2MC16        104
#define EM_MSP430        105
#define EM_BLACKFIN      106
#define EM_SE_C33        107
#define EM_SEP           108
#define EM_ARCA          109
#define EM_UNICORE       110
#define EM_EXCESS        111
#define EM_DXP           112
#define EM_ALTERA_NIOS2  113
#define EM_CRX           114
#define EM_XGATE         115
#define EM_C166          116
#define EM_M16C          117
#define EM_DSPIC30F      118
#define EM_CE            119
#define EM_M32C          120
#define EM_TSK3000       131
#define EM_RS08          132
#define EM_SHARC         133
#define EM_ECOG2         134
#define EM_SCORE7        135
#define EM_DSP24         136
#define EM_VIDEOCORE3    137
#define EM_LATTICEMICO32 138
#define EM_SE_C17        139
#define EM_TI_C6000      140
#define EM_TI_C2000      141
#define EM_TI_C5500      142
#define EM_TI_ARP32      143
#define EM_TI_PRU        144
#define EM_MMDSP_PLUS    160
#define EM_CYPRESS_M8C   161
#define EM_R32C          162
#define EM_TRIMEDIA      163
#define EM_QDSP6         164
#define EM_8051          165
#define EM_STXP7X        166
#define EM_NDS32         167
#define EM_ECOG1X        168
#define EM_MAXQ30        169
#define EM_XIMO16        170
#define EM_MANIK         171
#define EM_CRAYNV2       172
#define EM_RX            173
#define EM_METAG         174
#define EM_MCST_ELBRUS   175
#define EM_ECOG16        176
#define EM_CR16          177
#define EM_ETPU          178
#define EM_SLE9X         179
#define EM_L10M          180
#define EM_K10M          181
#define EM_AARCH64       183
#define EM_AVR32         185
#define EM_STM8          186
#define EM_TILE64        187
#define EM_TILEPRO       188
#define EM_MICROBLAZE    189
#define EM_CUDA          190
#define EM_TILEGX        191
#define EM_CLOUDSHIELD   192
#define EM_COREA_1ST     193
#define EM_COREA_2ND     194
#define EM_ARC_COMPACT2  195
#define EM_OPEN8         196
#define EM_RL78          197
#define EM_VIDEOCORE5    198
#define EM_78KOR         199
#define EM_56800EX       200
#define EM_BA1           201
#define EM_BA2           202
#define EM_XCORE         203
#define EM_MCHP_PIC      204
#define EM_KM32          210
#define EM_KMX32         211
#define EM_EMX16         212
#define EM_EMX8          213
#define EM_KVARC         214
#define EM_CDP           215
#define EM_COGE          216
#define EM_COOL          217
#define EM_NORC          218
#define EM_CSR_KALIMBA   219
#define EM_Z80           220
#define EM_VISIUM        221
#define EM_FT32          222
#define EM_MOXIE         223
#define EM_AMDGPU        224
#define EM_RISCV         243
#define EM_BPF           247
#define EM_CSKY          252
#define EM_LOONGARCH     258
#define EM_NUM           259
#define EM_ALPHA         36902

#define EV_NONE    0
#define EV_CURRENT 1
#define EV_NUM     2

#define PN_XNUM 0xffff

/* p_type */
#define PT_NULL         0
#define PT_LOAD         1
#define PT_DYNAMIC      2
#define PT_INTERP       3
#define PT_NOTE         4
#define PT_SHLIB        5
#define PT_PHDR         6
#define PT_TLS          7
#define PT_NUM          8
#define PT_LOOS         0x60000000
#define PT_GNU_EH_FRAME 0x6474e550
#define PT_GNU_STACK    0x6474e551
#define PT_GNU_RELRO    0x6474e552
#define PT_GNU_PROPERTY 0x6474e553
#define PT_LOSUNW       0x6ffffffa
#define PT_SUNWBSS      0x6ffffffa
#define PT_SUNWSTACK    0x6ffffffb
#define PT_HIOS         0x6fffffff
#define PT_HISUNW       0x6fffffff
#define PT_LOPROC       0x70000000
#define PT_HIPROC       0x7fffffff

/* p_flags */
#define PF_X        1
#define PF_W        2
#define PF_R        4
#define PF_MASKOS   0xff00000
#define PF_MASKPROC 0xf0000000

/* Section indices */
#define SHN_UNDEF     0
#define SHN_BEFORE    0xff00
#define SHN_LOPROC    0xff00
#define SHN_LORESERVE 0xff00
#define SHN_AFTER     0xff01
#define SHN_HIPROC    0xff1f
#define SHN_LOOS      0xff20
#define SHN_HIOS      0xff3f
#define SHN_ABS       0xfff1
#define SHN_COMMON    0xfff2
#define SHN_HIRESERVE 0xffff
#define SHN_XINDEX    0xffff

/* sh_type */
#define SHT_NULL           0
#define SHT_PROGBITS       1
#define SHT_SYMTAB         2
#define SHT_STRTAB         3
#define SHT_RELA           4
#define SHT_HASH           5
#define SHT_DYNAMIC        6
#define SHT_NOTE           7
#define SHT_NOBITS         8
#define SHT_REL            9
#define SHT_SHLIB          10
#define SHT_DYNSYM         11
#define SHT_INIT_ARRAY     14
#define SHT_FINI_ARRAY     15
#define SHT_PREINIT_ARRAY  16
#define SHT_GROUP          17
#define SHT_SYMTAB_SHNDX   18
#define SHT_RELR           19
#define SHT_NUM            20
#define SHT_LOOS           0x60000000
#define SHT_GNU_ATTRIBUTES 0x6ffffff5
#define SHT_GNU_HASH       0x6ffffff6
#define SHT_GNU_LIBLIST    0x6ffffff7
#define SHT_CHECKSUM       0x6ffffff8
#define SHT_LOSUNW         0x6ffffffa
#define SHT_SUNW_move      0x6ffffffa
#define SHT_SUNW_COMDAT    0x6ffffffb
#define SHT_SUNW_syminfo   0x6ffffffc
#define SHT_GNU_verdef     0x6ffffffd
#define SHT_GNU_verneed    0x6ffffffe
#define SHT_GNU_versym     0x6fffffff
#define SHT_HIOS           0x6fffffff
#define SHT_HISUNW         0x6fffffff
#define SHT_LOPROC         0x70000000
#define SHT_HIPROC         0x7fffffff
#define SHT_LOUSER         0x80000000
#define SHT_HIUSER         0x8fffffff

/* sh_flags */
#define SHF_WRITE            1
#define SHF_ALLOC            2
#define SHF_EXECINSTR        4
#define SHF_MERGE            0x10
#define SHF_STRINGS          0x20
#define SHF_INFO_LINK        0x40
#define SHF_LINK_ORDER       0x80
#define SHF_OS_NONCONFORMING 0x100
#define SHF_GROUP            0x200
#define SHF_TLS              0x400
#define SHF_COMPRESSED       0x800
#define SHF_MASKOS           0xff00000
#define SHF_ORDERED          0x40000000
#define SHF_EXCLUDE          0x80000000
#define SHF_MASKPROC         0xf0000000

#define GRP_COMDAT 1

/* Symbol binding */
#define STB_LOCAL      0
#define STB_GLOBAL     1
#define STB_WEAK       2
#define STB_NUM        3
#define STB_GNU_UNIQUE 10
#define STB_LOOS       10
#define STB_HIOS       12
#define STB_LOPROC     13
#define STB_HIPROC     15

/* Symbol type */
#define STT_NOTYPE    0
#define STT_OBJECT    1
#define STT_FUNC      2
#define STT_SECTION   3
#define STT_FILE      4
#define STT_COMMON    5
#define STT_TLS       6
#define STT_NUM       7
#define STT_GNU_IFUNC 10
#define STT_LOOS      10
#define STT_HIOS      12
#define STT_LOPROC    13
#define STT_HIPROC    15

#define STN_UNDEF 0

/* Symbol visibility */
#define STV_DEFAULT   0
#define STV_INTERNAL  1
#define STV_HIDDEN    2
#define STV_PROTECTED 3

#define SYMINFO_BT_LOWRESERVE 65280
#define SYMINFO_BT_PARENT     65534
#define SYMINFO_BT_SELF       65535

#define SYMINFO_FLG_DIRECT   1
#define SYMINFO_FLG_PASSTHRU 2
#define SYMINFO_FLG_COPY     4
#define SYMINFO_FLG_LAZYLOAD 8

/* d_tag */
#define DT_NULL            0
#define DT_NEEDED          1
#define DT_PLTRELSZ        2
#define DT_EXTRANUM        3
#define DT_PLTGOT          3
#define DT_HASH            4
#define DT_STRTAB          5
#define DT_SYMTAB          6
#define DT_RELA            7
#define DT_RELASZ          8
#define DT_RELAENT         9
#define DT_STRSZ           10
#define DT_ADDRNUM         11
#define DT_SYMENT          11
#define DT_INIT            12
#define DT_VALNUM          12
#define DT_FINI            13
#define DT_SONAME          14
#define DT_RPATH           15
#define DT_SYMBOLIC        16
#define DT_VERSIONTAGNUM   16
#define DT_REL             17
#define DT_RELSZ           18
#define DT_RELENT          19
#define DT_PLTREL          20
#define DT_DEBUG           21
#define DT_TEXTREL         22
#define DT_JMPREL          23
#define DT_BIND_NOW        24
#define DT_INIT_ARRAY      25
#define DT_FINI_ARRAY      26
#define DT_INIT_ARRAYSZ    27
#define DT_FINI_ARRAYSZ    28
#define DT_RUNPATH         29
#define DT_FLAGS           30
#define DT_ENCODING        32
#define DT_PREINIT_ARRAY   32
#define DT_PREINIT_ARRAYSZ 33
#define DT_SYMTAB_SHNDX    34
#define DT_RELRSZ          35
#define DT_RELR            36
#define DT_RELRENT         37
#define DT_NUM             38
#define DT_PROCNUM         54
#define DT_LOOS            0x6000000d
#define DT_HIOS            0x6ffff000
#define DT_VALRNGLO        0x6ffffd00
#define DT_GNU_PRELINKED   0x6ffffdf5
#define DT_GNU_CONFLICTSZ  0x6ffffdf6
#define DT_GNU_LIBLISTSZ   0x6ffffdf7
#define DT_CHECKSUM        0x6ffffdf8
#define DT_PLTPADSZ        0x6ffffdf9
#define DT_MOVEENT         0x6ffffdfa
#define DT_MOVESZ          0x6ffffdfb
#define DT_FEATURE_1       0x6ffffdfc
#define DT_POSFLAG_1       0x6ffffdfd
#define DT_SYMINSZ         0x6ffffdfe
#define DT_SYMINENT        0x6ffffdff
#define DT_VALRNGHI        0x6ffffdff
#define DT_ADDRRNGLO       0x6ffffe00
#define DT_GNU_HASH        0x6ffffef5
#define DT_TLSDESC_PLT     0x6ffffef6
#define DT_TLSDESC_GOT     0x6ffffef7
#define DT_GNU_CONFLICT    0x6ffffef8
#define DT_GNU_LIBLIST     0x6ffffef9
#define DT_CONFIG          0x6ffffefa
#define DT_DEPAUDIT        0x6ffffefb
#define DT_AUDIT           0x6ffffefc
#define DT_PLTPAD          0x6ffffefd
#define DT_MOVETAB         0x6ffffefe
#define DT_ADDRRNGHI       0x6ffffeff
#define DT_SYMINFO         0x6ffffeff
#define DT_VERSYM          0x6ffffff0
#define DT_RELACOUNT       0x6ffffff9
#define DT_RELCOUNT        0x6ffffffa
#define DT_FLAGS_1         0x6ffffffb
#define DT_VERDEF          0x6ffffffc
#define DT_VERDEFNUM       0x6ffffffd
#define DT_VERNEED         0x6ffffffe
#define DT_VERNEEDNUM      0x6fffffff
#define DT_LOPROC          0x70000000
#define DT_AUXILIARY       0x7ffffffd
#define DT_FILTER          0x7fffffff
#define DT_HIPROC          0x7fffffff

/* DT_FLAGS */
#define DF_ORIGIN     1
#define DF_SYMBOLIC   2
#define DF_TEXTREL    4
#define DF_BIND_NOW   8
#define DF_STATIC_TLS 0x10

/* DT_FLAGS_1 */
#define DF_1_NOW        1
#define DF_1_GLOBAL     2
#define DF_1_GROUP      4
#define DF_1_NODELETE   8
#define DF_1_LOADFLTR   0x10
#define DF_1_INITFIRST  0x20
#define DF_1_NOOPEN     0x40
#define DF_1_ORIGIN     0x80
#define DF_1_DIRECT     0x100
#define DF_1_TRANS      0x200
#define DF_1_INTERPOSE  0x400
#define DF_1_NODEFLIB   0x800
#define DF_1_NODUMP     0x1000
#define DF_1_CONFALT    0x2000
#define DF_1_ENDFILTEE  0x4000
#define DF_1_DISPRELDNE 0x8000
#define DF_1_DISPRELPND 0x10000
#define DF_1_NODIRECT   0x20000
#define DF_1_IGNMULDEF  0x40000
#define DF_1_NOKSYMS    0x80000
#define DF_1_NOHDR      0x100000
#define DF_1_EDITED     0x200000
#define DF_1_NORELOC    0x400000
#define DF_1_SYMINTPOSE 0x800000
#define DF_1_GLOBAUDIT  0x1000000
#define DF_1_SINGLETON  0x2000000
#define DF_1_STUB       0x4000000
#define DF_1_PIE        0x8000000

/* DT_POSFLAG_1 */
#define DF_P1_LAZYLOAD  1
#define DF_P1_GROUPPERM 2

/* DT_FEATURE_1 */
#define DTF_1_PARINIT 1
#define DTF_1_CONFEXP 2

/* Versions */
#define VER_DEF_NONE    0
#define VER_DEF_CURRENT 1
#define VER_DEF_NUM     2

#define VER_FLG_BASE 1
#define VER_FLG_WEAK 2

#define VER_NDX_LOCAL     0
#define VER_NDX_GLOBAL    1
#define VER_NDX_LORESERVE 65280
#define VER_NDX_ELIMINATE 65281

#define VER_NEED_NONE    0
#define VER_NEED_CURRENT 1
#define VER_NEED_NUM     2

#define ELFCOMPRESS_ZLIB   1
#define ELFCOMPRESS_ZSTD   2
#define ELFCOMPRESS_LOOS   0x60000000
#define ELFCOMPRESS_HIOS   0x6fffffff
#define ELFCOMPRESS_LOPROC 0x70000000
#define ELFCOMPRESS_HIPROC 0x7fffffff

/* Notes */
#define NT_GNU_ABI_TAG         1
#define NT_PRSTATUS            1
#define NT_VERSION             1
#define NT_FPREGSET            2
#define NT_PRFPREG             2
#define NT_GNU_BUILD_ID        3
#define NT_PRPSINFO            3
#define NT_GNU_GOLD_VERSION    4
#define NT_PRXREG              4
#define NT_TASKSTRUCT          4
#define NT_GNU_PROPERTY_TYPE_0 5
#define NT_PLATFORM            5
#define NT_AUXV                6
#define NT_GWINDOWS            7
#define NT_ASRS                8
#define NT_PSTATUS             0xa
#define NT_PSINFO              0xd
#define NT_PRCRED              0xe
#define NT_UTSNAME             0xf
#define NT_LWPSTATUS           0x10
#define NT_LWPSINFO            0x11
#define NT_PRFPXREG            0x14
#define NT_METAG_CBUF          0x500
#define NT_METAG_RPIPE         0x501
#define NT_METAG_TLS           0x502
#define NT_ARC_V2              0x600
#define NT_VMCOREDD            0x700
#define NT_FILE                0x46494c45
#define NT_PRXFPREG            0x46e62b7f
#define NT_SIGINFO             0x53494749

#define ELF_NOTE_OS_LINUX      0
#define ELF_NOTE_ABI           1
#define ELF_NOTE_OS_GNU        1
#define ELF_NOTE_PAGESIZE_HINT 1
#define ELF_NOTE_OS_SOLARIS2   2
#define ELF_NOTE_OS_FREEBSD    3

/* The auxiliary vector */
#define AT_NULL              0
#define AT_IGNORE            1
#define AT_EXECFD            2
#define AT_PHDR              3
#define AT_PHENT             4
#define AT_PHNUM             5
#define AT_PAGESZ            6
#define AT_BASE              7
#define AT_FLAGS             8
#define AT_ENTRY             9
#define AT_NOTELF            10
#define AT_UID               11
#define AT_EUID              12
#define AT_GID               13
#define AT_EGID              14
#define AT_PLATFORM          15
#define AT_HWCAP             16
#define AT_CLKTCK            17
#define AT_FPUCW             18
#define AT_DCACHEBSIZE       19
#define AT_ICACHEBSIZE       20
#define AT_UCACHEBSIZE       21
#define AT_SECURE            23
#define AT_BASE_PLATFORM     24
#define AT_RANDOM            25
#define AT_HWCAP2            26
#define AT_EXECFN            31
#define AT_SYSINFO           32
#define AT_SYSINFO_EHDR      33
#define AT_L1I_CACHESHAPE    34
#define AT_L1D_CACHESHAPE    35
#define AT_L2_CACHESHAPE     36
#define AT_L3_CACHESHAPE     37
#define AT_L1I_CACHESIZE     40
#define AT_L1I_CACHEGEOMETRY 41
#define AT_L1D_CACHESIZE     42
#define AT_L1D_CACHEGEOMETRY 43
#define AT_L2_CACHESIZE      44
#define AT_L2_CACHEGEOMETRY  45
#define AT_L3_CACHESIZE      46
#define AT_L3_CACHEGEOMETRY  47
#define AT_MINSIGSTKSZ       51

#define EF_CPU32 0x810000

#define SYMINFO_CURRENT 1

#define SYMINFO_NONE 0

#define SYMINFO_NUM 2

#define ELF_NOTE_SOLARIS "SUNW Solaris"
#define ELF_NOTE_GNU "GNU"

#define DT_VALTAGIDX(tag) (DT_VALRNGHI - (tag))
#define DT_ADDRTAGIDX(tag) (DT_ADDRRNGHI - (tag))
#define DT_VERSIONTAGIDX(tag) (DT_VERNEEDNUM - (tag))
#define DT_EXTRATAGIDX(tag) ((Elf32_Word)-((Elf32_Sword)(tag) << 1 >> 1) - 1)

#define ELF32_ST_BIND(info) (((unsigned char)(info)) >> 4)
#define ELF32_ST_TYPE(info) ((info) & 0xf)
#define ELF32_ST_INFO(bind, type) (((bind) << 4) + ((type) & 0xf))
#define ELF32_ST_VISIBILITY(other) ((other) & 3)
#define ELF64_ST_BIND(info) ELF32_ST_BIND(info)
#define ELF64_ST_TYPE(info) ELF32_ST_TYPE(info)
#define ELF64_ST_INFO(bind, type) ELF32_ST_INFO((bind), (type))
#define ELF64_ST_VISIBILITY(other) ELF32_ST_VISIBILITY(other)

#define ELF32_R_SYM(info) ((info) >> 8)
#define ELF32_R_TYPE(info) ((info) & 0xff)
#define ELF32_R_INFO(symbol, type) (((symbol) << 8) + ((type) & 0xff))
#define ELF64_R_SYM(info) ((info) >> 32)
#define ELF64_R_TYPE(info) ((info) & 0xffffffff)
#define ELF64_R_INFO(symbol, type) ((((Elf64_Xword)(symbol)) << 32) + (type))

#define ELF32_M_SYM(info) ((info) >> 8)
#define ELF32_M_SIZE(info) ((unsigned char)(info))
#define ELF32_M_INFO(symbol, size) (((symbol) << 8) + (unsigned char)(size))
#define ELF64_M_SYM(info) ELF32_M_SYM(info)
#define ELF64_M_SIZE(info) ELF32_M_SIZE(info)
#define ELF64_M_INFO(symbol, size) ELF32_M_INFO(symbol, size)
