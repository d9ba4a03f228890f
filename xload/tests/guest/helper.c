#include "xload.h"
__attribute__((constructor)) static void begin(void) { say_line("helper begins"); }
int helper(void) { return 20; }
