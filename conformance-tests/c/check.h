/*
 * A test is TEST(name) { ... } in c/<header>/<function>.c; it prints nothing while it passes. Each header's tests are one
 * program. Build with -fno-builtin, so that the library answers and not the compiler.
 */
#ifndef CHECK_H
#define CHECK_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define TEST(name) void test_##name(void); void test_##name(void)

/* What the program does, and its exit code, when a test starts it again; argv[0] is the name, then what child.h's caller gave. */
#define CHILD(name) int child_##name(int argc, char **argv); int child_##name(int argc, char **argv)

extern int failures;
/* argv[0] */
extern const char *program_path;
/* As the runner names it. */
extern const char *host_name;

#define HOST_glibc 1
#define HOST_musl 2
#define HOST_xlibc 3
#ifndef HOST
#error the runner says -DHOST=HOST_glibc, HOST_musl or HOST_xlibc
#endif

/* The statement that follows is not for this host, for the reason given. */
#define EXCEPT(host, reason) if (HOST == HOST_##host) { (void)(reason); } else
/* The same where the standards leave the behaviour undefined: only our library has an answer that is tested. */
#define OURS EXCEPT(glibc, "undefined") EXCEPT(musl, "undefined")

/* The same for what lies below our library, where one file runs on all: windows, or qemu (linux-aarch64 is emulated here). */
#define ON_windows (strncmp(host_name, "windows", 7) == 0)
#define ON_qemu (strcmp(host_name, "linux-aarch64") == 0)
#define EXCEPT_ON(host, reason) if (ON_##host) { (void)(reason); } else

static inline int fail(const char *file, int line, const char *what)
{
	failures++;
	return fprintf(stderr, "%s:%d: %s", file, line, what);
}
/* What is shown comes by address, as a number of that size, so that one macro fits pointers and numbers of every type. */
static inline void show_number(const void *at, size_t size)
{
	long long value = 0;
	memcpy(&value, at, size < sizeof value ? size : sizeof value);
	int unused = size < sizeof value ? (int)(64 - 8 * size) : 0;
	value = (long long)((unsigned long long)value << unused) >> unused;
	fprintf(stderr, size == 8 && (value > 1 << 30 || value < -(1 << 30)) ? " is %#llx" : " is %lld", value);
}
static inline void show_double(const void *at, size_t size)
{
	float narrow;
	double value;
	long double wide;
	memcpy(&narrow, at, sizeof narrow);
	memcpy(&value, at, size < sizeof value ? sizeof narrow : sizeof value);
	memcpy(&wide, at, size);
	fprintf(stderr, " is %a", size == sizeof narrow ? narrow : size == sizeof value ? value : (double)wide);
}
static inline void show_text(const char *value) { fprintf(stderr, " is \"%s\"", value ? value : "(null)"); }
static inline void show_text_at(const void *at, size_t size)
{
	const char *value;
	memcpy(&value, at, size);
	show_text(value);
}

#define SHOW(value) _Generic((value), \
	char *: show_text_at, const char *: show_text_at, float: show_double, double: show_double, \
	long double: show_double, default: show_number)(&(value), sizeof(value))

/* The call gives the value and sets errno to this; 0: leaves it alone. */
#define EQ_ERRNO(call, value, number) \
	do { \
		errno = 0; \
		__auto_type got_ = (call); \
		int errno_ = errno; \
		if (!(got_ == (value))) { \
			fail(__FILE__, __LINE__, #call); \
			SHOW(got_); \
			fprintf(stderr, ", not %s\n", #value); \
		} \
		if (errno_ != (number)) { \
			fail(__FILE__, __LINE__, #call); \
			fprintf(stderr, ": errno is %d, not %d\n", errno_, (number)); \
		} \
	} while (0)

#define EQ(call, value) EQ_ERRNO(call, value, 0)

/* The call gives the value; what it does to errno is left open, as the standard has it. */
#define GIVES(call, value) \
	do { \
		__auto_type got_ = (call); \
		if (!(got_ == (value))) { \
			fail(__FILE__, __LINE__, #call); \
			SHOW(got_); \
			fprintf(stderr, ", not %s\n", #value); \
		} \
	} while (0)

#define IS(condition) \
	do { \
		if (!(condition)) { \
			fail(__FILE__, __LINE__, #condition "\n"); \
		} \
	} while (0)

/* Texts are equal. */
#define TEXT(call, value) \
	do { \
		errno = 0; \
		const char *got_ = (call); \
		int errno_ = errno; \
		if (got_ == NULL || strcmp(got_, (value)) != 0 || errno_ != 0) { \
			fail(__FILE__, __LINE__, #call); \
			show_text(got_); \
			fprintf(stderr, ", not \"%s\"; errno is %d\n", (value), errno_); \
		} \
	} while (0)

/* `length` bytes that end where readable memory ends: reading one more is a fault. */
static inline void *fence(size_t length)
{
	enum { PAGE = 65536 };
	static char *page;
	if (page == NULL) {
		page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED || mprotect(page + PAGE, PAGE, PROT_NONE) != 0) {
			fail(__FILE__, __LINE__, "no memory for a fence\n");
			return NULL;
		}
	}
	return page + PAGE - length;
}

/* A copy of the text at the fence. */
static inline char *fenced(const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(fence(size), text, size);
}

static inline int sign(int value)
{
	return (value > 0) - (value < 0);
}

#endif
