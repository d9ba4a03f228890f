//! `<dlfcn.h>`, `<link.h>`.
