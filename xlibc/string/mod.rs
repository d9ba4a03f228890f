//! `<string.h>`, `<strings.h>`.
