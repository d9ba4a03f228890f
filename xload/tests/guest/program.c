/* Checks what its references mean; prints the letters of what is wrong. */
#include "xload.h"
void note(char letter);
int base_who(void), middle_protected(void), middle_weak(void), middle_sum(void), *middle_pointer(void), indirect(void);
extern int shared_object[3];
int who(void) { return 'p'; }
int protected_who(void) { return 'p'; }
__attribute__((constructor)) static void begin(int argc, char **argv, char **envp) { note(argc == 2 && argv[1] && envp ? 'p' : '?'); }
__attribute__((destructor)) static void end(void) { say_line("program ends"); }
static int numbers[40];
int *const pointers[3] = {&numbers[1], &numbers[2], &numbers[39]};
int zeros[5000];
int main(int argc, char **argv) {
    if (base_who() != 'p') say("A");
    if (middle_protected() != 'm') say("B");
    if (middle_weak()) say("C");
    if (middle_sum() != 10) say("D");
    if (*middle_pointer() != 2 || middle_pointer() != &shared_object[1]) say("E");
    if (indirect() != 'i') say("F");
    for (int i = 0; i < 3; i++)
        if (pointers[i] < numbers || pointers[i] >= numbers + 40) say("G");
    for (int i = 0; i < 5000; i++)
        if (zeros[i]) { say("H"); break; }
    zeros[4999] = 1;
    return argc == 2 ? 3 : 4;
}
