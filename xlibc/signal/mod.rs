//! `<signal.h>`.
