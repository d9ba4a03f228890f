#ifndef _SCHED_H
#define _SCHED_H

/* POSIX.1-2024 <sched.h> */

#include <features.h>

#define __NEED_struct_timespec
#define __NEED_pid_t
#define __NEED_time_t
#if _XLIBC_GNU
#define __NEED_size_t
#endif
#include <bits/alltypes.h>

_XLIBC_BEGIN

struct sched_param {
	int sched_priority;
	int __reserved1;
	struct {
		time_t __reserved1;
		long __reserved2;
	} __reserved2[2];
	int __reserved3;
};

#define SCHED_OTHER    0
#define SCHED_FIFO     1
#define SCHED_RR       2
#define SCHED_BATCH    3
#define SCHED_IDLE     5
#define SCHED_DEADLINE 6
#define SCHED_RESET_ON_FORK 0x40000000

int sched_get_priority_max(int);
int sched_get_priority_min(int);
int sched_yield(void);

#if _XLIBC_GNU
#define CSIGNAL              0xff
#define CLONE_NEWTIME        0x80
#define CLONE_VM             0x100
#define CLONE_FS             0x200
#define CLONE_FILES          0x400
#define CLONE_SIGHAND        0x800
#define CLONE_PIDFD          0x1000
#define CLONE_PTRACE         0x2000
#define CLONE_VFORK          0x4000
#define CLONE_PARENT         0x8000
#define CLONE_THREAD         0x10000
#define CLONE_NEWNS          0x20000
#define CLONE_SYSVSEM        0x40000
#define CLONE_SETTLS         0x80000
#define CLONE_PARENT_SETTID  0x100000
#define CLONE_CHILD_CLEARTID 0x200000
#define CLONE_DETACHED       0x400000
#define CLONE_UNTRACED       0x800000
#define CLONE_CHILD_SETTID   0x1000000
#define CLONE_NEWCGROUP      0x2000000
#define CLONE_NEWUTS         0x4000000
#define CLONE_NEWIPC         0x8000000
#define CLONE_NEWUSER        0x10000000
#define CLONE_NEWPID         0x20000000
#define CLONE_NEWNET         0x40000000
#define CLONE_IO             0x80000000

#define CPU_SETSIZE 1024

typedef struct cpu_set_t {
	unsigned long __bits[CPU_SETSIZE / 64];
} cpu_set_t;

void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);
void *calloc(size_t, size_t);
void free(void *);

/* Sets of CPUs, in words of 64; a CPU beyond the size is in no set. The library cannot bind threads to CPUs yet. */
#define CPU_ALLOC_SIZE(n) (((n) + 63UL) / 64 * 8)
#define CPU_ALLOC(n) ((cpu_set_t *)calloc(1, CPU_ALLOC_SIZE(n)))
#define CPU_FREE(set) free(set)

#define __CPU_BIT(i, size, set, op) \
	((i) / 8U >= (size) ? 0 : (((unsigned long *)(set))[(i) / 64U] op (1UL << (i) % 64U)))
#define CPU_SET_S(i, size, set) ((void)__CPU_BIT(i, size, set, |=))
#define CPU_CLR_S(i, size, set) ((void)__CPU_BIT(i, size, set, &= ~))
#define CPU_ISSET_S(i, size, set) (__CPU_BIT(i, size, set, &) != 0)
#define CPU_ZERO_S(size, set) ((void)memset((set), 0, (size)))
#define CPU_EQUAL_S(size, a, b) (memcmp((a), (b), (size)) == 0)

static __inline int __cpu_count(size_t __size, const cpu_set_t *__set)
{
	int __count = 0;
	for (size_t __i = 0; __i < __size / 8; __i++)
		__count += __builtin_popcountl(((const unsigned long *)__set)[__i]);
	return __count;
}
#define CPU_COUNT_S(size, set) __cpu_count((size), (set))

#define __CPU_WORDS(name, op) \
	static __inline void name(size_t __size, cpu_set_t *__to, const cpu_set_t *__a, const cpu_set_t *__b) \
	{ \
		for (size_t __i = 0; __i < __size / 8; __i++) \
			((unsigned long *)__to)[__i] = \
				((const unsigned long *)__a)[__i] op ((const unsigned long *)__b)[__i]; \
	}
__CPU_WORDS(__CPU_AND_S, &)
__CPU_WORDS(__CPU_OR_S, |)
__CPU_WORDS(__CPU_XOR_S, ^)
#undef __CPU_WORDS
#define CPU_AND_S(size, to, a, b) __CPU_AND_S(size, to, a, b)
#define CPU_OR_S(size, to, a, b) __CPU_OR_S(size, to, a, b)
#define CPU_XOR_S(size, to, a, b) __CPU_XOR_S(size, to, a, b)

#define CPU_SET(i, set) CPU_SET_S(i, sizeof(cpu_set_t), set)
#define CPU_CLR(i, set) CPU_CLR_S(i, sizeof(cpu_set_t), set)
#define CPU_ISSET(i, set) CPU_ISSET_S(i, sizeof(cpu_set_t), set)
#define CPU_ZERO(set) CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_EQUAL(a, b) CPU_EQUAL_S(sizeof(cpu_set_t), a, b)
#define CPU_COUNT(set) CPU_COUNT_S(sizeof(cpu_set_t), set)
#define CPU_AND(to, a, b) CPU_AND_S(sizeof(cpu_set_t), to, a, b)
#define CPU_OR(to, a, b) CPU_OR_S(sizeof(cpu_set_t), to, a, b)
#define CPU_XOR(to, a, b) CPU_XOR_S(sizeof(cpu_set_t), to, a, b)
#endif

_XLIBC_END

#endif
