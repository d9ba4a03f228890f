//! `<stdlib.h>` without memory, `<getopt.h>`, `<libgen.h>`.

pub mod abi;
pub mod abi_names;
pub mod abi_options;
pub mod abi_random;
mod feedback;
pub mod names;
pub mod numbers;
mod options;
