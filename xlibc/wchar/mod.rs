//! `<wchar.h>` without its I/O, `<uchar.h>`.
