//! `<setjmp.h>`.

pub mod abi;
