/* ELF: relocations, flags and other numbers of MIPS */

#define DT_MIPS_NUM                   54
#define DT_MIPS_RLD_VERSION           0x70000001
#define DT_MIPS_TIME_STAMP            0x70000002
#define DT_MIPS_ICHECKSUM             0x70000003
#define DT_MIPS_IVERSION              0x70000004
#define DT_MIPS_FLAGS                 0x70000005
#define DT_MIPS_BASE_ADDRESS          0x70000006
#define DT_MIPS_MSYM                  0x70000007
#define DT_MIPS_CONFLICT              0x70000008
#define DT_MIPS_LIBLIST               0x70000009
#define DT_MIPS_LOCAL_GOTNO           0x7000000a
#define DT_MIPS_CONFLICTNO            0x7000000b
#define DT_MIPS_LIBLISTNO             0x70000010
#define DT_MIPS_SYMTABNO              0x70000011
#define DT_MIPS_UNREFEXTNO            0x70000012
#define DT_MIPS_GOTSYM                0x70000013
#define DT_MIPS_HIPAGENO              0x70000014
#define DT_MIPS_RLD_MAP               0x70000016
#define DT_MIPS_DELTA_CLASS           0x70000017
#define DT_MIPS_DELTA_CLASS_NO        0x70000018
#define DT_MIPS_DELTA_INSTANCE        0x70000019
#define DT_MIPS_DELTA_INSTANCE_NO     0x7000001a
#define DT_MIPS_DELTA_RELOC           0x7000001b
#define DT_MIPS_DELTA_RELOC_NO        0x7000001c
#define DT_MIPS_DELTA_SYM             0x7000001d
#define DT_MIPS_DELTA_SYM_NO          0x7000001e
#define DT_MIPS_DELTA_CLASSSYM        0x70000020
#define DT_MIPS_DELTA_CLASSSYM_NO     0x70000021
#define DT_MIPS_CXX_FLAGS             0x70000022
#define DT_MIPS_PIXIE_INIT            0x70000023
#define DT_MIPS_SYMBOL_LIB            0x70000024
#define DT_MIPS_LOCALPAGE_GOTIDX      0x70000025
#define DT_MIPS_LOCAL_GOTIDX          0x70000026
#define DT_MIPS_HIDDEN_GOTIDX         0x70000027
#define DT_MIPS_PROTECTED_GOTIDX      0x70000028
#define DT_MIPS_OPTIONS               0x70000029
#define DT_MIPS_INTERFACE             0x7000002a
#define DT_MIPS_DYNSTR_ALIGN          0x7000002b
#define DT_MIPS_INTERFACE_SIZE        0x7000002c
#define DT_MIPS_RLD_TEXT_RESOLVE_ADDR 0x7000002d
#define DT_MIPS_PERF_SUFFIX           0x7000002e
#define DT_MIPS_COMPACT_SIZE          0x7000002f
#define DT_MIPS_GP_VALUE              0x70000030
#define DT_MIPS_AUX_DYNAMIC           0x70000031
#define DT_MIPS_PLTGOT                0x70000032
#define DT_MIPS_RWPLT                 0x70000034
#define DT_MIPS_RLD_MAP_REL           0x70000035

#define EF_MIPS_ARCH_1      0
#define EF_MIPS_NOREORDER   1
#define EF_MIPS_PIC         2
#define EF_MIPS_CPIC        4
#define EF_MIPS_XGOT        8
#define EF_MIPS_64BIT_WHIRL 0x10
#define EF_MIPS_ABI2        0x20
#define EF_MIPS_ABI_ON32    0x40
#define EF_MIPS_FP64        0x200
#define EF_MIPS_NAN2008     0x400
#define EF_MIPS_ARCH_2      0x10000000
#define EF_MIPS_ARCH_3      0x20000000
#define EF_MIPS_ARCH_4      0x30000000
#define EF_MIPS_ARCH_5      0x40000000
#define EF_MIPS_ARCH_32     0x50000000
#define EF_MIPS_ARCH_64     0x60000000
#define EF_MIPS_ARCH_32R2   0x70000000
#define EF_MIPS_ARCH_64R2   0x80000000
#define EF_MIPS_ARCH        0xf0000000

#define ELFOSABI_IRIX 8

