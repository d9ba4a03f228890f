//! `<sys/random.h>`.
