// flags: -O2 -D_FORTIFY_SOURCE=1 -DLEVEL=1
// has: xlibc: buffer overflow detected
// has: all is checked at level 1
// except peers: their checks are not ours
#include "fortified/cases.h"
