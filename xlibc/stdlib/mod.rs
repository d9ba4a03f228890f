//! `<stdlib.h>` without memory, `<getopt.h>`, `<libgen.h>`.
