/* Faults of the processor as signals: what a handler finds, what the interrupted code finds again. */
#define _GNU_SOURCE
#include "../check.h"
#include "../child.h"
#include "../on_thread.h"
#include <fcntl.h>
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 65536 };

static sigjmp_buf back;
static volatile int seen, code;
static void *volatile address;

static void handle(int number, void (*handler)(int, siginfo_t *, void *), struct sigaction *before)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO};
	action.sa_sigaction = handler;
	sigemptyset(&action.sa_mask);
	EQ(sigaction(number, &action, before), 0);
}

static void *closed_page(void)
{
	void *page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	IS(page != MAP_FAILED);
	return page;
}

/* The page that was touched. */
static void open_page(siginfo_t *info)
{
	size_t page = (size_t)getpagesize();
	mprotect((void *)((uintptr_t)info->si_addr & ~(page - 1)), page, PROT_READ | PROT_WRITE);
}

static void leaves(int number, siginfo_t *info, void *context)
{
	(void)context;
	seen = number;
	code = info->si_code;
	address = info->si_addr;
	siglongjmp(back, 1);
}

/* The signal that the statements cause, in `seen`, with its code and address. */
#define CAUSE(number, statements) do { \
		struct sigaction before; \
		handle(number, leaves, &before); \
		seen = code = 0; \
		if (sigsetjmp(back, 1) == 0) { statements; } \
		sigaction(number, &before, NULL); \
	} while (0)

static volatile int rounding;

static void rounds_downward(int number, siginfo_t *info, void *context)
{
	(void)context;
	rounding = fegetround();
	fesetround(FE_DOWNWARD);
	feraiseexcept(FE_INVALID);
	if (number == SIGSEGV)
		open_page(info);
}

/* The interrupted code goes on in its own floating-point environment; on x86_64 the handler has one of its own, too. */
TEST(the_floating_point_environment_of_a_handler_is_its_own)
{
	struct sigaction user, fault;
	volatile char *page = closed_page();
	handle(SIGUSR1, rounds_downward, &user);
	handle(SIGSEGV, rounds_downward, &fault);
	EQ(fesetround(FE_UPWARD), 0);
	for (int round = 0; round < 2; round++) {
		feclearexcept(FE_ALL_EXCEPT);
		rounding = -1;
		if (round == 0)
			EQ(raise(SIGUSR1), 0);
		else
			*page = 1;
#if defined __x86_64__
		EQ(rounding, FE_TONEAREST);
#endif
		EQ(fegetround(), FE_UPWARD);
		EQ(fetestexcept(FE_ALL_EXCEPT), 0);
	}
	fesetround(FE_TONEAREST);
	sigaction(SIGUSR1, &user, NULL);
	sigaction(SIGSEGV, &fault, NULL);
	munmap((void *)page, PAGE);
}

#if defined __x86_64__
static int has_avx(void)
{
	unsigned a = 1, b, c = 0, d, low, high;
	__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	if ((c >> 27 & 3) != 3)
		return 0;
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (low & 6) == 6;
}
#endif

static void repairs_and_spoils(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	open_page(info);
#if defined __x86_64__
	if (has_avx())
		__asm__ volatile("vzeroall" ::: "memory");
	__asm__ volatile("fninit; fldz; fldz; fldz; fninit; xorps %%xmm0, %%xmm0; xorps %%xmm15, %%xmm15" ::: "xmm0", "xmm15", "memory");
#else
	__asm__ volatile("movi v0.2d, #0\n movi v9.2d, #0\n movi v31.2d, #0" ::: "v0", "v9", "v31");
#endif
}

