// report: xload: SIGSEGV, stack overflow
// report: xload:    1  stack_overflow_on_thread+0x
// report: (deeper+0x
// report: xload:       ...
// exit: signal 11
#include <pthread.h>

static volatile int endless = 1;

static int deeper(int depth)
{
	volatile char frame[1000];
	frame[0] = (char)depth;
	return endless ? deeper(depth + 1) + frame[0] : 0;
}

static void *run(void *argument)
{
	return (char *)argument + deeper(0);
}

int main(void)
{
	pthread_t thread;
	pthread_create(&thread, 0, run, 0);
	return pthread_join(thread, 0);
}
