// Opened by dl.cpp: opens another library, whose name has no folder.
#include <dlfcn.h>

extern "C" void *opener_open(const char *name)
{
    // Volatile, so that the call is not a jump, which would come from the program.
    void *volatile found = dlopen(name, RTLD_NOW);
    return found;
}