TEST(every_register_lives_through_a_fault)
{
	struct sigaction before;
	char *page = closed_page();
	unsigned char in[32], out[4][32];
	for (int at = 0; at < 32; at++)
		in[at] = (unsigned char)(at * 7 + 1);
	handle(SIGSEGV, repairs_and_spoils, &before);
	memset(out, 0, sizeof out);
#if defined __x86_64__
	long double pi = 0, one = 0;
	unsigned long registers[4] = {0};
	if (has_avx()) {
		__asm__ volatile(
			"vmovdqu (%1), %%ymm0\n vmovdqu (%1), %%ymm7\n vmovdqu (%1), %%ymm15\n fld1\n fldpi\n movl $1, (%2)\n"
			"vmovdqu %%ymm0, (%0)\n vmovdqu %%ymm7, 32(%0)\n vmovdqu %%ymm15, 64(%0)\n fstpt (%3)\n fstpt (%4)\n vzeroupper"
			:: "r"(out), "r"(in), "r"(page), "r"(&pi), "r"(&one) : "xmm0", "xmm7", "xmm15", "memory");
		IS(memcmp(out[0], in, 32) == 0 && memcmp(out[1], in, 32) == 0 && memcmp(out[2], in, 32) == 0);
		IS(pi == 3.14159265358979323846264338327950288L && one == 1);
	}
	mprotect(page, PAGE, PROT_NONE);
	__asm__ volatile(
		"movups (%1), %%xmm0\n movups 16(%1), %%xmm15\n fld1\n fldpi\n mov $0x1122334455667788, %%r11\n mov %%r11, %%rcx\n not %%rcx\n"
		"std\n movl $1, (%2)\n pushfq\n cld\n pop %%rax\n"
		"mov %%rax, (%5)\n mov %%rcx, 8(%5)\n mov %%r11, 16(%5)\n movups %%xmm0, (%0)\n movups %%xmm15, 16(%0)\n fstpt (%3)\n fstpt (%4)"
		:: "r"(out), "r"(in), "r"(page), "r"(&pi), "r"(&one), "r"(registers) : "rax", "rcx", "r11", "xmm0", "xmm15", "memory", "cc");
	IS(memcmp(out[0], in, 32) == 0);
	IS(pi == 3.14159265358979323846264338327950288L && one == 1);
	/* The direction flag among the flags. */
	IS((registers[0] & 0x400) != 0 && registers[1] == ~0x1122334455667788ul && registers[2] == 0x1122334455667788ul);
#else
	__asm__ volatile(
		"ldr q0, [%1]\n ldr q9, [%1, 16]\n ldr q31, [%1]\n str wzr, [%2]\n str q0, [%0]\n str q9, [%0, 16]\n str q31, [%0, 32]"
		:: "r"(out), "r"(in), "r"(page) : "v0", "v9", "v31", "memory");
	IS(memcmp(out[0], in, 32) == 0 && memcmp(out[1], in, 16) == 0);
#endif
	sigaction(SIGSEGV, &before, NULL);
	munmap(page, PAGE);
}

static char *volatile inner;
static uintptr_t volatile depth;

__attribute__((noinline)) static void faults_again(int number, siginfo_t *info, void *context)
{
	(void)number, (void)info, (void)context;
#if defined __x86_64__
	__asm__ volatile("ud2");
#else
	__asm__ volatile("udf #0");
#endif
}

static void jumps_out(int number, siginfo_t *info, void *context)
{
	volatile char here;
	(void)info, (void)context;
	seen = number;
	depth = (uintptr_t)&here;
	siglongjmp(back, 1);
}

TEST(jumps_out_of_nested_faults_leave_nothing_behind)
{
	struct sigaction segv, ill;
	inner = closed_page();
	handle(SIGSEGV, faults_again, &segv);
	handle(SIGILL, jumps_out, &ill);
	uintptr_t volatile first = 0;
	for (volatile int round = 0; round < 1000; round++) {
		seen = 0;
		if (sigsetjmp(back, 1) == 0)
			inner[round] = 1;
		if (seen != SIGILL) {
			fail(__FILE__, __LINE__, "no fault inside the handler\n");
			break;
		}
		if (round == 0)
			first = depth;
		IS(depth == first);
	}
	sigset_t mask;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	IS(!sigismember(&mask, SIGSEGV) && !sigismember(&mask, SIGILL));
	sigaction(SIGSEGV, &segv, NULL);
	sigaction(SIGILL, &ill, NULL);
	munmap(inner, PAGE);
}

static void repairs(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	open_page(info);
}