#define E_MIPS_ARCH_1  0
#define E_MIPS_ARCH_2  0x10000000
#define E_MIPS_ARCH_3  0x20000000
#define E_MIPS_ARCH_4  0x30000000
#define E_MIPS_ARCH_5  0x40000000
#define E_MIPS_ARCH_32 0x50000000
#define E_MIPS_ARCH_64 0x60000000

#define LL_NONE           0
#define LL_EXACT_MATCH    1
#define LL_IGNORE_INT_VER 2
#define LL_REQUIRE_MINOR  4
#define LL_EXPORTS        8
#define LL_DELAY_LOAD     16
#define LL_DELTA          32

#define MIPS_AFL_REG_NONE        0
#define MIPS_AFL_ASE_DSP         1
#define MIPS_AFL_EXT_XLR         1
#define MIPS_AFL_FLAGS1_ODDSPREG 1
#define MIPS_AFL_REG_32          1
#define MIPS_AFL_ASE_DSPR2       2
#define MIPS_AFL_EXT_OCTEON2     2
#define MIPS_AFL_REG_64          2
#define MIPS_AFL_EXT_OCTEONP     3
#define MIPS_AFL_REG_128         3
#define MIPS_AFL_ASE_EVA         4
#define MIPS_AFL_EXT_LOONGSON_3A 4
#define MIPS_AFL_EXT_OCTEON      5
#define MIPS_AFL_EXT_5900        6
#define MIPS_AFL_EXT_4650        7
#define MIPS_AFL_ASE_MCU         8
#define MIPS_AFL_EXT_4010        8
#define MIPS_AFL_EXT_4100        9
#define MIPS_AFL_EXT_3900        10
#define MIPS_AFL_EXT_10000       11
#define MIPS_AFL_EXT_SB1         12
#define MIPS_AFL_EXT_4111        13
#define MIPS_AFL_EXT_4120        14
#define MIPS_AFL_EXT_5400        15
#define MIPS_AFL_ASE_MDMX        0x10
#define MIPS_AFL_EXT_5500        16
#define MIPS_AFL_EXT_LOONGSON_2E 17
#define MIPS_AFL_EXT_LOONGSON_2F 18
#define MIPS_AFL_ASE_MIPS3D      0x20
#define MIPS_AFL_ASE_MT          0x40
#define MIPS_AFL_ASE_SMARTMIPS   0x80
#define MIPS_AFL_ASE_VIRT        0x100
#define MIPS_AFL_ASE_MSA         0x200
#define MIPS_AFL_ASE_MIPS16      0x400
#define MIPS_AFL_ASE_MICROMIPS   0x800
#define MIPS_AFL_ASE_XPA         0x1000
#define MIPS_AFL_ASE_MASK        0x1fff

#define NT_MIPS_DSP     0x800
#define NT_MIPS_FP_MODE 0x801
#define NT_MIPS_MSA     0x802

#define ODK_NULL       0
#define ODK_REGINFO    1
#define ODK_EXCEPTIONS 2
#define ODK_PAD        3
#define ODK_HWPATCH    4
#define ODK_FILL       5
#define ODK_TAGS       6
#define ODK_HWAND      7
#define ODK_HWOR       8

#define OEX_FPU_INEX  1
#define OEX_FPU_UFLO  2
#define OEX_FPU_OFLO  4
#define OEX_FPU_DIV0  8
#define OEX_FPU_INVAL 0x10
#define OEX_FPU_MIN   0x1f
#define OEX_FPU_MAX   0x1f00
#define OEX_PAGE0     0x10000
#define OEX_SMM       0x20000
#define OEX_FPDBUG    0x40000
#define OEX_PRECISEFP 0x40000
#define OEX_DISMISS   0x80000

#define OHWA0_R4KEOP_CHECKED 1

#define OHWA1_R4KEOP_CLEAN 2

#define OHW_R4KEOP    1
#define OHW_R8KPFETCH 2
#define OHW_R5KEOP    4
#define OHW_R5KCVTL   8

#define OPAD_PREFIX  1
#define OPAD_POSTFIX 2
#define OPAD_SYMBOL  4

#define PF_MIPS_LOCAL 0x10000000

#define PT_MIPS_REGINFO  0x70000000
#define PT_MIPS_RTPROC   0x70000001
#define PT_MIPS_OPTIONS  0x70000002
#define PT_MIPS_ABIFLAGS 0x70000003

