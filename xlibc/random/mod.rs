//! `<sys/random.h>`.

pub mod abi;
