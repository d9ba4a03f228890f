// flags: -O2 -D_FORTIFY_SOURCE=3 -DLEVEL=3
// has: xlibc: buffer overflow detected
// has: all is checked at level 3
// except peers: their checks are not ours
#include "fortified/cases.h"
