// has: xlibc: pthread_once: called again by the function that it runs
// exit: signal 6
// except peers: undefined, they wait for ever; docs/undefined.md
#include <pthread.h>

static pthread_once_t outer = PTHREAD_ONCE_INIT, inner = PTHREAD_ONCE_INIT;

static void innermost(void);
static void runs_another(void) { pthread_once(&inner, innermost); }
static void innermost(void) { pthread_once(&outer, runs_another); }

int main(void)
{
	pthread_once(&outer, runs_another);
}
