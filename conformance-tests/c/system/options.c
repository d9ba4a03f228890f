#define _GNU_SOURCE
#include "../check.h"
#include <unistd.h>

/* An option of <unistd.h> is one that sysconf() knows, with the same value, and the other way round. */
#define OPTION(name) {"_POSIX_" #name, TEXT_OF(_POSIX_##name), _SC_##name}
#define TEXT_OF(value) TEXT_AS_IS(value)
#define TEXT_AS_IS(value) #value

/* The text of what is no macro is its own name. */
static const struct { const char *name, *text; int key; } options[] = {
	OPTION(ADVISORY_INFO), OPTION(ASYNCHRONOUS_IO), OPTION(BARRIERS), OPTION(CLOCK_SELECTION), OPTION(CPUTIME),
	OPTION(FSYNC), OPTION(IPV6), OPTION(JOB_CONTROL), OPTION(MAPPED_FILES), OPTION(MEMLOCK), OPTION(MEMLOCK_RANGE),
	OPTION(MEMORY_PROTECTION), OPTION(MESSAGE_PASSING), OPTION(MONOTONIC_CLOCK), OPTION(RAW_SOCKETS),
	OPTION(READER_WRITER_LOCKS), OPTION(REALTIME_SIGNALS), OPTION(REGEXP), OPTION(SAVED_IDS), OPTION(SEMAPHORES),
	OPTION(SHARED_MEMORY_OBJECTS), OPTION(SHELL), OPTION(SPAWN), OPTION(SPIN_LOCKS), OPTION(THREADS),
	OPTION(THREAD_ATTR_STACKADDR), OPTION(THREAD_ATTR_STACKSIZE), OPTION(THREAD_CPUTIME),
	OPTION(THREAD_PRIORITY_SCHEDULING), OPTION(THREAD_PROCESS_SHARED), OPTION(THREAD_SAFE_FUNCTIONS), OPTION(TIMEOUTS),
	OPTION(TIMERS), OPTION(VERSION),
};

TEST(options_are_what_sysconf_says)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		int announced = strcmp(options[i].text, options[i].name) != 0;
		if (announced != (sysconf(options[i].key) > 0)) {
			fail(__FILE__, __LINE__, options[i].name);
			fprintf(stderr, " is %s in the header, %ld at run time\n", options[i].text, sysconf(options[i].key));
		}
	}
	EQ(sysconf(_SC_VERSION), _POSIX_VERSION);
	EQ(sysconf(_SC_XOPEN_VERSION), _XOPEN_VERSION);
}
