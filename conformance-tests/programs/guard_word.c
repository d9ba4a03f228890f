// What objects for Linux that were compiled by another compiler read on x86_64: the guard at fs:0x28.
// out: one guard for all threads
// except peers: musl has its zero byte elsewhere
// except windows: the word belongs to the system, docs/hosts.md
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

static uintptr_t guard(void)
{
#if defined(__x86_64__)
	uintptr_t word;
	__asm__("mov %%fs:0x28, %0" : "=r"(word));
	return word;
#else
	extern const uintptr_t __stack_chk_guard;
	return __stack_chk_guard;
#endif
}

static void *read_guard(void *word)
{
	*(uintptr_t *)word = guard();
	return NULL;
}

int main(void)
{
	uintptr_t word = 0;
	pthread_t thread;
	if (pthread_create(&thread, NULL, read_guard, &word) != 0 || pthread_join(thread, NULL) != 0)
		return 1;
	puts(word == guard() && word != 0 && (word & 0xff) == 0 ? "one guard for all threads" : "different guards");
	return 0;
}
