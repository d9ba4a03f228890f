//! `<ctype.h>`, `<wctype.h>`.
