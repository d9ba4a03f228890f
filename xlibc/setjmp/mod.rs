//! `<setjmp.h>`.
