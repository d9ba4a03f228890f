#include "../check.h"

#include <fenv.h>
#include <float.h>
#include <pthread.h>

static int mode;
static volatile long double one = 1;
static long double sum;

static void *look(void *unused)
{
	mode = fegetround();
	sum = one + LDBL_EPSILON;
	return unused;
}

/* POSIX.1-2024 pthread_create: a thread starts with the floating-point environment of the thread that made it. */
TEST(fenv_is_inherited)
{
	pthread_t thread;
	fesetround(FE_UPWARD);
	EQ(pthread_create(&thread, NULL, look, NULL), 0);
	fesetround(FE_TONEAREST);
	EQ(pthread_join(thread, NULL), 0);
	EQ(mode, FE_UPWARD);
}

TEST(long_double_has_its_precision)
{
	pthread_t thread;
	look(NULL);
	IS(sum > 1);
	sum = 0;
	EQ(pthread_create(&thread, NULL, look, NULL), 0);
	EQ(pthread_join(thread, NULL), 0);
	IS(sum > 1);
}
