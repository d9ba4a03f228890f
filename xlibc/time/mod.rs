//! `<time.h>`.

mod sleep;

pub use sleep::{sleep_c, sleep_for, sleep_until};
