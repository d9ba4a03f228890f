#include <stdio.h>

extern int bottom_value;
void bottom(void);
void middle(void) { bottom(); }
__attribute__((constructor(201))) static void second(void) { puts("middle begins again"); }
__attribute__((constructor(200))) static void first(void) { printf("middle begins after %d\n", bottom_value); }
__attribute__((destructor)) static void ends(void) { puts("middle ends"); }
