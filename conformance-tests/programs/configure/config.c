#include "config.h"

#include <math.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	(void)argv;
	return printf("configured: %d\n", SIZE) < 0 || sqrt(argc) != 1;
}