#define RHF_NONE                   0
#define RHF_QUICKSTART             1
#define RHF_NOTPOT                 2
#define RHF_NO_LIBRARY_REPLACEMENT 4
#define RHF_NO_MOVE                8
#define RHF_SGI_ONLY               0x10
#define RHF_GUARANTEE_INIT         0x20
#define RHF_DELTA_C_PLUS_PLUS      0x40
#define RHF_GUARANTEE_START_INIT   0x80
#define RHF_PIXIE                  0x100
#define RHF_DEFAULT_DELAY_LOAD     0x200
#define RHF_REQUICKSTART           0x400
#define RHF_REQUICKSTARTED         0x800
#define RHF_CORD                   0x1000
#define RHF_NO_UNRES_UNDEF         0x2000
#define RHF_RLD_ORDER_SAFE         0x4000

#define R_MIPS_NONE            0
#define R_MIPS_16              1
#define R_MIPS_32              2
#define R_MIPS_REL32           3
#define R_MIPS_26              4
#define R_MIPS_HI16            5
#define R_MIPS_LO16            6
#define R_MIPS_GPREL16         7
#define R_MIPS_LITERAL         8
#define R_MIPS_GOT16           9
#define R_MIPS_PC16            10
#define R_MIPS_CALL16          11
#define R_MIPS_GPREL32         12
#define R_MIPS_SHIFT5          16
#define R_MIPS_SHIFT6          17
#define R_MIPS_64              18
#define R_MIPS_GOT_DISP        19
#define R_MIPS_GOT_PAGE        20
#define R_MIPS_GOT_OFST        21
#define R_MIPS_GOT_HI16        22
#define R_MIPS_GOT_LO16        23
#define R_MIPS_SUB             24
#define R_MIPS_INSERT_A        25
#define R_MIPS_INSERT_B        26
#define R_MIPS_DELETE          27
#define R_MIPS_HIGHER          28
#define R_MIPS_HIGHEST         29
#define R_MIPS_CALL_HI16       30
#define R_MIPS_CALL_LO16       31
#define R_MIPS_SCN_DISP        32
#define R_MIPS_REL16           33
#define R_MIPS_ADD_IMMEDIATE   34
#define R_MIPS_PJUMP           35
#define R_MIPS_RELGOT          36
#define R_MIPS_JALR            37
#define R_MIPS_TLS_DTPMOD32    38
#define R_MIPS_TLS_DTPREL32    39
#define R_MIPS_TLS_DTPMOD64    40
#define R_MIPS_TLS_DTPREL64    41
#define R_MIPS_TLS_GD          42
#define R_MIPS_TLS_LDM         43
#define R_MIPS_TLS_DTPREL_HI16 44
#define R_MIPS_TLS_DTPREL_LO16 45
#define R_MIPS_TLS_GOTTPREL    46
#define R_MIPS_TLS_TPREL32     47
#define R_MIPS_TLS_TPREL64     48
#define R_MIPS_TLS_TPREL_HI16  49
#define R_MIPS_TLS_TPREL_LO16  50
#define R_MIPS_GLOB_DAT        51
#define R_MIPS_COPY            126
#define R_MIPS_JUMP_SLOT       127
#define R_MIPS_NUM             128

#define SHF_MIPS_NODUPE  0x1000000
#define SHF_MIPS_NAMES   0x2000000
#define SHF_MIPS_LOCAL   0x4000000
#define SHF_MIPS_NOSTRIP 0x8000000
#define SHF_MIPS_GPREL   0x10000000
#define SHF_MIPS_MERGE   0x20000000
#define SHF_MIPS_ADDR    0x40000000
#define SHF_MIPS_STRINGS 0x80000000

#define SHN_MIPS_ACOMMON    0xff00
#define SHN_MIPS_TEXT       0xff01
#define SHN_MIPS_DATA       0xff02
#define SHN_MIPS_SCOMMON    0xff03
#define SHN_MIPS_SUNDEFINED 0xff04