static void *faults_often(void *result)
{
	volatile unsigned *page = closed_page();
	for (unsigned round = 1; round <= 200; round++) {
		mprotect((void *)page, PAGE, PROT_NONE);
		page[round] = round;
		*(volatile unsigned *)result += page[round] == round;
	}
	munmap((void *)page, PAGE);
	return result;
}

TEST(threads_fault_at_once)
{
	enum { THREADS = 4 };
	struct sigaction before;
	pthread_t threads[THREADS];
	unsigned results[THREADS] = {0};
	handle(SIGSEGV, repairs, &before);
	for (int at = 0; at < THREADS; at++)
		EQ(pthread_create(&threads[at], NULL, faults_often, &results[at]), 0);
	for (int at = 0; at < THREADS; at++) {
		EQ(pthread_join(threads[at], NULL), 0);
		EQ(results[at], 200u);
	}
	sigaction(SIGSEGV, &before, NULL);
}

TEST(codes_tell_the_kinds_of_a_bad_access)
{
	char *page = closed_page();
	CAUSE(SIGSEGV, *(volatile char *)(page + 10) = 1);
	IS(seen == SIGSEGV && code == SEGV_ACCERR && address == page + 10);
	mprotect(page, PAGE, PROT_READ);
	CAUSE(SIGSEGV, *(volatile char *)(page + 20) = 1);
	IS(seen == SIGSEGV && code == SEGV_ACCERR && address == page + 20);
	munmap(page, PAGE);
	CAUSE(SIGSEGV, *(volatile char *)(page + 30));
	IS(seen == SIGSEGV && code == SEGV_MAPERR && address == page + 30);
	CAUSE(SIGSEGV, ((void (*)(void))(page + 40))());
	IS(seen == SIGSEGV && address == page + 40);
#if defined __x86_64__
	CAUSE(SIGSEGV, *(volatile char *)0x8000000000000000);
	IS(seen == SIGSEGV && code == SI_KERNEL && address == NULL);
#endif
	volatile int marker = 0;
	CAUSE(SIGILL, marker = 1; faults_again(0, NULL, NULL));
	IS(marker == 1 && seen == SIGILL && code == ILL_ILLOPN);
	IS((uintptr_t)address - (uintptr_t)faults_again < 64);
}

TEST(codes_tell_the_kinds_of_an_arithmetic_fault)
{
#if defined __x86_64__
	volatile int zero = 0, seven = 7, least = -2147483647 - 1, minus = -1, result = 0;
	volatile float zero_float = 0, one = 1, tiny = 1e-45f, huge = 3e38f, sum;
	CAUSE(SIGFPE, result = seven / zero);
	IS(seen == SIGFPE && code == FPE_INTDIV);
	CAUSE(SIGFPE, result = seven % zero);
	IS(seen == SIGFPE && code == FPE_INTDIV);
	CAUSE(SIGFPE, result = least / minus);
	IS(seen == SIGFPE && code == FPE_INTDIV && result == 0);
	/* Bits 7 to 12 mask invalid, denormal, division, overflow, underflow, inexact. */
	static const struct { unsigned mask; int code; } kinds[] = {
		{0x80, FPE_FLTINV}, {0x200, FPE_FLTDIV}, {0x400, FPE_FLTOVF}, {0x800, FPE_FLTUND}, {0x1000, FPE_FLTRES}, {0x100, FPE_FLTUND},
	};
	for (volatile int at = 0; at < 6; at++) {
		unsigned modes = 0x1f80 & ~kinds[at].mask;
		CAUSE(SIGFPE,
			__asm__ volatile("ldmxcsr %0" :: "m"(modes));
			sum = at == 0 ? zero_float / zero_float : at == 1 ? one / zero_float : at == 2 ? huge * huge
				: at == 3 ? 1e-30f * (float)(one / huge) : at == 4 ? one / 3 : tiny * one);
		modes = 0x1f80;
		__asm__ volatile("ldmxcsr %0" :: "m"(modes));
		EQ(seen, SIGFPE);
		EQ(code, kinds[at].code);
	}
	(void)sum;
	unsigned short control = 0x37f & ~4;
	CAUSE(SIGFPE, __asm__ volatile("fldcw %0; fld1; fldz; fdivrp; fwait" :: "m"(control)));
	__asm__ volatile("fninit");
	IS(seen == SIGFPE && code == FPE_FLTDIV);
#endif
}

