// report: xload:    0  fault_on_thread+0x
// report: (break_down+0x
// report: xload:    1  fault_on_thread+0x
// report: (run+0x
// exit: signal 11
#include <pthread.h>

static volatile int *volatile nowhere;

__attribute__((noinline)) static int break_down(int value)
{
	*nowhere = value;
	return value + 1;
}

static void *run(void *argument)
{
	return (char *)argument + break_down(1);
}

int main(void)
{
	pthread_t thread;
	pthread_create(&thread, 0, run, 0);
	return pthread_join(thread, 0);
}
