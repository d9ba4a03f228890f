// flags: -O2 -D_FORTIFY_SOURCE=2 -DLEVEL=2
// has: xlibc: buffer overflow detected
// has: all is checked at level 2
// except peers: their checks are not ours
#include "fortified/cases.h"
