/* Opened at run time. */
#include "xload.h"
void note(char letter);
int helper(void);
__attribute__((constructor)) static void begin(void) { say_line("plugin begins"); }
__attribute__((destructor)) static void end(void) { say_line("plugin ends"); }
int plugin_value(void) { return helper() + 1; }
