//! `<dlfcn.h>`, `<link.h>`.

pub mod abi;
