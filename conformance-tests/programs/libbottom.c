#include <stdio.h>

int bottom_value = 1;
void bottom(void) { puts("bottom is called"); }
__attribute__((constructor)) static void begins(void) { puts("bottom begins"); bottom_value = 2; }
__attribute__((destructor)) static void ends(void) { puts("bottom ends"); }
