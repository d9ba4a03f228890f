#include "xload.h"
int there_is_no_such_function(void);
int main(void) { return there_is_no_such_function(); }
