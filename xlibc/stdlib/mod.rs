//! `<stdlib.h>` without memory, `<getopt.h>`, `<libgen.h>`.

pub mod abi;
mod feedback;
pub mod file_names;
pub mod numbers;
mod options;