#define SHT_MIPS_LIBLIST       0x70000000
#define SHT_MIPS_MSYM          0x70000001
#define SHT_MIPS_CONFLICT      0x70000002
#define SHT_MIPS_GPTAB         0x70000003
#define SHT_MIPS_UCODE         0x70000004
#define SHT_MIPS_DEBUG         0x70000005
#define SHT_MIPS_REGINFO       0x70000006
#define SHT_MIPS_PACKAGE       0x70000007
#define SHT_MIPS_PACKSYM       0x70000008
#define SHT_MIPS_RELD          0x70000009
#define SHT_MIPS_IFACE         0x7000000b
#define SHT_MIPS_CONTENT       0x7000000c
#define SHT_MIPS_OPTIONS       0x7000000d
#define SHT_MIPS_SHDR          0x70000010
#define SHT_MIPS_FDESC         0x70000011
#define SHT_MIPS_EXTSYM        0x70000012
#define SHT_MIPS_DENSE         0x70000013
#define SHT_MIPS_PDESC         0x70000014
#define SHT_MIPS_LOCSYM        0x70000015
#define SHT_MIPS_AUXSYM        0x70000016
#define SHT_MIPS_OPTSYM        0x70000017
#define SHT_MIPS_LOCSTR        0x70000018
#define SHT_MIPS_LINE          0x70000019
#define SHT_MIPS_RFDESC        0x7000001a
#define SHT_MIPS_DELTASYM      0x7000001b
#define SHT_MIPS_DELTAINST     0x7000001c
#define SHT_MIPS_DELTACLASS    0x7000001d
#define SHT_MIPS_DWARF         0x7000001e
#define SHT_MIPS_DELTADECL     0x7000001f
#define SHT_MIPS_SYMBOL_LIB    0x70000020
#define SHT_MIPS_EVENTS        0x70000021
#define SHT_MIPS_TRANSLATE     0x70000022
#define SHT_MIPS_PIXIE         0x70000023
#define SHT_MIPS_XLATE         0x70000024
#define SHT_MIPS_XLATE_DEBUG   0x70000025
#define SHT_MIPS_WHIRL         0x70000026
#define SHT_MIPS_EH_REGION     0x70000027
#define SHT_MIPS_XLATE_OLD     0x70000028
#define SHT_MIPS_PDR_EXCEPTION 0x70000029

#define STB_MIPS_SPLIT_COMMON 13

#define STO_MIPS_DEFAULT         0
#define STO_MIPS_INTERNAL        1
#define STO_MIPS_HIDDEN          2
#define STO_MIPS_PROTECTED       3
#define STO_MIPS_PLT             8
#define STO_MIPS_SC_ALIGN_UNUSED 0xff

typedef struct {
	Elf32_Word l_name;
	Elf32_Word l_time_stamp;
	Elf32_Word l_checksum;
	Elf32_Word l_version;
	Elf32_Word l_flags;
} Elf32_Lib;

typedef struct {
	Elf32_Word ri_gprmask;
	Elf32_Word ri_cprmask[4];
	Elf32_Sword ri_gp_value;
} Elf32_RegInfo;

typedef union {
	struct {
		Elf32_Word gt_current_g_value;
		Elf32_Word gt_unused;
	} gt_header;
	struct {
		Elf32_Word gt_g_value;
		Elf32_Word gt_bytes;
	} gt_entry;
} Elf32_gptab;

typedef struct {
	Elf64_Word l_name;
	Elf64_Word l_time_stamp;
	Elf64_Word l_checksum;
	Elf64_Word l_version;
	Elf64_Word l_flags;
} Elf64_Lib;

typedef struct {
	Elf32_Half version;
	unsigned char isa_level;
	unsigned char isa_rev;
	unsigned char gpr_size;
	unsigned char cpr1_size;
	unsigned char cpr2_size;
	unsigned char fp_abi;
	Elf32_Word isa_ext;
	Elf32_Word ases;
	Elf32_Word flags1;
	Elf32_Word flags2;
} Elf_MIPS_ABIFlags_v0;

typedef struct {
	unsigned char kind;
	unsigned char size;
	Elf32_Section section;
	Elf32_Word info;
} Elf_Options;

typedef struct {
	Elf32_Word hwp_flags1;
	Elf32_Word hwp_flags2;
} Elf_Options_Hw;

typedef Elf32_Addr Elf32_Conflict;

/* Values of the attribute Tag_GNU_MIPS_ABI_FP */
enum {
	Val_GNU_MIPS_ABI_FP_ANY = 0,
	Val_GNU_MIPS_ABI_FP_DOUBLE = 1,
	Val_GNU_MIPS_ABI_FP_SINGLE = 2,
	Val_GNU_MIPS_ABI_FP_SOFT = 3,
	Val_GNU_MIPS_ABI_FP_OLD_64 = 4,
	Val_GNU_MIPS_ABI_FP_XX = 5,
	Val_GNU_MIPS_ABI_FP_64 = 6,
	Val_GNU_MIPS_ABI_FP_64A = 7,
	Val_GNU_MIPS_ABI_FP_MAX = 7
};
