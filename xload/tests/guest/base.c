/* The library under all others: `exit` as a C library has it, and a trace of what runs when. */
#include "xload.h"
char trace[64];
static int used;
void note(char letter) { trace[used++] = letter; }
__attribute__((constructor)) static void begin(void) { note('b'); }
__attribute__((destructor)) static void end(void) { say_line("base ends"); }
int base_value = 7;
int shared_object[3] = {1, 2, 3};
_Noreturn void exit(int code) {
    say_line(trace);
    xload_exit(code);
}
int who(void) { return 'b'; }
int base_who(void) { return who(); }
