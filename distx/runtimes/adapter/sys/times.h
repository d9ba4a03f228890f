// Processor time of the whole process, as far as `clock` tells it.
#pragma once
#include <time.h>

struct tms {
	clock_t tms_utime, tms_stime, tms_cutime, tms_cstime;
};

static inline clock_t times(struct tms *spent)
{
	*spent = (struct tms){};
	spent->tms_utime = clock();
	return spent->tms_utime;
}
