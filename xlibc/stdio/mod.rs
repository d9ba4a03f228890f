//! `<stdio.h>`, the I/O of `<wchar.h>`, `<err.h>`.
