// libraries: bottom
// out: bottom begins
// out: the program's
// out: bottom ends
#include <stdio.h>

/* The program's definition comes before those of its libraries. */
void bottom(void);
extern int bottom_value;
int main(void)
{
	void (*volatile call)(void) = bottom;
	call();
	return bottom_value - 2;
}
void bottom(void) { puts("the program's"); }
