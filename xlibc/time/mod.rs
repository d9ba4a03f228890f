//! `<time.h>`.
