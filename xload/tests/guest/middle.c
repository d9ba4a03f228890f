/* Uses the base; defines what the program and others override or not. */
#include "xload.h"
void note(char letter);
extern int base_value, shared_object[3];
int weak_thing(void) __attribute__((weak));
__attribute__((constructor)) static void begin(void) { note('m'); }
__attribute__((destructor)) static void end(void) { say_line("middle ends"); }
__attribute__((visibility("protected"))) int protected_who(void) { return 'm'; }
int middle_protected(void) { return protected_who(); }
int middle_weak(void) { return weak_thing ? 1 : 0; }
int *middle_pointer(void) { return &shared_object[1]; }
int middle_sum(void) { return base_value + shared_object[2]; }
static int chosen(void) { return 'i'; }
static int (*choose(void))(void) { return chosen; }
int indirect(void) __attribute__((ifunc("choose")));