TEST(a_mapping_past_the_end_of_its_file_is_SIGBUS)
{
	EXCEPT_ON(windows, "no mapping reaches past the end, and a mapped file is not shortened") {
		char name[] = "/tmp/busXXXXXX";
		int fd = mkstemp(name);
		EQ(unlink(name), 0);
		EQ(ftruncate(fd, 2 * PAGE), 0);
		char *map = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		IS(map != MAP_FAILED);
		map[PAGE] = 1;
		EQ(ftruncate(fd, PAGE), 0);
		CAUSE(SIGBUS, *(volatile char *)(map + PAGE + 100));
		IS(seen == SIGBUS && code == BUS_ADRERR && address == map + PAGE + 100);
		munmap(map, 2 * PAGE);
		close(fd);
	}
}

/* The host's requests answer EFAULT for memory that is not there: no signal. */
TEST(a_request_with_a_bad_address_is_an_error_and_no_fault)
{
	struct sigaction before;
	char *page = closed_page();
	int pipes[2];
	EQ(pipe(pipes), 0);
	EQ(write(pipes[1], "abc", 3), 3);
	handle(SIGSEGV, leaves, &before);
	seen = 0;
	if (sigsetjmp(back, 1) == 0) {
		EQ_ERRNO(write(pipes[1], page, 3), -1, EFAULT);
		EQ_ERRNO(read(pipes[0], page, 3), -1, EFAULT);
		static const char *const files[] = {"/dev/zero", "/dev/urandom"};
		for (int at = 0; at < 2; at++) {
			int fd = open(files[at], O_RDONLY);
			IS(fd >= 0);
			EQ_ERRNO(read(fd, page, 10), -1, EFAULT);
			close(fd);
		}
		EQ_ERRNO(getentropy(page, 10), -1, EFAULT);
		/* Some hosts write what is there, and say so. */
		struct iovec pieces[] = {{(char[]){"de"}, 2}, {page, 3}};
		errno = 0;
		ssize_t done = writev(pipes[1], pieces, 2);
		IS(done == 2 || (done == -1 && errno == EFAULT));
	}
	EQ(seen, 0);
	char bytes[3];
	EQ(read(pipes[0], bytes, 3), 3);
	sigaction(SIGSEGV, &before, NULL);
	close(pipes[0]);
	close(pipes[1]);
	munmap(page, PAGE);
}

static volatile int endless = 1;

static int recurses(volatile char *above)
{
	volatile char some[200];
	some[0] = above[0];
	return endless ? recurses(some) + some[0] : 0;
}

__attribute__((noinline)) static int uses_much(void)
{
	/* More than any stack here has. */
	volatile char much[100 << 20];
	much[0] = (char)endless;
	return much[endless];
}

static void *overflows(void *how)
{
	char first = 1;
	return (void *)(intptr_t)(*(char *)how == 'r' ? recurses(&first) : uses_much());
}

CHILD(overflow)
{
	(void)argc;
	/* A loader may report it. */
	close(STDERR_FILENO);
	/* A handler changes nothing: there is no stack for it. */
	if (argv[1][2] == 'h')
		signal(SIGSEGV, _exit);
	if (argv[1][1] == 't')
		in_thread(overflows, argv[1]);
	else
		overflows(argv[1]);
	return 0;
}

TEST(a_stack_overflow_ends_as_SIGSEGV_does)
{
	static const char *const ways[] = {"rm", "rt", "lm", "lt", "rmh", "rth", "lmh", "lth"};
	EXCEPT_ON(qemu, NO_CHILDREN)
	for (unsigned at = 0; at < sizeof ways / sizeof *ways; at++) {
		int status = child("overflow", ways[at]);
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSEGV) {
			fail(__FILE__, __LINE__, ways[at]);
			fprintf(stderr, ": %#x\n", (unsigned)status);
		}
	}
}
