//! `<sys/mman.h>`.

pub mod abi;
